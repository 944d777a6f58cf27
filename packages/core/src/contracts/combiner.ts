import type { VectorEvaluation } from './optimizer.js';

/** Many objectives into one value and one direction. */
export interface Combiner<State = unknown> {
  readonly id: string;
  init(objectives: readonly CombinerInput[]): State;
  /** @param parts one evaluation per objective, in the order given to `init` */
  combine(parts: readonly VectorEvaluation[], state: State): CombinerResult<State>;
}

export interface CombinerInput {
  readonly id: string;
  readonly unit: string;
  /** Weight asked for by the user, in 1/unit. */
  readonly weight: number;
}

export interface CombinerResult<State = unknown> {
  readonly value: number;
  /** Present when every part has one. */
  readonly gradient?: Float64Array;
  /** Weight given to each objective. */
  readonly weights: Float64Array;
  readonly state: State;
}
