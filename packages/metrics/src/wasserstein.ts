import type { Comparison, Metric, Pattern } from '@braggscape/core';
import { nonNegative, pointWidths } from './observed.js';
import { leastSize } from './smallest.js';

/**
 * Wasserstein distance W₁ of one-dimensional optimal transport, in degrees: how far intensity has to move along 2θ, on average, to turn one pattern of unit
 * area into the other, ∫ |F − F₀| d(2θ) with the cumulative areas F and F₀. Each point carries its intensity times the stretch of axis it stands for,
 * so on an even axis p = y/Σy. A peak that is off by δ costs δ however narrow it is, where point-wise losses see nothing.
 *
 * Intensities below zero count as zero in both patterns, with no slope. A calculated pattern of zeros gets the cost of moving everything from the farther
 * end of the axis, the largest there is for the observed pattern. Where F = F₀ the absolute value has a kink; the gradient takes the slope 0 there, which
 * is one of the subgradients. Source: L. N. Vaserstein, Problemy Peredachi Informatsii 5(3) (1969) 64; the closed form in one dimension: S. S. Vallender,
 * Theory Probab. Appl. 18 (1974) 784.
 */
export const wasserstein: Metric = {
  id: 'wasserstein',
  // No two angles are farther apart.
  bounds: [0, 180],
  differentiable: true,
  against: compareTransport,
};

function compareTransport(observed: Pattern): Comparison {
  const { twoTheta } = observed;
  const target = nonNegative(observed, 'wasserstein');
  const widths = pointWidths(observed, 'wasserstein');
  const count = target.length;
  const area = target.reduce((sum, y, i) => sum + y * widths[i], 0);
  const steps = Float64Array.from({ length: count - 1 }, (_, i) => twoTheta[i + 1] - twoTheta[i]);
  const expected = target.map((y, i) => (y * widths[i]) / area);
  const worst = costOfEmpty(expected, steps);
  const excess = new Float64Array(count);
  const dCalc = new Float64Array(count);
  return (calc, need) => {
    let total = 0;
    for (let i = 0; i < count; i++) if (!(calc[i] <= 0)) total += calc[i] * widths[i];
    if (total < leastSize) {
      dCalc.fill(0);
      return need === 'value' ? { value: worst } : { value: worst, dCalc };
    }
    const inverse = 1 / total;
    let value = 0;
    let ahead = 0;
    for (let i = 0; i + 1 < count; i++) {
      ahead += (calc[i] <= 0 ? 0 : calc[i] * widths[i] * inverse) - expected[i];
      excess[i] = ahead;
      value += Math.abs(ahead) * steps[i];
    }
    if (need === 'value') return { value };
    // What a unit of intensity at each point costs to move (Kantorovich's potential), up to a constant that the fixed area takes away again.
    let cost = 0;
    let mean = 0;
    for (let i = count - 1; i >= 0; i--) {
      if (i + 1 < count) cost += Math.sign(excess[i]) * steps[i];
      dCalc[i] = cost;
      if (!(calc[i] <= 0)) mean += cost * calc[i] * widths[i] * inverse;
    }
    for (let i = 0; i < count; i++) dCalc[i] = calc[i] < 0 ? 0 : (dCalc[i] - mean) * widths[i] * inverse;
    return { value, dCalc };
  };
}

/** Degrees from the farther end of the axis to the observed intensity, on average. */
function costOfEmpty(expected: Float64Array, steps: Float64Array): number {
  let [behind, fromStart, fromEnd] = [0, 0, 0];
  for (let i = 0; i < steps.length; i++) {
    behind += expected[i];
    fromStart += (1 - behind) * steps[i];
    fromEnd += behind * steps[i];
  }
  return Math.max(fromStart, fromEnd);
}
