import { combiner } from '@braggscape/core';
import { dualCone } from '../combiners/dualCone.js';
import { epsilonConstraint } from '../combiners/epsilonConstraint.js';
import type { EpsilonConstraintOptions } from '../combiners/epsilonConstraint.js';
import { gradientBalance } from '../combiners/gradientBalance.js';
import type { GradientBalanceOptions } from '../combiners/gradientBalance.js';
import { minimumNorm } from '../combiners/minimumNorm.js';
import { projectConflicts } from '../combiners/projectConflicts.js';
import { weightedSum } from '../combiners/weightedSum.js';
import { decay } from './options.js';

/** Combiners by name. */
export const combinerEntries = {
  'weighted-sum': combiner({ summary: 'Sum of the objectives with fixed weights.', schema: {}, create: () => weightedSum }),
  'gradient-balance': combiner<GradientBalanceOptions>({
    summary: 'Weighted sum whose weights follow the gradients, so that each objective moves the point as much as asked.',
    source: 'after Z. Chen et al., arXiv:1711.02257',
    schema: { decay: decay('Part of the mean gradient norms kept.', 0.9) },
    create: gradientBalance,
  }),
  'epsilon-constraint': combiner<EpsilonConstraintOptions>({
    summary: 'Minimizes some objectives while others stay below their bounds, by a quadratic penalty.',
    source: 'Y. Y. Haimes et al., IEEE Trans. Syst. Man Cybern. 1 (1971) 296',
    schema: {
      bounds: { description: 'Largest value allowed of each constrained objective, such as { cosine: 0.01 }.', type: 'object', additionalProperties: { type: 'number' } },
      penalty: { description: 'Value per square of the weighted excess.', type: 'number', exclusiveMinimum: 0, default: 100 },
    },
    create: epsilonConstraint,
  }),
  pcgrad: combiner({ summary: 'Takes from each gradient what opposes another one.', source: 'T. Yu et al., arXiv:2001.06782', schema: {}, create: () => projectConflicts }),
  mgda: combiner({ summary: 'Shortest vector between the gradients: no objective rises along it.', source: 'J.-A. Désidéri, C. R. Math. 350 (2012) 313', schema: {}, create: () => minimumNorm }),
  upgrad: combiner({ summary: 'Sum of the gradients projected onto the directions that no objective opposes.', source: 'P. Quinton & V. Rey, arXiv:2406.16232', schema: {}, create: () => dualCone }),
};
