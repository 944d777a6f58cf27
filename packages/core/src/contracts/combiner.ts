import type { VectorEvaluation } from './optimizer.js';

/**
 * Many objectives into one value and one direction.
 *
 * Laws: the gradient is Σ weightsᵢ·gradientᵢ; a part that is not finite leaves no finite combination, so that the point is refused; `combine` is pure, and all memory is in the state, which is plain data and
 * is kept only for accepted points.
 */
export interface Combiner<State = unknown> {
  readonly id: string;
  init(objectives: readonly CombinerInput[]): State;
  /** @param parts one evaluation per objective, in the order given to `init` */
  combine(parts: readonly VectorEvaluation[], state: State): CombinerResult<State>;
}

export interface CombinerInput {
  readonly id: string;
  readonly unit: string;
  /**
   * Weight asked for by the user, in 1/unit. A weight of 1 sets 1 eV/atom equal to a loss of 1: for a cosine loss, all of the way from a pattern with nothing in common to a perfect fit.
   */
  readonly weight: number;
}

export interface CombinerResult<State = unknown> {
  readonly value: number;
  /** Present when every part has one. */
  readonly gradient?: Float64Array;
  /** Weight given to each objective at this point: its share in the gradient. */
  readonly weights: Float64Array;
  readonly state: State;
}
