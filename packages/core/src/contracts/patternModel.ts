import type { Structure } from './structure.js';
import type { StructureGradient } from './gradient.js';
import type { Reflection } from './pattern.js';

/** A forward model of the diffraction experiment: instrument and corrections, no crystal yet. */
export interface PatternModel {
  readonly id: string;
  /** Primary wavelength in Å. */
  readonly wavelength: number;
  /** The stick pattern between two Bragg angles (degrees), ascending in 2θ. */
  reflections(structure: Structure, from: number, to: number): readonly Reflection[];
  /**
   * Bind the model to a 2θ axis; what depends on the axis alone is computed once.
   * @param twoTheta [m] degrees, strictly ascending
   */
  on(twoTheta: Float64Array): PatternCalculator;
}

/** A pattern model on one 2θ axis. It owns work buffers, so one calculator serves one caller at a time. */
export interface PatternCalculator {
  readonly twoTheta: Float64Array;
  /** [m] calculated intensities, a fresh array. */
  simulate(structure: Structure): Float64Array;
  /** Value and vector–Jacobian product; the result is valid until the next call on this calculator. */
  linearize(structure: Structure): LinearizedPattern;
}

/** A calculated pattern together with the transpose of its derivative. */
export interface LinearizedPattern {
  /** [m] calculated intensities; a view of a work buffer. */
  readonly calc: Float64Array;
  /** Gradient in the structure of a scalar whose gradient in `calc` is `dCalc` [m]. */
  pullback(dCalc: Float64Array): StructureGradient;
}
