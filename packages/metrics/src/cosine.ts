import { BraggscapeError, dot } from '@braggscape/core';
import type { Comparison, Metric, Pattern } from '@braggscape/core';
import { leastPower } from './smallest.js';
import { combine, squaredDistance } from './squaredDistance.js';

/**
 * Cosine dissimilarity 1 − y·y₀/(|y||y₀|), independent of the scale of either pattern; 1 for a calculated pattern of zeros. Points count
 * equally, so a finer part of an uneven axis weighs more. Near zero it is computed as ½|ŷ − ŷ₀|² of the unit vectors, which keeps its digits.
 */
export const cosine: Metric = {
  id: 'cosine',
  bounds: [0, 1],
  differentiable: true,
  against: compareCosine,
  // The value is ½|ŷ − ŷ₀|².
  residualsAgainst(observed) {
    const unit = unitVector(observed);
    return (calc) => {
      const power = dot(calc, calc);
      // A pattern of zeros has the value 1, that is residuals of norm 1.
      const [factor, part] = power < leastPower ? [0, 1] : [Math.SQRT1_2 / Math.sqrt(power), Math.SQRT1_2];
      return calc.map((y, i) => factor * y - part * unit[i]);
    };
  },
};

/** Below this 1 − cos is computed from the difference of the unit vectors: at it, the plain difference still has 12 digits. */
const NEAR = 1e-3;

function unitVector({ intensity }: Pattern): Float64Array {
  const norm = Math.sqrt(dot(intensity, intensity));
  if (!(norm > 0 && Number.isFinite(norm))) {
    throw new BraggscapeError('pattern.invalid', `the observed pattern has the norm ${norm}`, { hint: 'cosine needs a finite pattern that is not all zero' });
  }
  // Products with the reciprocal here as below: equal patterns then give equal unit vectors, to the last digit.
  const inverseNorm = 1 / norm;
  return intensity.map((y) => y * inverseNorm);
}

function compareCosine(observed: Pattern): Comparison {
  const unit = unitVector(observed);
  const dCalc = new Float64Array(unit.length);
  return (calc, need) => {
    const power = dot(calc, calc);
    if (power < leastPower) {
      dCalc.fill(0);
      return need === 'value' ? { value: 1 } : { value: 1, dCalc };
    }
    const inverse = 1 / Math.sqrt(power);
    // Far from a fit the plain difference has all the digits it needs, and one pass less.
    const plain = 1 - dot(calc, unit) * inverse;
    const value = plain > NEAR ? plain : squaredDistance(calc, inverse, unit) / 2;
    if (need === 'value') return { value };
    // (ŷ − ŷ₀ − value·ŷ)/|y|: the difference of the unit vectors without its part along y.
    combine((1 - value) / power, calc, -inverse, unit, dCalc);
    return { value, dCalc };
  };
}
