import { BraggscapeError } from '@braggscape/core';
import type { Pattern } from '@braggscape/core';

/** Settings of {@link estimateBackground}. */
export interface BackgroundEstimate {
  /** Widest feature in degrees 2θ that counts as a peak. */
  readonly width: number;
}

/** Part of the width that counts are averaged over first: clipping takes minima, which follow the noise downwards. */
const SMOOTHED = 1 / 8;

/**
 * Background without a shape of its own: statistics-sensitive non-linear iterative peak clipping (SNIP). Every point is lowered to the mean of its
 * neighbours at distances from `width` down to one point, or to what the neighbours at half that distance too suggest, if that is higher (clipping of
 * fourth order, which spares broad humps); on a scale of logarithms that lets weak peaks go as well as strong ones.
 *
 * Sources: C. G. Ryan et al., Nucl. Instrum. Methods B 34 (1988) 396, https://doi.org/10.1016/0168-583X(88)90063-8 (the scale);
 * M. Morháč et al., Nucl. Instrum. Methods A 401 (1997) 113, https://doi.org/10.1016/S0168-9002(97)01023-1 (shrinking distances, fourth order).
 *
 * @returns [m] background in the unit of the intensities
 * @throws BraggscapeError `option.invalid` if the width does not reach over two points, or over more than half of the pattern
 */
export function estimateBackground({ twoTheta, intensity }: Pattern, { width }: BackgroundEstimate): Float64Array {
  const count = twoTheta.length;
  const step = (twoTheta[count - 1] - twoTheta[0]) / (count - 1);
  const reach = Math.round(width / step);
  if (!(reach >= 2 && 2 * reach < count)) {
    throw new BraggscapeError('option.invalid', `a background estimate of width ${width}° does not fit a pattern of ${count} points over ${(step * (count - 1)).toPrecision(3)}°`, {
      path: 'width',
      hint: `give a width between ${(3 * step).toPrecision(2)} and ${((count / 2 - 1) * step).toPrecision(2)} degrees, wider than any peak`,
    });
  }
  const floor = intensity.reduce((least, y) => Math.min(least, y), 0);
  let clipped = smoothed(intensity, Math.floor((reach * SMOOTHED) / 2)).map((y) => Math.log(Math.log(Math.sqrt(y - floor + 1) + 1) + 1));
  let next = new Float64Array(count);
  for (let p = reach; p >= 1; p--) {
    for (let i = 0; i < count; i++) {
      // Near the ends neighbours are as far away as there are any on both sides.
      const far = Math.min(p, i, count - 1 - i);
      const near = far >> 1;
      const outer = clipped[i - far] + clipped[i + far];
      const parabola = outer / 2;
      const quartic = near === 0 ? parabola : (4 * (clipped[i - near] + clipped[i + near]) - outer) / 6;
      next[i] = Math.min(clipped[i], Math.max(parabola, quartic));
    }
    [clipped, next] = [next, clipped];
  }
  return clipped.map((v) => (Math.exp(Math.exp(v) - 1) - 1) ** 2 - 1 + floor);
}

/**
 * A pattern with its estimated background taken off; uncertainties stay those of the measured intensities.
 * @throws BraggscapeError as {@link estimateBackground} does
 */
export function withoutBackground(pattern: Pattern, estimate: BackgroundEstimate): Pattern {
  const background = estimateBackground(pattern, estimate);
  return { ...pattern, intensity: pattern.intensity.map((y, i) => y - background[i]) };
}

/** Running mean over 2·half + 1 points, fewer at the ends. */
function smoothed(values: Float64Array, half: number): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) sums[i + 1] = sums[i] + values[i];
  return values.map((_, i) => {
    const reach = Math.min(half, i, values.length - 1 - i);
    return (sums[i + reach + 1] - sums[i - reach]) / (2 * reach + 1);
  });
}
