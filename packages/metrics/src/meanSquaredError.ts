import { BraggscapeError, dot } from '@braggscape/core';
import type { Comparison, Metric, Pattern } from '@braggscape/core';
import { normalizePullback, normalizer } from './normalization.js';
import type { Normalization } from './normalization.js';
import { leastPower, leastSize } from './smallest.js';
import { combine, squaredDistance } from './squaredDistance.js';

/** Options of {@link meanSquaredError}. */
export interface MeanSquaredErrorOptions {
  /**
   * `max` (default, the paper's), `sum` or `l2`: each pattern is divided by its own largest value, sum or norm. `least-squares`: the observed one is
   * divided by its largest value, the calculated one takes the scale that fits best. `none`: values as they are.
   */
  readonly normalization?: Normalization;
}

/**
 * Mean of (y − y₀)² over the points, after normalization. A calculated pattern of zeros counts as zero after normalization too.
 * With `max` the gradient has a kink where two points share the maximum.
 */
export function meanSquaredError({ normalization = 'max' }: MeanSquaredErrorOptions = {}): Metric {
  return {
    id: 'mse',
    bounds: [0, normalization === 'none' ? Infinity : 1],
    differentiable: true,
    against: (observed) => (normalization === 'least-squares' ? compareFitted(observed) : compareNormalized(observed, normalization)),
    residualsAgainst(observed) {
      const target = normalized(observed.intensity, normalization === 'least-squares' ? 'max' : normalization);
      const root = 1 / Math.sqrt(target.length);
      const scaleOf = (calc: Float64Array): number => (normalization === 'least-squares' ? fittedScale(calc, target) : normalizingFactor(calc, normalization));
      return (calc) => {
        const factor = scaleOf(calc);
        return calc.map((y, i) => root * (factor * y - target[i]));
      };
    },
  };
}

function compareNormalized(observed: Pattern, normalization: Normalization): Comparison {
  const target = normalized(observed.intensity, normalization);
  const perPoint = 1 / target.length;
  const dCalc = new Float64Array(target.length);
  return (calc, need) => {
    const factor = normalizingFactor(calc, normalization);
    const value = squaredDistance(calc, factor, target) * perPoint;
    if (need === 'value') return { value };
    combine(2 * perPoint * factor * factor, calc, -2 * perPoint * factor, target, dCalc);
    if (factor !== 0) normalizePullback(calc, normalizer(calc, normalization), normalization, dCalc);
    return { value, dCalc };
  };
}

function compareFitted(observed: Pattern): Comparison {
  const target = normalized(observed.intensity, 'max');
  const perPoint = 1 / target.length;
  const dCalc = new Float64Array(target.length);
  return (calc, need) => {
    const scale = fittedScale(calc, target);
    const value = squaredDistance(calc, scale, target) * perPoint;
    if (need === 'value') return { value };
    // The scale is at its best, so its own change does not count (envelope theorem).
    combine(2 * perPoint * scale * scale, calc, -2 * perPoint * scale, target, dCalc);
    return { value, dCalc };
  };
}

/** Zero has no direction to normalize; it stays zero and has no slope. */
function normalizingFactor(calc: Float64Array, normalization: Normalization): number {
  const size = normalizer(calc, normalization);
  return size >= leastSize ? 1 / size : size >= 0 ? 0 : Number.NaN;
}

function fittedScale(calc: Float64Array, target: Float64Array): number {
  const power = dot(calc, calc);
  return power < leastPower ? 0 : dot(calc, target) / power;
}

function normalized(intensity: Float64Array, normalization: Normalization): Float64Array {
  const size = normalizer(intensity, normalization);
  if (!(size > 0 && Number.isFinite(size) && intensity.some((y) => y !== 0))) {
    throw new BraggscapeError('pattern.invalid', `the observed pattern has the ${normalization} ${size}`, {
      hint: 'the pattern needs finite values, some of them positive',
    });
  }
  const factor = 1 / size;
  return intensity.map((y) => y * factor);
}
