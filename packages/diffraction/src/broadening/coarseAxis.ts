/** Points on the width of a broadened peak: fewer show in the loss, more cost time. */
const POINTS_PER_WIDTH = 10;

/**
 * The axis for patterns that were broadened: as coarse as the width allows, with the ends of the fine one (which polynomials of the background are scaled to).
 *
 * Sums over a Gaussian sampled ten times on its width equal its integral to 1e-15; what differs from the fine axis is the weight of the two ends, by half a step each.
 *
 * @param twoTheta [m] degrees, ascending
 * @param fwhm degrees
 * @returns the axis itself where it is no finer
 */
export function coarseAxis(twoTheta: Float64Array, fwhm: number): Float64Array {
  const first = twoTheta[0];
  const range = twoTheta[twoTheta.length - 1] - first;
  const intervals = Math.max(2, Math.ceil((POINTS_PER_WIDTH * range) / fwhm));
  if (intervals + 1 >= twoTheta.length) return twoTheta;
  return Float64Array.from({ length: intervals + 1 }, (_, i) => first + (i * range) / intervals);
}
