import type { Need } from './metric.js';

/** What a transform may know about the moment it is called. */
export interface StepInfo {
  /** Steps accepted so far; 0 at the first call. */
  readonly step: number;
  /** Current point. */
  readonly x: Float64Array;
  /** Objective value at x. */
  readonly value: number;
}

/**
 * A gradient transform: a pair of pure functions (Optax's design). The incoming vector of the first transform of a chain is the
 * gradient, the outgoing vector of the last one is the change of x. All memory lives in the state, which is plain cloneable data.
 */
export interface GradientTransform<State = unknown> {
  readonly kind: 'transform';
  init(x: Float64Array): State;
  update(update: Float64Array, state: State, at: StepInfo): readonly [Float64Array, State];
}

/** A function on vectors with its feasible set. */
export interface VectorProblem {
  readonly size: number;
  /** Value and, if asked, gradient; numbers that are not finite mean that x is inadmissible. Counts as one evaluation. */
  evaluate(x: Float64Array, need: Need): Promise<VectorEvaluation>;
  /** Nearest feasible point; the identity where nothing constrains x. Not finite where x is inadmissible. */
  project(x: Float64Array): Float64Array;
  /**
   * [m] residuals whose sum of squares rises and falls with the value, in no unit that matters; numbers that are not finite mean that x is inadmissible. Absent where the value
   * is no sum of squares. Counts as one evaluation.
   */
  residuals?(x: Float64Array): Promise<Float64Array>;
  /** Lengths of runs of components that are alike, such as the cell and the coordinates, in their order; absent where every component is a kind of its own. */
  readonly blocks?: readonly number[];
}

export interface VectorEvaluation {
  readonly value: number;
  /** [size] d value / d x, present when asked for. */
  readonly gradient?: Float64Array;
  /** Values of the objectives it was combined from, by id, where there are several. */
  readonly parts?: Readonly<Record<string, number>>;
  /** Largest angle between the gradients of two of those objectives, degrees; absent where fewer than two have one that is not zero. Above 90 some objective opposes another. */
  readonly conflictAngle?: number;
}

/** An iterative minimizer: explicit state, one step at a time, so that checkpoints and resumption come for free. */
export interface Minimizer<State = unknown> {
  readonly kind: 'minimizer';
  /** State at the start; evaluates the problem at x. */
  init(problem: VectorProblem, x: Float64Array): Promise<MinimizerStep<State>>;
  /** One accepted step, or a refusal with the reason. */
  step(problem: VectorProblem, current: MinimizerStep<State>): Promise<MinimizerStep<State>>;
}

export interface MinimizerStep<State = unknown> {
  readonly x: Float64Array;
  readonly evaluation: VectorEvaluation;
  /** Plain cloneable data: numbers, strings, booleans, typed arrays, arrays and records of them. */
  readonly state: State;
  /** Trial points rejected on the way because they were inadmissible or gave numbers that are not finite. */
  readonly rejected: number;
  /** Set when no admissible step was found: the point has not moved. */
  readonly failed?: 'nonFinite' | 'noProgress';
}
