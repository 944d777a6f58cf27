import type { Minimizer, MinimizerStep, VectorEvaluation } from '@braggscape/core';

/** State of {@link bestSoFar}. */
export interface BestSoFarState<State> {
  readonly inner: State;
  /** Lowest point met. */
  readonly best: { readonly x: Float64Array; readonly evaluation: VectorEvaluation };
}

/**
 * Wraps a minimizer and remembers the lowest point it met in its state, because first-order methods end where they happen to be (the pattern is optimistix'
 * BestSoFarMinimiser). The iteration itself is unchanged.
 */
export function bestSoFar<State>(minimizer: Minimizer<State>): Minimizer<BestSoFarState<State>> {
  const wrap = (step: MinimizerStep<State>, before?: BestSoFarState<State>['best']): MinimizerStep<BestSoFarState<State>> => {
    const { x, evaluation } = step;
    const better = before === undefined || evaluation.value < before.evaluation.value || Number.isNaN(before.evaluation.value);
    return { ...step, state: { inner: step.state, best: better ? { x, evaluation } : before } };
  };
  return {
    kind: 'minimizer',
    init: async (problem, x) => wrap(await minimizer.init(problem, x)),
    step: async (problem, current) =>
      wrap(await minimizer.step(problem, { ...current, state: current.state.inner }), current.state.best),
  };
}
