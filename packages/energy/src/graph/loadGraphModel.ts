import { folderUrl, readBytes, shownUrl } from '#platform';
import { BraggscapeError, sha256 } from '@braggscape/core';
import type { GraphConstant, GraphModel, ModelJson } from './graphModel.js';
import { levelInputs, readSignature } from './potentialSignature.js';
import type { PotentialSignature } from './potentialSignature.js';

/** A potential's folder, read and checked. */
export interface LoadedModel {
  readonly model: GraphModel;
  readonly signature: PotentialSignature;
  /** Where it came from, for messages. */
  readonly place: string;
}

/**
 * Read a folder with `signature.json`, `model.json` and its shards, and check that they fit each other.
 *
 * @param folder a path, or a URL of files or of a server
 * @param base folder that a relative path starts from; the working directory if left out
 * @throws BraggscapeError `file.missing`, or `potential.invalid` that names the file and what is wrong with it
 */
export async function loadGraphModel(folder: string | URL, base?: string): Promise<LoadedModel> {
  const root = typeof folder === 'string' ? folderUrl(folder, base) : folder;
  const place = shownUrl(root);
  const at = (name: string): string => shownUrl(new URL(name, root));
  const fault = (name: string, message: string, hint: string, cause?: unknown): never => {
    throw new BraggscapeError('potential.invalid', message, { path: at(name), hint, cause });
  };
  const bytesOf = async (name: string): Promise<Uint8Array<ArrayBuffer>> => {
    const bytes = await readBytes(new URL(name, root));
    if (bytes === undefined) {
      throw new BraggscapeError('file.missing', 'a potential’s folder needs this file', { path: at(name), hint: 'a folder has signature.json, model.json and its shards' });
    }
    return bytes;
  };
  const json = async (name: string): Promise<{ data: unknown; bytes: Uint8Array<ArrayBuffer> }> => {
    const bytes = await bytesOf(name);
    try {
      return { data: JSON.parse(new TextDecoder().decode(bytes)) as unknown, bytes };
    } catch (cause) {
      return fault(name, `not JSON: ${(cause as Error).message}`, 'write the file anew', cause);
    }
  };
  const checkHash = async (name: string, bytes: Uint8Array): Promise<void> => {
    const expected = signature.files[name];
    if (expected !== undefined && (await sha256(bytes)) !== expected) fault(name, 'the file is not the one that the signature was made for: its SHA-256 differs', 'fetch the folder anew');
  };

  const signature = readSignature((await json('signature.json')).data, at('signature.json'));
  const { data, bytes } = await json('model.json');
  await checkHash('model.json', bytes);
  const model = data as ModelJson;
  if (!Array.isArray((model as Partial<ModelJson> | null)?.modelTopology?.node) || !Array.isArray(model.weightsManifest)) {
    fault('model.json', 'not a TensorFlow.js graph model', 'it needs modelTopology.node and weightsManifest; layers models must be converted to graph models');
  }
  const constants = new Map<string, GraphConstant>();
  const parts: Uint8Array[] = [];
  for (const { paths, weights } of model.weightsManifest) {
    const shards = await Promise.all(paths.map(bytesOf));
    for (const [k, path] of paths.entries()) await checkHash(path, shards[k]);
    const joined = concatenated(shards);
    let offset = 0;
    for (const { name, shape, dtype } of weights) {
      const count = shape.reduce((product, size) => product * size, 1);
      if (dtype !== 'float32' && dtype !== 'int32') fault('model.json', `constant ${name} is ${dtype}`, 'weights must be float32 or int32, not quantized');
      if (offset + 4 * count > joined.length) fault(paths.at(-1) ?? '', `the shard ends before constant ${name}`, 'the file is cut off; fetch it anew');
      const buffer = joined.buffer.slice(joined.byteOffset + offset, joined.byteOffset + offset + 4 * count);
      constants.set(name, { shape, data: dtype === 'float32' ? new Float32Array(buffer) : new Int32Array(buffer) });
      offset += 4 * count;
    }
    if (offset !== joined.length) fault(paths.at(-1) ?? '', `the shard has ${joined.length} bytes where the manifest has ${offset}`, 'the file belongs to another model; fetch the folder anew');
    parts.push(joined);
  }
  for (const [name, { data: values }] of constants) if (values.some((value) => !Number.isFinite(value))) fault('model.json', `constant ${name} has numbers that are not finite`, 'train or export the model anew');

  const nodes = model.modelTopology.node;
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const inputs = new Map<string, readonly number[]>();
  for (const [key, name] of Object.entries(signature.inputs)) {
    const node = byName.get(name);
    if (node?.op !== 'Placeholder') fault('signature.json', `the graph has no input "${name}"`, `its inputs are ${nodes.filter(({ op }) => op === 'Placeholder').map((input) => input.name).join(', ')}`);
    const shape = (node?.attr?.shape?.shape?.dim ?? []).map(({ size }) => Number(size));
    const wanted = levelInputs[signature.level][key];
    if (shape.length !== wanted.length || wanted.some((size, axis) => (typeof size === 'number' ? shape[axis] !== size : shape[axis] !== -1))) {
      fault('model.json', `input "${name}" has shape [${shape.join(', ')}]`, `${key} is [${wanted.map((size) => (typeof size === 'number' ? size : -1)).join(', ')}]`);
    }
    inputs.set(name, shape);
  }
  const known = new Map(Object.entries(model.signature?.outputs ?? {}).map(([key, { name }]) => [key, name]));
  const outputs = new Map<string, string>();
  for (const name of Object.values(signature.outputs)) {
    // An output may be named as the graph's signature names it, or as its node is called.
    const node = (known.get(name) ?? name).split(':')[0];
    if (!byName.has(node)) fault('signature.json', `the graph has no output "${name}"`, `its outputs are ${[...known.keys()].join(', ') || 'not named in model.json'}`);
    outputs.set(name, node);
  }
  return { model: { nodes, constants, inputs, outputs, artifacts: { json: model, weights: concatenated(parts).buffer } }, signature, place };
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
