import { requireCount, requirePairedRows } from './checks.js';
import { pearson, spearman } from './correlation.js';
import type { Estimate } from './interval.js';
import { mutualInformation } from './mutualInformation.js';
import { bootstrapInterval, subsamplingInterval } from './resampling.js';
import type { ResamplingOptions } from './resampling.js';

/** How two variables depend on each other. */
export interface Dependence {
  readonly rows: number;
  /** Pearson's correlation with its percentile bootstrap interval; null if a variable is constant. */
  readonly pearson: Estimate | null;
  /** Spearman's rank correlation with its percentile bootstrap interval; null if a variable is constant. */
  readonly spearman: Estimate | null;
  /** Mutual information in nats with its interval from half samples, neither below zero. */
  readonly mutualInformation: Estimate;
}

/** Options of {@link dependence}. */
export interface DependenceOptions extends ResamplingOptions {
  /** Nearest neighbours of the mutual information. @default 3 */
  readonly neighbours?: number;
}

/**
 * Correlation, rank correlation and mutual information of two variables, each with the interval that suits it.
 *
 * @param x [rows]
 * @param y [rows]
 * @throws BraggscapeError `option.invalid` for different lengths, NaN and infinities, options out of range, and fewer rows than 2 (neighbours + 1): half of them must do for an estimate
 */
export function dependence(x: ArrayLike<number>, y: ArrayLike<number>, options: DependenceOptions = {}): Dependence {
  const { neighbours = 3, seed = 0 } = options;
  requireCount(neighbours, 'neighbours', 1);
  requirePairedRows(x, y, 2 * (neighbours + 1));
  const information = subsamplingInterval(x, y, (a, b) => mutualInformation(a, b, { neighbours, seed, clipped: false }), options);
  return {
    rows: x.length,
    pearson: bootstrapInterval(x, y, pearson, options),
    spearman: bootstrapInterval(x, y, spearman, options),
    mutualInformation: {
      value: Math.max(0, information?.value ?? 0),
      low: Math.max(0, information?.low ?? 0),
      high: Math.max(0, information?.high ?? 0),
    },
  };
}
