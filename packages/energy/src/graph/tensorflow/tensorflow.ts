import { patchNode, tensorflowWasmFolder } from '#platform';
import { BraggscapeError } from '@braggscape/core';
import type * as Core from '@tensorflow/tfjs-core';
import type * as Converter from '@tensorflow/tfjs-converter';

/** Backends a graph can be evaluated on; `auto` takes the fastest that is there. */
export const backends = ['auto', 'wasm', 'cpu', 'node', 'node-gpu', 'webgpu'] as const;
export type Backend = (typeof backends)[number];

/** What is used of TensorFlow.js. */
export interface Tensorflow {
  readonly core: typeof Core;
  readonly loadGraphModel: typeof Converter.loadGraphModel;
  /** Name of the backend in TensorFlow.js. */
  readonly backend: string;
}

/** Packages that a user installs for the backends that do not come along. */
const optional = { node: '@tensorflow/tfjs-node', 'node-gpu': '@tensorflow/tfjs-node-gpu', webgpu: '@tensorflow/tfjs-backend-webgpu' } as const;

/**
 * TensorFlow.js with a backend, imported when it is first needed.
 * @throws BraggscapeError `backend.unavailable` with what to install
 */
export async function prepareTensorflow(backend: Exclude<Backend, 'auto'>): Promise<Tensorflow> {
  if (backend === 'node' || backend === 'node-gpu') {
    patchNode();
    const module = (await importOptional(backend)) as typeof Core & typeof Converter;
    return { core: module, loadGraphModel: module.loadGraphModel, backend: 'tensorflow' };
  }
  const [core, { loadGraphModel }] = await Promise.all([import('@tensorflow/tfjs-core'), import('@tensorflow/tfjs-converter')]);
  if (backend === 'wasm') {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    const folder = tensorflowWasmFolder();
    if (folder !== undefined) setWasmPaths(folder);
  } else if (backend === 'cpu') await import('@tensorflow/tfjs-backend-cpu');
  else await importOptional('webgpu');
  // Production mode: no advice on the console, no checks of every operation.
  core.enableProdMode();
  const ready = await core.setBackend(backend).catch(() => false);
  if (!ready) {
    throw new BraggscapeError('backend.unavailable', `the backend "${backend}" does not start here`, { hint: 'choose another with --backend; wasm and cpu always work' });
  }
  await core.ready();
  return { core, loadGraphModel, backend };
}

async function importOptional(backend: keyof typeof optional): Promise<unknown> {
  const name = optional[backend];
  try {
    return await import(name);
  } catch (cause) {
    const missing = (cause as { code?: string }).code === 'ERR_MODULE_NOT_FOUND' || (cause as { code?: string }).code === 'MODULE_NOT_FOUND';
    throw new BraggscapeError('backend.unavailable', missing ? `the backend "${backend}" needs ${name}, which is not installed` : `${name} fails to load: ${(cause as Error).message}`, {
      hint: missing ? `npm install ${name}@4.22.0 beside braggscape, or choose another with --backend` : 'install it anew, or choose another with --backend',
      cause,
    });
  }
}
