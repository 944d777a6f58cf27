import { definePlugin, metric } from '@braggscape/core';
import { cosine } from './cosine.js';
import { meanSquaredError } from './meanSquaredError.js';
import { normalizations } from './normalization.js';
import type { Normalization } from './normalization.js';

const paper = 'Segal et al., Digital Discovery 2026, DOI 10.1039/D6DD00017G';

/** The metrics of this package as a plugin. */
export const metricsPlugin = definePlugin({
  meta: { name: '@braggscape/metrics', version: '0.1.0', api: '^0.1.0' },
  metrics: {
    cosine: metric({ summary: 'One minus the cosine between the patterns as vectors; independent of scale.', source: paper, schema: {}, create: () => cosine }),
    mse: metric<{ normalization: Normalization }>({
      summary: 'Mean squared difference after normalization.',
      source: paper,
      schema: {
        normalization: { description: 'What each pattern is divided by, or a fitted scale.', enum: normalizations, default: 'max' },
      },
      create: meanSquaredError,
    }),
  },
});
