/** A powder pattern: intensities on an ascending 2θ axis. */
export interface Pattern {
  /** [m] degrees, strictly ascending. */
  readonly twoTheta: Float64Array;
  /** [m] counts or arbitrary units. */
  readonly intensity: Float64Array;
  /** [m] standard uncertainties of the intensities, same unit, where the source gives them. */
  readonly sigma?: Float64Array;
  /** Primary wavelength in Å, where the source states it. */
  readonly wavelength?: number;
  /** All lines of the radiation where the source states more than one, the primary first. */
  readonly spectrum?: readonly EmissionLine[];
  /** Kind of radiation, where the source states it. */
  readonly radiation?: 'x-ray' | 'neutron';
  /** Regions of 2θ that comparisons leave out, both ends inclusive. */
  readonly excluded?: readonly AngularInterval[];
}

/** One line of a wavelength spectrum. */
export interface EmissionLine {
  /** Å. */
  readonly wavelength: number;
  /** Intensity relative to the other lines, in any scale. */
  readonly weight: number;
}

/** An interval of 2θ in degrees. */
export interface AngularInterval {
  readonly from: number;
  readonly to: number;
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
