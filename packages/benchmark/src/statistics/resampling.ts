import { BraggscapeError, randomFromSeed } from '@braggscape/core';
import type { Random } from '@braggscape/core';
import { requireCount, requireLevel, requirePairedRows } from './checks.js';
import type { Estimate } from './interval.js';
import type { LevelOptions } from './jeffreys.js';
import { sortedQuantile } from './quantile.js';

/** A number that is computed from paired rows; null where it is not defined. The columns belong to the caller and are overwritten after the call. */
export type PairedStatistic = (x: Float64Array, y: Float64Array) => number | null;

/** Options of intervals by resampling. */
export interface ResamplingOptions extends LevelOptions {
  /** How many samples are drawn from the rows. @default 1000 */
  readonly resamples?: number;
  /** Seed of the draws: equal seeds give equal intervals. @default 0 */
  readonly seed?: number;
}

/** Options of {@link subsamplingInterval}. */
export interface SubsamplingOptions extends ResamplingOptions {
  /** Part of the rows that a subsample has. @default 0.5 */
  readonly fraction?: number;
}

/**
 * A statistic of paired rows with its percentile bootstrap interval: the quantiles (1 ∓ level)/2 of the statistic over samples of n rows that are drawn with replacement
 * (Efron & Tibshirani, An Introduction to the Bootstrap (1993), chapter 13). Rows are taken for independent. Samples in which the statistic is not defined, as the
 * correlation of one row n times, do not count.
 *
 * Not for statistics of nearest neighbours such as mutual information: a row that is drawn twice is its own neighbour at distance zero. See {@link subsamplingInterval}.
 *
 * @param x [rows]
 * @param y [rows]
 * @returns null where the statistic is not defined on the rows
 * @throws BraggscapeError `option.invalid` for different lengths, no rows, NaN and infinities, and options out of range
 */
export function bootstrapInterval(x: ArrayLike<number>, y: ArrayLike<number>, statistic: PairedStatistic, options: ResamplingOptions = {}): Estimate | null {
  const n = x.length;
  const { value, replicates } = resample(x, y, statistic, n, options, 'bootstrap', (rows, random) => {
    for (let i = 0; i < n; i++) rows[i] = random.integer(n);
  });
  if (value === null) return null;
  const { level = 0.95 } = options;
  return { value, low: sortedQuantile(replicates, (1 - level) / 2), high: sortedQuantile(replicates, (1 + level) / 2) };
}

/**
 * A statistic of paired rows with an interval from subsamples of m < n rows that are drawn without replacement, so that no row is there twice.
 *
 * With replacement, some 37 % of the rows are missing and others come twice or more. To estimators from nearest neighbours such twins look like perfect dependence: mutual information rises by
 * several tenths of a nat (Holmes & Nemenman, Phys. Rev. E 100, 022404 (2019), who scale the scatter of subsamples instead). Subsamples are true samples of the same
 * distribution (Politis & Romano, Ann. Stat. 22, 2031 (1994)). They share rows with the whole, so that their scatter about it is less than that of independent samples of m rows; by the delete-d
 * jackknife (Shao & Wu, Ann. Stat. 17, 1176 (1989); its histogram: Wu, Ann. Stat. 18, 1438 (1990)), with d = n − m, the error of a statistic T that converges as 1/√n is distributed as
 *
 *   √(m / (n − m)) · (T_m − ⟨T_m⟩),
 *
 * a factor of 1 for half of the rows. The interval is T minus the quantiles (1 ± level)/2 of that. About the mean ⟨T_m⟩ and not about T, since a bias that depends on the number of rows would
 * move the interval; the bias of T itself stays. Rows are taken for independent.
 *
 * @param x [rows]
 * @param y [rows]
 * @returns null where the statistic is not defined on the rows
 * @throws BraggscapeError `option.invalid` for different lengths, fewer than two rows, NaN and infinities, and options out of range
 */
export function subsamplingInterval(x: ArrayLike<number>, y: ArrayLike<number>, statistic: PairedStatistic, options: SubsamplingOptions = {}): Estimate | null {
  const { level = 0.95, fraction = 0.5 } = options;
  requirePairedRows(x, y, 2);
  const n = x.length;
  const m = Math.round(fraction * n);
  if (!(m >= 1 && m < n)) throw new BraggscapeError('option.invalid', `fraction is ${fraction}, which takes ${m} of ${n} rows`, { path: 'fraction', hint: 'give a number between 0 and 1 that takes some rows and leaves some, such as 0.5' });
  const deck = Uint32Array.from({ length: n }, (_, i) => i);
  const { value, replicates } = resample(x, y, statistic, m, options, 'subsampling', (rows, random) => {
    // The first m cards of a shuffled deck (Fisher & Yates); any order of the deck will do to begin with.
    for (let i = 0; i < m; i++) {
      const other = i + random.integer(n - i);
      [deck[i], deck[other]] = [deck[other], deck[i]];
    }
    rows.set(deck.subarray(0, m));
  });
  if (value === null) return null;
  const centre = replicates.reduce((sum, replicate) => sum + replicate / replicates.length, 0);
  const scale = Math.sqrt(m / (n - m));
  return {
    value,
    low: value - scale * (sortedQuantile(replicates, (1 + level) / 2) - centre),
    high: value - scale * (sortedQuantile(replicates, (1 - level) / 2) - centre),
  };
}

/** The statistic on all rows, and on samples of `size` rows, ascending; if it is defined on none of these, its value on all rows stands for them. */
function resample(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  statistic: PairedStatistic,
  size: number,
  { level = 0.95, resamples = 1000, seed = 0 }: ResamplingOptions,
  label: string,
  draw: (rows: Uint32Array, random: Random) => void,
): { readonly value: number | null; readonly replicates: Float64Array } {
  requirePairedRows(x, y, 1);
  requireLevel(level);
  requireCount(resamples, 'resamples', 1);
  const value = statistic(Float64Array.from(x), Float64Array.from(y));
  if (value === null) return { value, replicates: new Float64Array(0) };
  const random = randomFromSeed(seed).derive(label);
  const rows = new Uint32Array(size);
  const [sampleX, sampleY] = [new Float64Array(size), new Float64Array(size)];
  const replicates: number[] = [];
  for (let sample = 0; sample < resamples; sample++) {
    draw(rows, random);
    for (let i = 0; i < size; i++) {
      sampleX[i] = x[rows[i]];
      sampleY[i] = y[rows[i]];
    }
    const replicate = statistic(sampleX, sampleY);
    if (replicate !== null) replicates.push(replicate);
  }
  return { value, replicates: Float64Array.from(replicates.length > 0 ? replicates : [value]).sort() };
}
