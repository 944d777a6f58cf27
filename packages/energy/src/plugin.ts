import { definePlugin, potential } from '@braggscape/core';
import { classicalPotentials } from './classical/descriptors.js';
import { graphPotential } from './graph/graphPotential.js';
import { backends } from './graph/tensorflow/tensorflow.js';
import type { Backend } from './graph/tensorflow/tensorflow.js';

/** The potentials of this package as a plugin. */
export const energyPlugin = definePlugin({
  meta: { name: '@braggscape/energy', version: '0.1.0', api: '^0.1.0' },
  potentials: {
    ...classicalPotentials,
    'graph-model': potential<{ folder: string; name: string; backend: Backend; check: boolean }>({
      summary: 'A TensorFlow.js graph model of your own: a folder with signature.json, model.json and its shards.',
      schema: {
        folder: { description: 'Path or URL of the folder.', type: 'string', minLength: 1 },
        name: { description: 'What it is called in results; empty: as its signature says.', type: 'string', default: '' },
        backend: { description: 'Where it is computed.', enum: backends, default: 'auto' },
        check: { description: 'Whether forces and stress are compared with differences of the energy before use.', type: 'boolean', default: true },
      },
      create: ({ folder, name, backend, check }) => graphPotential(folder, { backend, check, ...(name === '' ? {} : { id: name }) }),
    }),
  },
});
