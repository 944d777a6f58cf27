import { definePlugin, potential } from '@braggscape/core';
import { backends } from '@braggscape/energy';
import type { Backend } from '@braggscape/energy';
import { chgnet } from './chgnet.js';

/** CHGNet as a plugin. */
export const chgnetPlugin = definePlugin({
  meta: { name: '@braggscape/chgnet', version: '0.1.0', api: '^0.1.0' },
  potentials: {
    chgnet: potential<{ backend: Backend }>({
      summary: 'CHGNet 0.3.0, a universal potential for 94 elements: energy, forces, stress and magnetic moments.',
      source: 'B. Deng et al., Nat. Mach. Intell. 5 (2023) 1031, DOI 10.1038/s42256-023-00716-3',
      schema: { backend: { description: 'Where it is computed.', enum: backends, default: 'auto' } },
      create: chgnet,
    }),
  },
});
