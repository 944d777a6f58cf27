/** An interval of a number: from `low` to `high`, both included. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** A number that was estimated from a sample, and the interval that it lies in. */
export interface Estimate extends Interval {
  readonly value: number;
}
