/**
 * Indices of the points worth drawing: in each of `columns` equal stretches of the axis the lowest and the highest point of every series, so that no peak
 * is lost, and the two ends.
 *
 * @param axis [m] ascending
 * @param series each [m]
 */
export function thinnedIndices(axis: ArrayLike<number>, series: readonly ArrayLike<number>[], columns: number): readonly number[] {
  const count = axis.length;
  if (count <= 2 * columns) return Array.from({ length: count }, (_, i) => i);
  const kept = new Set([0, count - 1]);
  const span = axis[count - 1] - axis[0];
  let first = 0;
  for (let column = 1; column <= columns; column++) {
    const until = column === columns ? Infinity : axis[0] + (column / columns) * span;
    let end = first;
    while (end < count && axis[end] < until) end++;
    if (end > first) for (const values of series) for (const i of extremes(values, first, end)) kept.add(i);
    first = end;
  }
  return [...kept].sort((a, b) => a - b);
}

function extremes(values: ArrayLike<number>, first: number, end: number): readonly [number, number] {
  let [low, high] = [first, first];
  for (let i = first; i < end; i++) {
    if (values[i] < values[low]) low = i;
    if (values[i] > values[high]) high = i;
  }
  return [low, high];
}
