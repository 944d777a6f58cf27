import type { Comparison, Metric, Pattern } from '@braggscape/core';
import { nonNegative } from './observed.js';
import { leastSize } from './smallest.js';

/** How the calculated pattern is scaled before it is compared. */
export type PoissonNormalization = 'fitted' | 'none';

/** Options of {@link poisson}. */
export interface PoissonOptions {
  /** `fitted` (default): the calculated pattern takes the most likely scale, Σy₀/Σy. `none`: values as they are. */
  readonly normalization?: PoissonNormalization;
}

/** The floor of intensities as a part of the mean observed one. */
const floorOfMean = 1e-6;

/**
 * Poisson deviance a point, 2 Σ [y − y₀ + y₀ ln(y₀/y)] / m with y in the scale of y₀: what maximizes the likelihood of counts, also of few, where least squares
 * with σ² = y₀ is biased. About 1 for a right model of counts. The observed pattern has to be in counts for that; in other units the deviance is only
 * proportional to it. Source: A. Antoniadis, J. Berruyer & A. Filhol, Acta Cryst. A46 (1990) 692.
 *
 * No calculated intensity where some was observed would be infinitely unlikely. So both patterns are lifted off zero smoothly, to (y + √(y² + 4ε²))/2 with ε a
 * millionth of the mean observed intensity: ε at zero, ε²/y above y where there is intensity. Observed intensities below zero count as zero. A calculated
 * pattern of zeros gets the deviance of ε everywhere; with a fitted scale it has no direction and the gradient is zero.
 */
export function poisson({ normalization = 'fitted' }: PoissonOptions = {}): Metric {
  return { id: 'poisson', bounds: [0, Infinity], differentiable: true, against: (observed) => compareCounts(observed, normalization === 'fitted') };
}

function compareCounts(observed: Pattern, fitted: boolean): Comparison {
  const positive = nonNegative(observed, 'poisson');
  const count = positive.length;
  const all = sumOf(positive);
  const floor = (floorOfMean * all) / count;
  const fourSquares = 4 * floor * floor;
  const target = positive.map((y) => lifted(y, Math.sqrt(y * y + fourSquares), floor));
  const inverseTarget = target.map((y) => 1 / y);
  const perPoint = 2 / count;
  const dCalc = new Float64Array(count);
  return (calc, need) => {
    const total = fitted ? sumOf(calc) : all;
    // No scale brings up a pattern without intensity.
    const scale = !fitted ? 1 : total < leastSize ? 0 : all / total;
    let value = 0;
    let along = 0;
    for (let i = 0; i < count; i++) {
      const y = scale * calc[i];
      const root = Math.sqrt(y * y + fourSquares);
      const high = lifted(y, root, floor);
      const difference = high - target[i];
      const relative = difference * inverseTarget[i];
      // Either logarithm where it has its digits: near a fit, or near the floor.
      value += target[i] * (relative - (relative < -0.5 ? Math.log(high * inverseTarget[i]) : Math.log1p(relative)));
      // The slope 1 − y₀/y of the deviance times y/√(…) of the lifting.
      dCalc[i] = difference / root;
      along += dCalc[i] * calc[i];
    }
    value *= perPoint;
    if (need === 'value') return { value };
    // Intensity at one point lowers the fitted scale of all.
    const shared = fitted && scale > 0 ? along / total : 0;
    for (let i = 0; i < count; i++) dCalc[i] = perPoint * scale * (dCalc[i] - shared);
    return { value, dCalc };
  };
}

/** (y + root)/2 with root = √(y² + 4ε²), without cancellation below zero. */
function lifted(y: number, root: number, floor: number): number {
  return y < 0 ? (2 * floor * floor) / (root - y) : (y + root) / 2;
}

function sumOf(pattern: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < pattern.length; i++) sum += pattern[i];
  return sum;
}
