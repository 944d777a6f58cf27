import type { Minimizer, MinimizerStep } from '@braggscape/core';
import { withKnownPoint } from './knownPoint.js';

/** Options of {@link restarts}. */
export interface RestartOptions {
  /** Steps before the first restart. */
  readonly period: number;
  /** Each period is this many times as long as the one before; at least 1. */
  readonly growth: number;
}

/** State of {@link restarts}. */
export interface RestartState<State> {
  readonly inner: State;
  /** Steps since the last restart. */
  readonly steps: number;
  /** Steps of the present period. */
  readonly period: number;
}

/**
 * Makes a minimizer forget its memory, momentum and schedule from time to time, and where it finds no further step: it begins anew at the point it has reached, which costs no evaluation.
 * With a falling learning rate these are the warm restarts of I. Loshchilov & F. Hutter, ICLR 2017, arXiv:1608.03983.
 */
export function restarts<State>(minimizer: Minimizer<State>, { period, growth }: RestartOptions): Minimizer<RestartState<State>> {
  return {
    kind: 'minimizer',
    async init(problem, x) {
      const first = await minimizer.init(problem, x);
      return { ...first, state: { inner: first.state, steps: 0, period } };
    },
    async step(problem, current): Promise<MinimizerStep<RestartState<State>>> {
      const { x, evaluation, state } = current;
      const due = state.steps >= state.period;
      const anew = async (): Promise<State> => (await minimizer.init(withKnownPoint(problem, x, evaluation), x)).state;
      const next = await minimizer.step(problem, { ...current, state: due ? await anew() : state.inner });
      if (next.failed === undefined) {
        return { ...next, state: { inner: next.state, steps: due ? 1 : state.steps + 1, period: due ? Math.ceil(state.period * growth) : state.period } };
      }
      if (due || state.steps === 0) return { ...next, state };
      // Stuck with what it remembers; if a fresh one is stuck too, that is the end.
      const fresh = await minimizer.step(problem, { ...current, state: await anew() });
      return { ...fresh, rejected: next.rejected + fresh.rejected, state: fresh.failed === undefined ? { inner: fresh.state, steps: 1, period: state.period } : state };
    },
  };
}
