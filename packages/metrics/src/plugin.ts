import { definePlugin, metric } from '@braggscape/core';
import { cosine } from './cosine.js';
import { crossCorrelation } from './crossCorrelation.js';
import { entropy } from './entropy.js';
import { meanSquaredError } from './meanSquaredError.js';
import { normalizations } from './normalization.js';
import type { Normalization } from './normalization.js';
import { poisson } from './poisson.js';
import type { PoissonNormalization } from './poisson.js';
import { rwp } from './rwp.js';
import type { RwpNormalization } from './rwp.js';
import { wasserstein } from './wasserstein.js';

const paper = 'Segal et al., Digital Discovery 2026, DOI 10.1039/D6DD00017G';

/** The metrics of this package as a plugin. */
export const metricsPlugin = definePlugin({
  meta: { name: '@braggscape/metrics', version: '0.1.0', api: '^0.1.0' },
  metrics: {
    cosine: metric({ summary: 'One minus the cosine between the patterns as vectors; independent of scale.', source: paper, schema: {}, create: () => cosine }),
    'cross-correlation': metric<{ width: number }>({
      summary: 'One minus the normalized cross-correlation under a triangle of shifts; independent of scale, sees peaks that are near but do not overlap.',
      source: 'R. de Gelder, R. Wehrens & J. A. Hageman, J. Comput. Chem. 22 (2001) 273; A. Otero-de-la-Roza, DOI 10.1107/S1600576724007489',
      schema: {
        width: { description: 'Half width of the triangle, degrees 2θ: the largest shift that is seen.', type: 'number', exclusiveMinimum: 0, default: 1 },
      },
      create: crossCorrelation,
    }),
    entropy: metric<{ weighting: boolean }>({
      summary: 'Spectral entropy distance, the Jensen–Shannon divergence of the patterns as distributions; independent of scale.',
      source: 'Y. Li et al., Nat. Methods 18 (2021) 1524, DOI 10.1038/s41592-021-01331-z',
      schema: {
        weighting: { description: 'Raise weak intensities of patterns whose entropy is below 3 nats, as published.', type: 'boolean', default: false },
      },
      create: entropy,
    }),
    mse: metric<{ normalization: Normalization }>({
      summary: 'Mean squared difference after normalization.',
      source: paper,
      schema: {
        normalization: { description: 'What each pattern is divided by, or a fitted scale.', enum: normalizations, default: 'max' },
      },
      create: meanSquaredError,
    }),
    poisson: metric<{ normalization: PoissonNormalization }>({
      summary: 'Deviance of the Poisson distribution a point: the likelihood of counts, also of few.',
      source: 'A. Antoniadis, J. Berruyer & A. Filhol, Acta Cryst. A46 (1990) 692',
      schema: {
        normalization: { description: 'Whether the calculated pattern takes the most likely scale.', enum: ['fitted', 'none'], default: 'fitted' },
      },
      create: poisson,
    }),
    rwp: metric<{ normalization: RwpNormalization }>({
      summary: 'Weighted-profile R factor, by the uncertainties of the pattern or those of counts.',
      source: 'B. H. Toby, Powder Diffr. 21 (2006) 67, DOI 10.1154/1.2179804',
      schema: {
        normalization: { description: 'Whether the calculated pattern takes the scale that fits best.', enum: ['least-squares', 'none'], default: 'least-squares' },
      },
      create: rwp,
    }),
    wasserstein: metric({
      summary: 'How far intensity has to move to turn one pattern of unit area into the other, degrees 2θ; independent of scale.',
      source: 'S. S. Vallender, Theory Probab. Appl. 18 (1974) 784',
      schema: {},
      create: () => wasserstein,
    }),
  },
});
