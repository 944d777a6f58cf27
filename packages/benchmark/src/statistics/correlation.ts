import { requirePairedRows } from './checks.js';
import { dividedByLargest, mean } from './scaling.js';

/**
 * Pearson's correlation: r = Σ (xᵢ − x̄)(yᵢ − ȳ) / √(Σ (xᵢ − x̄)² Σ (yᵢ − ȳ)²), how well a straight line describes y as a function of x.
 *
 * @param x [rows]
 * @param y [rows]
 * @returns −1…1, or null where it is not defined: x or y constant, as with fewer than two rows
 * @throws BraggscapeError `option.invalid` for different lengths, NaN and infinities
 */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): number | null {
  requirePairedRows(x, y);
  if (isConstant(x) || isConstant(y)) return null;
  const [a, b] = [unitDeviations(x), unitDeviations(y)];
  let r = 0;
  for (let i = 0; i < a.length; i++) r += a[i] * b[i];
  return Math.max(-1, Math.min(1, r));
}

/**
 * Spearman's rank correlation: {@link pearson} of the ranks, where tied values share the mean of their ranks (Spearman, Am. J. Psychol. 15, 72 (1904)). How well any monotone function
 * describes y as a function of x; it stays the same under monotone maps of either.
 *
 * @param x [rows]
 * @param y [rows]
 * @returns −1…1, or null where it is not defined: x or y constant, as with fewer than two rows
 * @throws BraggscapeError `option.invalid` for different lengths, NaN and infinities
 */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number | null {
  requirePairedRows(x, y);
  return pearson(averageRanks(x), averageRanks(y));
}

/** Ranks from 1; tied values share the mean of the ranks that they take up. */
export function averageRanks(values: ArrayLike<number>): Float64Array {
  const order = Uint32Array.from({ length: values.length }, (_, i) => i).sort((i, j) => values[i] - values[j]);
  const ranks = new Float64Array(values.length);
  for (let first = 0; first < order.length; ) {
    let end = first + 1;
    while (end < order.length && values[order[end]] === values[order[first]]) end++;
    // The ranks first + 1 … end have this mean.
    for (let i = first; i < end; i++) ranks[order[i]] = (first + 1 + end) / 2;
    first = end;
  }
  return ranks;
}

/** Whether all values are the same. Compared exactly: the rounded mean of equal numbers need not be that number. */
export function isConstant(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false;
  return true;
}

/** Deviations from the mean, divided by their norm. */
function unitDeviations(values: ArrayLike<number>): Float64Array {
  const deviations = dividedByLargest(values);
  const centre = mean(deviations);
  let squares = 0;
  for (let i = 0; i < deviations.length; i++) {
    deviations[i] -= centre;
    squares += deviations[i] ** 2;
  }
  const norm = Math.sqrt(squares);
  for (let i = 0; i < deviations.length; i++) deviations[i] /= norm;
  return deviations;
}
