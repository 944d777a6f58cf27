import type { Structure } from './structure.js';
import type { StructureGradient } from './gradient.js';
import type { Reflection } from './pattern.js';

/** A number of the experiment that may be refined beside the structure, such as a zero shift. */
export interface ModelParameter {
  /** Key of the configuration, such as `zero` or `background.0`. */
  readonly id: string;
  /** Unit for people, such as `degrees`; `1` where it has none. */
  readonly unit: string;
  /** The value the model was made with. */
  readonly value: number;
  /** Smallest and largest value a refinement may give it. */
  readonly bounds: readonly [number, number];
  /** A change that is felt in the pattern about as much as 0.01 Å in the structure: the step optimizers see as one unit is a hundred of it. */
  readonly step: number;
}

/** Preferred orientation of March and Dollase. */
export interface Texture {
  /** Miller indices of the planes whose normal is the preferred direction. */
  readonly direction: readonly [number, number, number];
  /** March's r; 1 is none. */
  readonly r: number;
}

/** A forward model of the diffraction experiment: instrument and corrections, no crystal yet. */
export interface PatternModel {
  readonly id: string;
  /** Primary wavelength in Å. */
  readonly wavelength: number;
  /** What may be refined of it; the order is that of the parameter vectors below. */
  readonly parameters: readonly ModelParameter[];
  /** The stick pattern between two Bragg angles (degrees), ascending in 2θ. */
  reflections(structure: Structure, from: number, to: number): readonly Reflection[];
  /**
   * Bind the model to a 2θ axis; what depends on the axis alone is computed once.
   * @param twoTheta [m] degrees, strictly ascending
   */
  on(twoTheta: Float64Array): PatternCalculator;
  /** The same model with peaks widened by a Gaussian of this FWHM (degrees); absent where that has no meaning. */
  broadened?(fwhm: number): PatternModel;
  /** The same model with preferred orientation of the refined phase; absent where that has no meaning. */
  textured?(texture: Texture): PatternModel;
}

/** A pattern model on one 2θ axis. It owns work buffers, so one calculator serves one caller at a time. */
export interface PatternCalculator {
  readonly twoTheta: Float64Array;
  /**
   * [m] calculated intensities, a fresh array.
   * @param parameters values of the model's parameters; those it was made with if left out
   */
  simulate(structure: Structure, parameters?: Float64Array): Float64Array;
  /**
   * Value and vector–Jacobian product; the result is valid until the next call on this calculator.
   * @param parameters as above; if they are left out, so is their gradient
   */
  linearize(structure: Structure, parameters?: Float64Array): LinearizedPattern;
}

/** A calculated pattern together with the transpose of its derivative. */
export interface LinearizedPattern {
  /** [m] calculated intensities; a view of a work buffer. */
  readonly calc: Float64Array;
  /** Gradient of a scalar whose gradient in `calc` is `dCalc` [m]. */
  pullback(dCalc: Float64Array): PatternGradient;
}

/** Gradient in the structure and in the model's parameters. */
export interface PatternGradient extends StructureGradient {
  /** [parameters] d value / d parameter; present if values were given. */
  readonly parameters?: Float64Array;
}
