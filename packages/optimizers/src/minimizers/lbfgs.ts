import { dot } from '@braggscape/core';
import type { Minimizer, MinimizerStep } from '@braggscape/core';
import { isFiniteEvaluation, searchLine } from './lineSearch.js';

/** Options of {@link lbfgs}. */
export interface LbfgsOptions {
  /** Pairs of steps and gradient changes that are kept. */
  readonly memory: number;
  /** Longest change of x in a step, as Euclidean norm. */
  readonly maxStep: number;
  /** Inverse curvature that the first step assumes, x² per value. */
  readonly firstStep: number;
  /**
   * Part of the slope that a step may leave, c₂ of the Wolfe conditions. 0.9 is the textbook's; with 1 any step that falls enough and along which the slope has lost anything is taken, as it teaches
   * the curvature: fewer evaluations where steps are cheap and evaluations are not.
   */
  readonly slopeLeft: number;
  /** Rise of the value that counts as none, as a part of its size: the rounding of the objective. */
  readonly noise: number;
  /** Rise of the value that counts as none, in its own unit: the rounding of a loss near zero. */
  readonly rounding: number;
}

/** State of {@link lbfgs}. */
export interface LbfgsState {
  /** Changes of x and of the gradient, the oldest first. */
  readonly steps: readonly Float64Array[];
  readonly changes: readonly Float64Array[];
}

/** c₁ of the Wolfe conditions, as usual for quasi-Newton steps. */
const SUFFICIENT_DECREASE = 1e-4;

/**
 * Limited-memory BFGS with a line search for the strong Wolfe conditions ({@link searchLine}): J. Nocedal, Math. Comput. 35 (1980) 773; Nocedal & Wright, Numerical Optimization (2006), algorithm 7.5. Pairs without
 * positive curvature are left out; a direction that is not downhill, or a step that leads nowhere, clears the memory.
 */
export function lbfgs({ memory, maxStep, firstStep, slopeLeft, noise, rounding }: LbfgsOptions): Minimizer<LbfgsState> {
  const search = { sufficientDecrease: SUFFICIENT_DECREASE, slopeLeft, noise, rounding };
  return {
    kind: 'minimizer',
    init: async (problem, x) => ({ x, evaluation: await problem.evaluate(x, 'gradient'), state: { steps: [], changes: [] }, rejected: 0 }),
    async step(problem, current): Promise<MinimizerStep<LbfgsState>> {
      const { x, evaluation } = current;
      if (!isFiniteEvaluation(evaluation)) return { ...current, rejected: 0, failed: 'nonFinite' };
      const gradient = evaluation.gradient as Float64Array;
      let rejected = 0;
      let finite = false;
      for (let state: LbfgsState = current.state; ; state = { steps: [], changes: [] }) {
        const direction = towardsMinimum(gradient, state, firstStep);
        const slope = dot(direction, gradient);
        if (slope < 0) {
          const longest = maxStep / Math.sqrt(dot(direction, direction));
          const line = await searchLine(problem, current, direction, 1, longest, search);
          rejected += line.rejected;
          finite ||= line.finite;
          if (line.found !== undefined) {
            const { x: to, evaluation: found } = line.found;
            return { x: to, evaluation: found, state: remember(state, x, to, gradient, found.gradient as Float64Array, memory), rejected };
          }
        }
        if (state.steps.length === 0) return { ...current, rejected, failed: finite || rejected === 0 ? 'noProgress' : 'nonFinite' };
      }
    },
  };
}

/** Minus the inverse Hessian times the gradient, by the two loops of algorithm 7.4. */
function towardsMinimum(gradient: Float64Array, { steps, changes }: LbfgsState, firstStep: number): Float64Array {
  const q = gradient.slice();
  const weights: number[] = [];
  for (let k = steps.length - 1; k >= 0; k--) {
    weights[k] = dot(steps[k], q) / dot(steps[k], changes[k]);
    for (let i = 0; i < q.length; i++) q[i] -= weights[k] * changes[k][i];
  }
  const last = steps.length - 1;
  const scale = last < 0 ? firstStep : dot(steps[last], changes[last]) / dot(changes[last], changes[last]);
  for (let i = 0; i < q.length; i++) q[i] *= scale;
  for (let k = 0; k < steps.length; k++) {
    const back = dot(changes[k], q) / dot(steps[k], changes[k]);
    for (let i = 0; i < q.length; i++) q[i] += (weights[k] - back) * steps[k][i];
  }
  return q.map((value) => -value);
}

function remember({ steps, changes }: LbfgsState, from: Float64Array, to: Float64Array, before: Float64Array, after: Float64Array, memory: number): LbfgsState {
  const step = to.map((value, i) => value - from[i]);
  const change = after.map((value, i) => value - before[i]);
  const curvature = dot(step, change);
  if (!(curvature > 1e-10 * Math.sqrt(dot(step, step) * dot(change, change)))) return { steps, changes };
  return { steps: [...steps, step].slice(-memory), changes: [...changes, change].slice(-memory) };
}
