/** Standard deviations after which a peak is cut: exp(−8²/2) ≈ 1e-14 of its height, so the cut is not felt by any derivative. */
export const GAUSSIAN_REACH = 8;

const NORMALIZATION = 1 / Math.sqrt(2 * Math.PI);

/** A 2θ axis prepared for drawing peaks: uniform ones allow a recurrence instead of one exponential per point. */
export interface Axis {
  readonly twoTheta: Float64Array;
  /** Degrees between points of a uniform axis; undefined if it is not uniform. */
  readonly step: number | undefined;
}

/** Prepare an axis; uniform means to 1e-9 of the step. */
export function prepareAxis(twoTheta: Float64Array): Axis {
  const last = twoTheta.length - 1;
  const step = (twoTheta[last] - twoTheta[0]) / last;
  const uniform = last > 0 && twoTheta.every((x, i) => Math.abs(x - (twoTheta[0] + i * step)) <= 1e-9 * step + 1e-12);
  return { twoTheta, step: uniform ? step : undefined };
}

/** Index of the first point at or beyond `angle`. */
export function firstPointFrom({ twoTheta, step }: Axis, angle: number): number {
  const { length } = twoTheta;
  if (step !== undefined) return Math.min(length, Math.max(0, Math.ceil((angle - twoTheta[0]) / step)));
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (twoTheta[middle] < angle) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Add a Gaussian of unit area times `weight` to `pattern`.
 * @param center degrees; @param sigma standard deviation in degrees
 */
export function addGaussian(axis: Axis, pattern: Float64Array, center: number, sigma: number, weight: number): void {
  const { twoTheta, step } = axis;
  const first = firstPointFrom(axis, center - GAUSSIAN_REACH * sigma);
  const end = firstPointFrom(axis, center + GAUSSIAN_REACH * sigma);
  if (first >= end) return;
  const a = 1 / (2 * sigma * sigma);
  const height = (weight * NORMALIZATION) / sigma;
  if (step === undefined) {
    for (let i = first; i < end; i++) {
      const u = twoTheta[i] - center;
      pattern[i] += height * Math.exp(-a * u * u);
    }
    return;
  }
  // From the point nearest the maximum outwards, so that rounding errors of the recurrence shrink with the peak:
  // g(u + δ) = g(u)·r(u), r(u + δ) = r(u)·exp(−2aδ²).
  const top = Math.min(end - 1, Math.max(first, Math.round((center - twoTheta[0]) / step)));
  const u = twoTheta[top] - center;
  const peak = height * Math.exp(-a * u * u);
  const damping = Math.exp(-2 * a * step * step);
  let g = peak;
  let r = Math.exp(-a * step * (2 * u + step));
  for (let i = top; i < end; i++) {
    pattern[i] += g;
    g *= r;
    r *= damping;
  }
  r = Math.exp(-a * step * (step - 2 * u));
  g = peak * r;
  for (let i = top - 1; i >= first; i--) {
    r *= damping;
    pattern[i] += g;
    g *= r;
  }
}

/**
 * Moments of a vector `d` [m] under a Gaussian of unit area: Σ d G, Σ d G u, Σ d G u² with u = 2θ − center.
 * They are all the pullback of {@link addGaussian} needs.
 */
export function gaussianMoments(axis: Axis, d: Float64Array, center: number, sigma: number, out: Float64Array): void {
  const { twoTheta, step } = axis;
  const first = firstPointFrom(axis, center - GAUSSIAN_REACH * sigma);
  const end = firstPointFrom(axis, center + GAUSSIAN_REACH * sigma);
  let m0 = 0;
  let m1 = 0;
  let m2 = 0;
  if (first < end) {
    const a = 1 / (2 * sigma * sigma);
    const height = NORMALIZATION / sigma;
    if (step === undefined) {
      for (let i = first; i < end; i++) {
        const u = twoTheta[i] - center;
        const weighted = d[i] * height * Math.exp(-a * u * u);
        m0 += weighted;
        m1 += weighted * u;
        m2 += weighted * u * u;
      }
    } else {
      const top = Math.min(end - 1, Math.max(first, Math.round((center - twoTheta[0]) / step)));
      const u0 = twoTheta[top] - center;
      const peak = height * Math.exp(-a * u0 * u0);
      const damping = Math.exp(-2 * a * step * step);
      let g = peak;
      let r = Math.exp(-a * step * (2 * u0 + step));
      for (let i = top; i < end; i++) {
        const u = twoTheta[i] - center;
        const weighted = d[i] * g;
        m0 += weighted;
        m1 += weighted * u;
        m2 += weighted * u * u;
        g *= r;
        r *= damping;
      }
      r = Math.exp(-a * step * (step - 2 * u0));
      g = peak * r;
      for (let i = top - 1; i >= first; i--) {
        const u = twoTheta[i] - center;
        const weighted = d[i] * g;
        m0 += weighted;
        m1 += weighted * u;
        m2 += weighted * u * u;
        r *= damping;
        g *= r;
      }
    }
  }
  out[0] = m0;
  out[1] = m1;
  out[2] = m2;
}
