import type { Combiner } from '@braggscape/core';
import { combined, gramMatrix, weightedParts } from './weighted.js';

/** Pairwise exchanges before the weights are taken as they are. */
const SWEEPS = 500;

/**
 * MGDA: the shortest vector in the convex hull of the gradients, along which no objective rises; it is zero exactly where the point is Pareto stationary.
 * J.-A. Désidéri, C. R. Math. 350 (2012) 313, DOI 10.1016/j.crma.2012.03.014. Multiplied by the number of objectives, so that it is the weighted sum where all gradients agree.
 *
 * The value is the weighted sum, of which the direction is not the gradient: use it with transforms, not with line searches.
 */
export const minimumNorm: Combiner<Float64Array> = {
  id: 'mgda',
  init: (objectives) => Float64Array.from(objectives, ({ weight }) => weight),
  combine(parts, weights) {
    const weighted = weightedParts(parts, weights);
    if (weighted.gradients === undefined) return combined(weighted, weights.map(() => 1), weights, weights);
    return combined(weighted, shortest(gramMatrix(weighted.gradients)).map((share) => share * parts.length), weights, weights);
  },
};

/** Shares a ≥ 0, Σa = 1, that minimize aᵀ K a: for each pair in turn the best exchange, which for two objectives is the closed form. */
function shortest(gram: readonly (readonly number[])[]): Float64Array {
  const n = gram.length;
  const shares = new Float64Array(n).fill(1 / n);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let moved = 0;
    for (let i = 0; i < n; i++)
      for (let j = i + 1; j < n; j++) {
        const curvature = gram[i][i] - 2 * gram[i][j] + gram[j][j];
        if (!(curvature > 0)) continue;
        let slope = 0;
        for (let k = 0; k < n; k++) slope += shares[k] * (gram[i][k] - gram[j][k]);
        const step = Math.max(-shares[i], Math.min(shares[j], -slope / curvature));
        shares[i] += step;
        shares[j] -= step;
        moved = Math.max(moved, Math.abs(step));
      }
    if (moved < 1e-14) break;
  }
  return shares;
}
