import type { Combiner } from '@braggscape/core';
import { combined, gramMatrix, weightedParts } from './weighted.js';

/** Sweeps of the projections before they are taken as they are. */
const SWEEPS = 2000;

/**
 * UPGrad: each gradient is projected onto the cone of directions that no objective opposes, and the projections are added. Conflicts are resolved, and each objective keeps a say in
 * proportion to its gradient. P. Quinton & V. Rey, Jacobian descent for multi-objective optimization, arXiv:2406.16232.
 *
 * The value is the weighted sum, of which the direction is not the gradient where gradients conflict: use it with transforms, not with line searches.
 */
export const dualCone: Combiner<Float64Array> = {
  id: 'upgrad',
  init: (objectives) => Float64Array.from(objectives, ({ weight }) => weight),
  combine(parts, weights) {
    const weighted = weightedParts(parts, weights);
    if (weighted.gradients === undefined) return combined(weighted, weights.map(() => 1), weights, weights);
    const gram = gramMatrix(weighted.gradients);
    const factors = new Float64Array(parts.length);
    parts.forEach((_, i) => {
      projectionOf(i, gram).forEach((factor, k) => (factors[k] += factor));
    });
    return combined(weighted, factors, weights, weights);
  },
};

/** v ≥ eᵢ that minimizes vᵀ K v: Gᵀv is the projection of gradient i onto {x: G x ≥ 0}. By coordinates in turn. */
function projectionOf(i: number, gram: readonly (readonly number[])[]): Float64Array {
  const n = gram.length;
  const v = Float64Array.from(gram, (_, k) => (k === i ? 1 : 0));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let moved = 0;
    for (let k = 0; k < n; k++) {
      if (!(gram[k][k] > 0)) continue;
      let slope = 0;
      for (let j = 0; j < n; j++) slope += gram[k][j] * v[j];
      const next = Math.max(k === i ? 1 : 0, v[k] - slope / gram[k][k]);
      moved = Math.max(moved, Math.abs(next - v[k]));
      v[k] = next;
    }
    if (moved < 1e-14) break;
  }
  return v;
}
