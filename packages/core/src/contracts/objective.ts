import type { Structure } from './structure.js';
import type { StructureGradient } from './gradient.js';
import type { Need } from './metric.js';
import type { ModelParameter } from './patternModel.js';

/** A structure-to-number map to be minimized. */
export interface Objective {
  readonly id: string;
  /** Unit of the value: `1` for a dimensionless loss, `eV/atom` for an energy. */
  readonly unit: string;
  /** What `evaluate` can deliver. */
  readonly provides: ReadonlySet<Need>;
  /** Numbers of the experiment that the value depends on beside the structure; absent where there are none. */
  readonly parameters?: readonly ModelParameter[];
  /**
   * Evaluate at a structure. The only asynchronous border that optimizers see.
   * A value or gradient that is not finite is returned as it is: the run's guard rejects the step.
   *
   * @param parameters one value for each of `parameters`; their own values, and no gradient in them, if left out
   */
  evaluate(structure: Structure, need: Need, signal?: AbortSignal, parameters?: Float64Array): Promise<Evaluation>;
  /**
   * [m] residuals whose sum of squares rises and falls with the value, for methods of least squares; a fresh array. Absent where the value is no sum of squares.
   *
   * @param parameters as above
   */
  residuals?(structure: Structure, parameters?: Float64Array): Promise<Float64Array>;
  /** Release what the objective holds (models, tensors, workers). */
  dispose?(): void;
}

export interface Evaluation {
  readonly value: number;
  /** Present when asked for and provided. */
  readonly gradient?: StructureGradient;
  /** d value / d parameters; present with the gradient if parameters were given and count. */
  readonly parameterGradient?: Float64Array;
  /** Further numbers worth recording, by name. */
  readonly extra?: Readonly<Record<string, number>>;
}
