/** Divided by the largest magnitude, which must not be zero, so that no square overflows and not all of them vanish. */
export function dividedByLargest(values: ArrayLike<number>): Float64Array {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]));
  return Float64Array.from(values, (value) => value / largest);
}

/** Mean of values of moderate size. */
export function mean(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}
