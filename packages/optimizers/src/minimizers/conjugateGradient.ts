import { dot } from '@braggscape/core';
import type { Minimizer, MinimizerStep } from '@braggscape/core';
import { isFiniteEvaluation, searchLine } from './lineSearch.js';

/** Options of {@link conjugateGradient}. */
export interface ConjugateGradientOptions {
  /** Longest change of x in a step, as Euclidean norm. */
  readonly maxStep: number;
  /** Length of the first trial step. */
  readonly firstStep: number;
  /** Rise of the value that counts as none, as a part of its size: the rounding of the objective. */
  readonly noise: number;
  /** Rise of the value that counts as none, in its own unit: the rounding of a loss near zero. */
  readonly rounding: number;
}

/** State of {@link conjugateGradient}. */
export interface ConjugateGradientState {
  /** Direction of the last step; zeros at the start. */
  readonly direction: Float64Array;
  /** Gradient before the last step. */
  readonly gradient: Float64Array;
  /** Change of the value that the slope promised for the last step, for the first trial of the next (Nocedal & Wright, section 3.5); 0 at the start. */
  readonly promised: number;
}

/** c₁ and c₂ of the Wolfe conditions, as usual for conjugate gradients, which need a closer search than quasi-Newton steps. */
const [SUFFICIENT_DECREASE, SLOPE_LEFT] = [1e-4, 0.1];

/**
 * Nonlinear conjugate gradients with Polak and Ribière's factor, held at zero from below, and a line search for the strong Wolfe conditions ({@link searchLine}): E. Polak & G. Ribière, Rev. Fr. Inform. Rech. Oper. 3 (1969) 35;
 * J. Nocedal & S. J. Wright, Numerical Optimization (2006), section 5.2.
 */
export function conjugateGradient({ maxStep, firstStep, noise, rounding }: ConjugateGradientOptions): Minimizer<ConjugateGradientState> {
  const search = { sufficientDecrease: SUFFICIENT_DECREASE, slopeLeft: SLOPE_LEFT, noise, rounding };
  return {
    kind: 'minimizer',
    init: async (problem, x) => ({
      x,
      evaluation: await problem.evaluate(x, 'gradient'),
      state: { direction: new Float64Array(x.length), gradient: new Float64Array(x.length), promised: 0 },
      rejected: 0,
    }),
    async step(problem, current): Promise<MinimizerStep<ConjugateGradientState>> {
      const { evaluation, state } = current;
      if (!isFiniteEvaluation(evaluation)) return { ...current, rejected: 0, failed: 'nonFinite' };
      const gradient = evaluation.gradient as Float64Array;
      let rejected = 0;
      let finite = false;
      for (const restart of [false, true]) {
        const direction = nextDirection(gradient, state, restart);
        const slope = dot(direction, gradient);
        const size = Math.sqrt(dot(direction, direction));
        if (!(slope < 0)) continue;
        const line = await searchLine(problem, current, direction, restart || state.promised === 0 ? firstStep / size : state.promised / slope, maxStep / size, search);
        rejected += line.rejected;
        finite ||= line.finite;
        if (line.found !== undefined) return { x: line.found.x, evaluation: line.found.evaluation, state: { direction, gradient, promised: line.found.factor * slope }, rejected };
        // A start anew differs only if there was a direction to forget.
        if (state.direction.every((component) => component === 0)) break;
      }
      return { ...current, rejected, failed: finite || rejected === 0 ? 'noProgress' : 'nonFinite' };
    },
  };
}

function nextDirection(gradient: Float64Array, { direction, gradient: before }: ConjugateGradientState, restart: boolean): Float64Array {
  const power = dot(before, before);
  const factor = restart || power === 0 ? 0 : Math.max(0, (dot(gradient, gradient) - dot(gradient, before)) / power);
  const next = gradient.map((component, i) => factor * direction[i] - component);
  return dot(next, gradient) < 0 ? next : gradient.map((component) => -component);
}
