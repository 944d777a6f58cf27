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
