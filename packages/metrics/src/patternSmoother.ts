import type { Pattern } from '@braggscape/core';

/** A linear smoothing of patterns on one axis, onto an even axis that is as coarse as the width allows. */
export interface PatternSmoother {
  /** [k] degrees, even. */
  readonly twoTheta: Float64Array;
  /** [m] intensities to [k] smoothed ones; a work buffer: read before the next call. */
  apply(intensity: Float64Array): Float64Array;
  /** [k] derivatives to [m]: the transpose of `apply`; a work buffer too. */
  transposed(derivative: Float64Array): Float64Array;
}

/** Points of the even axis on the width of the Gaussian: the sums over it then equal integrals to rounding. */
const POINTS_PER_WIDTH = 24;
/** Beyond this many σ the Gaussian is left out. */
const REACH = 4;
const FWHM_PER_SIGMA = 2 * Math.sqrt(2 * Math.LN2);

/**
 * Smooth with a Gaussian in two moves, each a sum with fixed weights: every point's share of the area goes to its two neighbours on the even axis, then the Gaussian is summed there.
 *
 * @param fwhm of the Gaussian, degrees
 * @param fall degrees in which the window falls to zero at the ends, as sin²
 */
export function patternSmoother({ twoTheta, excluded = [] }: Pick<Pattern, 'twoTheta' | 'excluded'>, fwhm: number, fall: number): PatternSmoother {
  const count = twoTheta.length;
  const first = twoTheta[0];
  const range = twoTheta[count - 1] - first;
  const size = Math.max(2, Math.min(count, Math.ceil((POINTS_PER_WIDTH * range) / fwhm) + 1));
  const step = range / (size - 1);
  const left = new Int32Array(count);
  const toLeft = new Float64Array(count);
  const toRight = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const at = (twoTheta[i] - first) / step;
    left[i] = Math.min(size - 2, Math.floor(at));
    const share = (twoTheta[Math.min(count - 1, i + 1)] - twoTheta[Math.max(0, i - 1)]) / 2 / step;
    const weight = share * windowAt(twoTheta[i] - first, first + range - twoTheta[i], fall) * (excluded.some(({ from, to }) => twoTheta[i] >= from && twoTheta[i] <= to) ? 0 : 1);
    toRight[i] = weight * (at - left[i]);
    toLeft[i] = weight - toRight[i];
  }
  const gaussian = gaussianWeights(fwhm / FWHM_PER_SIGMA / step, size);
  const binned = new Float64Array(size);
  const spread = new Float64Array(size);
  const back = new Float64Array(count);
  return {
    twoTheta: Float64Array.from({ length: size }, (_, k) => first + k * step),
    apply(intensity) {
      binned.fill(0);
      for (let i = 0; i < count; i++) {
        const k = left[i];
        binned[k] += toLeft[i] * intensity[i];
        binned[k + 1] += toRight[i] * intensity[i];
      }
      return convolve(binned, gaussian, spread);
    },
    transposed(derivative) {
      // The Gaussian is its own transpose.
      convolve(derivative, gaussian, binned);
      for (let i = 0; i < count; i++) back[i] = toLeft[i] * binned[left[i]] + toRight[i] * binned[left[i] + 1];
      return back;
    },
  };
}

function windowAt(fromStart: number, fromEnd: number, fall: number): number {
  const distance = Math.min(fromStart, fromEnd);
  return distance >= fall ? 1 : Math.sin(((Math.PI / 2) * distance) / fall) ** 2;
}

/** Weights of a Gaussian at 0, 1, … steps, of unit sum over both sides. */
function gaussianWeights(sigma: number, size: number): Float64Array {
  const reach = Math.min(size - 1, Math.ceil(REACH * sigma));
  const weights = Float64Array.from({ length: reach + 1 }, (_, k) => Math.exp(-0.5 * (k / sigma) ** 2));
  const sum = weights.reduce((total, weight, k) => total + (k === 0 ? weight : 2 * weight), 0);
  return weights.map((weight) => weight / sum);
}

function convolve(from: Float64Array, weights: Float64Array, into: Float64Array): Float64Array {
  const size = from.length;
  const reach = weights.length - 1;
  for (let i = 0; i < size; i++) {
    let sum = weights[0] * from[i];
    const before = Math.min(reach, i);
    const after = Math.min(reach, size - 1 - i);
    for (let k = 1; k <= before; k++) sum += weights[k] * from[i - k];
    for (let k = 1; k <= after; k++) sum += weights[k] * from[i + k];
    into[i] = sum;
  }
  return into;
}
