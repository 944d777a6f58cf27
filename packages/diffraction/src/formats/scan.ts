import type { Pattern } from '@braggscape/core';

/** What a file says of the radiation and of regions to leave out. */
export type Circumstances = Pick<Pattern, 'wavelength' | 'spectrum' | 'radiation' | 'excluded'>;

/** A scan as a file gives it, before it is checked. */
export interface RawScan extends Circumstances {
  /** Degrees. */
  readonly twoTheta: ArrayLike<number>;
  readonly intensity: ArrayLike<number>;
  readonly sigma?: ArrayLike<number>;
  /** Line of each point, 1-based, where the file has lines. */
  readonly lines?: ArrayLike<number>;
  /** Whether each angle is listed by itself, so that a missing point shows as a gap in an even axis. */
  readonly listed?: boolean;
}
