/** A powder pattern: intensities on an ascending 2θ axis. */
export interface Pattern {
  /** [m] degrees, strictly ascending. */
  readonly twoTheta: Float64Array;
  /** [m] counts or arbitrary units. */
  readonly intensity: Float64Array;
  /** [m] standard uncertainties of the intensities, same unit, where the source gives them. */
  readonly sigma?: Float64Array;
  /** Wavelength in Å, where the source states it. */
  readonly wavelength?: number;
}

/** One line of the stick pattern: all reflections that share a Bragg angle. */
export interface Reflection {
  readonly h: number;
  readonly k: number;
  readonly l: number;
  /** Å. */
  readonly dSpacing: number;
  /** Degrees. */
  readonly twoTheta: number;
  /** How many reciprocal-lattice points share the line, Friedel mates counted. */
  readonly multiplicity: number;
  /** Σ |F|²·LP over those points, unscaled. */
  readonly intensity: number;
}

/** An inclusive 2θ window sampled uniformly. */
export interface TwoThetaRange {
  /** Degrees. */
  readonly start: number;
  /** Degrees. */
  readonly stop: number;
  /** Number of points, both ends included. */
  readonly count: number;
}

/** The uniform 2θ axis of a range, degrees. */
export function twoThetaAxis(range: TwoThetaRange): Float64Array {
  const axis = new Float64Array(range.count);
  const step = range.count > 1 ? (range.stop - range.start) / (range.count - 1) : 0;
  for (let i = 0; i < range.count; i++) axis[i] = range.start + i * step;
  return axis;
}
