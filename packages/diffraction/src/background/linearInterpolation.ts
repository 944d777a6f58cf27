/**
 * Hat functions of points on an axis: the weighted sum of them is the line drawn through the points, level beyond the first and the last.
 *
 * @param points 2θ of the points, degrees, strictly ascending
 * @returns one array [m] for each point; at each angle they add up to one
 */
export function interpolationBasis(twoTheta: Float64Array, points: readonly number[]): readonly Float64Array[] {
  const last = points.length - 1;
  return points.map((at, k) => {
    const before = points[Math.max(0, k - 1)];
    const after = points[Math.min(last, k + 1)];
    return twoTheta.map((angle) => {
      if (angle <= at) return k === 0 ? 1 : Math.max(0, (angle - before) / (at - before));
      return k === last ? 1 : Math.max(0, (after - angle) / (after - at));
    });
  });
}
