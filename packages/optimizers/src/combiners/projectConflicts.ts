import type { Combiner } from '@braggscape/core';
import { combined, gramMatrix, weightedParts } from './weighted.js';

/**
 * PCGrad: from each gradient the part that opposes another one is taken off, one after the other, before they are added.
 * T. Yu et al., Gradient surgery for multi-task learning, NeurIPS 2020, arXiv:2001.06782, algorithm 1; the order is that of the objectives, not random, so that runs repeat.
 *
 * The value is the weighted sum, of which the direction is not the gradient where gradients conflict: use it with transforms, not with line searches.
 */
export const projectConflicts: Combiner<Float64Array> = {
  id: 'pcgrad',
  init: (objectives) => Float64Array.from(objectives, ({ weight }) => weight),
  combine(parts, weights) {
    const weighted = weightedParts(parts, weights);
    if (weighted.gradients === undefined) return combined(weighted, weights.map(() => 1), weights, weights);
    const gram = gramMatrix(weighted.gradients);
    const factors = new Float64Array(parts.length);
    parts.forEach((_, i) => {
      // The surgically changed gradient i, as a combination of all of them.
      const own = Float64Array.from(parts, (_part, k) => (k === i ? 1 : 0));
      parts.forEach((_part, j) => {
        if (j === i || gram[j][j] === 0) return;
        const along = own.reduce((sum, factor, k) => sum + factor * gram[k][j], 0);
        if (along < 0) own[j] -= along / gram[j][j];
      });
      own.forEach((factor, k) => (factors[k] += factor));
    });
    return combined(weighted, factors, weights, weights);
  },
};
