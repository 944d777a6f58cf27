import { BraggscapeError, dot } from '@braggscape/core';
import type { Comparison, Metric, Pattern } from '@braggscape/core';
import { normalizePullback, normalizer } from './normalization.js';
import type { Normalization } from './normalization.js';

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
  };
}

function compareNormalized(observed: Pattern, normalization: Normalization): Comparison {
  const target = normalized(observed.intensity, normalization);
  const dCalc = new Float64Array(target.length);
  return (calc, need) => {
    const size = normalizer(calc, normalization);
    // Zero has no direction to normalize; it stays zero and has no slope.
    const factor = size > 0 ? 1 / size : size === 0 ? 0 : Number.NaN;
    let value = 0;
    for (let i = 0; i < target.length; i++) {
      const difference = calc[i] * factor - target[i];
      value += difference * difference;
      dCalc[i] = (2 / target.length) * difference;
    }
    value /= target.length;
    if (need === 'value') return { value };
    if (factor === 0) dCalc.fill(0);
    else normalizePullback(calc, size, normalization, dCalc);
    return { value, dCalc };
  };
}

function compareFitted(observed: Pattern): Comparison {
  const target = normalized(observed.intensity, 'max');
  const dCalc = new Float64Array(target.length);
  return (calc, need) => {
    const power = dot(calc, calc);
    const scale = power > 0 ? dot(calc, target) / power : 0;
    let value = 0;
    for (let i = 0; i < target.length; i++) {
      const difference = scale * calc[i] - target[i];
      value += difference * difference;
      // The scale is at its best, so its own change does not count (envelope theorem).
      dCalc[i] = (2 / target.length) * scale * difference;
    }
    value /= target.length;
    return need === 'value' ? { value } : { value, dCalc };
  };
}

function normalized(intensity: Float64Array, normalization: Normalization): Float64Array {
  const size = normalizer(intensity, normalization);
  if (!(size > 0 && Number.isFinite(size) && intensity.some((y) => y !== 0))) {
    throw new BraggscapeError('pattern.invalid', `the observed pattern has the ${normalization} ${size}`, {
      hint: 'the pattern needs finite values, some of them positive',
    });
  }
  return intensity.map((y) => y / size);
}
