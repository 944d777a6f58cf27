import type { Structure } from './structure.js';
import type { StructureGradient } from './gradient.js';
import type { Need } from './metric.js';

/** A structure-to-number map to be minimized. */
export interface Objective {
  readonly id: string;
  /** Unit of the value: `1` for a dimensionless loss, `eV/atom` for an energy. */
  readonly unit: string;
  /** What `evaluate` can deliver. */
  readonly provides: ReadonlySet<Need>;
  /**
   * Evaluate at a structure. The only asynchronous border that optimizers see.
   * A value or gradient that is not finite is returned as it is: the run's guard rejects the step.
   */
  evaluate(structure: Structure, need: Need, signal?: AbortSignal): Promise<Evaluation>;
  /** Release what the objective holds (models, tensors, workers). */
  dispose?(): void;
}

export interface Evaluation {
  readonly value: number;
  /** Present when asked for and provided. */
  readonly gradient?: StructureGradient;
  /** Further numbers worth recording, by name. */
  readonly extra?: Readonly<Record<string, number>>;
}
