import { BraggscapeError } from '@braggscape/core';

/**
 * The quantile of a sample: linear between order statistics, at position (n − 1) p (type 7 of Hyndman & Fan, Am. Stat. 50, 361 (1996); NumPy's default). Infinities are ordered
 * like any number.
 *
 * @param p 0 for the smallest value, 1 for the greatest
 * @returns null of no values
 * @throws BraggscapeError `option.invalid` for a value that is NaN, and p outside of 0…1
 */
export function quantile(values: ArrayLike<number>, p: number): number | null {
  if (!(p >= 0 && p <= 1)) throw new BraggscapeError('option.invalid', `p is ${p}`, { path: 'p', hint: 'give a number from 0 to 1' });
  const sorted = Float64Array.from(values).sort();
  for (let i = 0; i < sorted.length; i++) {
    if (Number.isNaN(sorted[i])) throw new BraggscapeError('option.invalid', 'a value is NaN', { path: 'values', hint: 'leave values that are no numbers out' });
  }
  return sorted.length === 0 ? null : sortedQuantile(sorted, p);
}

/** The median of a sample: the {@link quantile} for p = ½. Null of no values. */
export function median(values: ArrayLike<number>): number | null {
  return quantile(values, 0.5);
}

/** {@link quantile} of values that ascend, at least one of them. */
export function sortedQuantile(sorted: ArrayLike<number>, p: number): number {
  const position = (sorted.length - 1) * p;
  const below = Math.floor(position);
  const rest = position - below;
  // An infinity times zero, or minus another one, would be NaN.
  if (rest === 0 || sorted[below] === sorted[below + 1]) return sorted[below];
  return sorted[below] * (1 - rest) + sorted[below + 1] * rest;
}
