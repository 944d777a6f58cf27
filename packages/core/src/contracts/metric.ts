import type { Pattern } from './pattern.js';

/** What the caller wants computed: never pay for a gradient that is not read. */
export type Need = 'value' | 'gradient';

/** A number that says how unlike two patterns are: lower is better, 0 is identical. */
export interface Metric {
  readonly id: string;
  /** Smallest and largest value the metric takes on non-negative patterns. */
  readonly bounds: readonly [number, number];
  /** Whether comparisons give `dCalc`; only such a metric can serve as an objective for descent. */
  readonly differentiable: boolean;
  /**
   * Bind the metric to the observed pattern; what depends on it alone is computed once.
   * @throws BraggscapeError `pattern.invalid` if the metric is undefined for it, such as an all-zero pattern.
   */
  against(observed: Pattern): Comparison;
  /**
   * For a metric that is a sum of squares, or its root: the residuals, a fresh array [m] for each calculated pattern, whose squares add up to the value (or to its square). Absent for all others.
   * @throws BraggscapeError as `against`
   */
  residualsAgainst?(observed: Pattern): (calc: Float64Array) => Float64Array;
}

/**
 * Compare a calculated pattern [m] with the bound one.
 * A calculated pattern of zeros is a legal argument and gets the worst finite value the metric defines for it.
 */
export type Comparison = (calc: Float64Array, need: Need) => MetricValue;

export interface MetricValue {
  readonly value: number;
  /** [m] d value / d calc; present when asked for and the metric is differentiable. A work buffer: read before the next call. */
  readonly dCalc?: Float64Array;
}
