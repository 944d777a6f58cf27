import { BraggscapeError, dot } from '@braggscape/core';
import type { Comparison, Metric, Pattern } from '@braggscape/core';

/**
 * Cosine dissimilarity 1 − y·y₀/(|y||y₀|), independent of the scale of either pattern; 1 for a calculated pattern of zeros. Points count
 * equally, so a finer part of an uneven axis weighs more. Computed as ½|ŷ − ŷ₀|² of the unit vectors, which keeps its digits near zero.
 */
export const cosine: Metric = {
  id: 'cosine',
  bounds: [0, 1],
  differentiable: true,
  against: compareCosine,
};

function compareCosine({ intensity }: Pattern): Comparison {
  const norm = Math.sqrt(dot(intensity, intensity));
  if (!(norm > 0 && Number.isFinite(norm))) {
    throw new BraggscapeError('pattern.invalid', `the observed pattern has the norm ${norm}`, { hint: 'cosine needs a finite pattern that is not all zero' });
  }
  const unit = intensity.map((y) => y / norm);
  const dCalc = new Float64Array(intensity.length);
  return (calc, need) => {
    const size = Math.sqrt(dot(calc, calc));
    if (size === 0) {
      dCalc.fill(0);
      return need === 'value' ? { value: 1 } : { value: 1, dCalc };
    }
    let value = 0;
    for (let i = 0; i < unit.length; i++) {
      const difference = calc[i] / size - unit[i];
      value += difference * difference;
    }
    value /= 2;
    if (need === 'value') return { value };
    for (let i = 0; i < unit.length; i++) {
      const scaled = calc[i] / size;
      dCalc[i] = (scaled - unit[i] - value * scaled) / size;
    }
    return { value, dCalc };
  };
}
