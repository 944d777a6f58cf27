import { randomFromSeed } from '@braggscape/core';
import type { Metric, Pattern } from '@braggscape/core';
import { checkGradient } from './checkGradient.js';
import { tolerances } from './tolerances.js';
import { law } from './violation.js';

/** Options of {@link checkMetric}. */
export interface MetricCheckOptions {
  readonly seed?: number;
  /** Allowed relative difference of the gradient. */
  readonly tolerance?: number;
}

/**
 * Check a metric on random peaked patterns: zero for equal patterns and positive for others, values within its bounds, finite for a calculated
 * pattern of zeros, equal with and without gradient, residuals (where there are some) whose squares add up to the value or to its square, arguments unchanged, and a gradient that agrees with central differences.
 *
 * @returns largest relative difference of the gradients
 * @throws LawViolation
 */
export async function checkMetric(metric: Metric, { seed = 1, tolerance = tolerances.gradient }: MetricCheckOptions = {}): Promise<number> {
  const random = randomFromSeed(seed).derive(`metric ${metric.id}`);
  const peaks = (): Pattern => {
    const twoTheta = Float64Array.from({ length: 60 }, (_, i) => 10 + 0.5 * i);
    const centers = Array.from({ length: 4 }, () => [random.between(12, 38), random.between(1, 10)]);
    return { twoTheta, intensity: twoTheta.map((x) => centers.reduce((y, [at, height]) => y + height * Math.exp(-((x - at) ** 2)), 0.05)) };
  };
  const [low, high] = metric.bounds;
  let worst = 0;
  for (let trial = 0; trial < 5; trial++) {
    const observed = peaks();
    const calc = Float64Array.from(peaks().intensity);
    const compare = metric.against(observed);
    const at = (y: Float64Array): number => compare(y, 'value').value;
    law(Math.abs(at(observed.intensity)) <= tolerances.exact, () => `${metric.id}: ${at(observed.intensity)} for equal patterns, not 0`);
    const value = at(calc);
    law(value > 0, () => `${metric.id}: ${value} for different patterns`);
    for (const y of [value, at(new Float64Array(calc.length))]) {
      law(y >= low - tolerances.exact && y <= high + tolerances.exact && Number.isFinite(y), () => `${metric.id}: ${y} outside ${low} … ${high}`);
    }
    law(compare(calc, 'gradient').value === value, () => `${metric.id}: the value differs with the gradient`);
    if (metric.residualsAgainst !== undefined) checkResiduals(metric, metric.residualsAgainst(observed), calc, value);
    if (!metric.differentiable) continue;
    const zero = compare(new Float64Array(calc.length), 'gradient').dCalc;
    law(zero?.every(Number.isFinite) === true, () => `${metric.id}: no finite gradient at a pattern of zeros`);
    const gradient = (y: Float64Array): Float64Array => {
      const { dCalc } = compare(y, 'gradient');
      law(dCalc !== undefined, () => `${metric.id}: gradient promised and not given`);
      return dCalc;
    };
    worst = Math.max(worst, await checkGradient({ value: at, gradient }, calc, { tolerance, name: metric.id, floor: 1e-9 }));
  }
  return worst;
}

function checkResiduals({ id }: Metric, residuals: (calc: Float64Array) => Float64Array, calc: Float64Array, value: number): void {
  const squares = residuals(calc).reduce((sum, r) => sum + r * r, 0);
  const off = Math.min(Math.abs(squares - value) / value, Math.abs(squares - value * value) / (value * value));
  law(off <= tolerances.gradient, () => `${id}: the squares of the residuals add up to ${squares}, which is neither the value ${value} nor its square`);
  law(residuals(calc) !== residuals(calc), () => `${id}: residuals are the same array at every call`);
}
