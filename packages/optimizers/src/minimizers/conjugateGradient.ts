import { allFinite, dot } from '@braggscape/core';
import type { Minimizer, MinimizerStep, VectorEvaluation, VectorProblem } from '@braggscape/core';

/** Options of {@link conjugateGradient}. */
export interface ConjugateGradientOptions {
  /** Longest change of x in a step, as Euclidean norm. */
  readonly maxStep: number;
  /** Length of the first trial step. */
  readonly firstStep: number;
  /** Rise of the value that counts as none, as a part of its size: the rounding of the objective. */
  readonly noise: number;
}

/** State of {@link conjugateGradient}. */
export interface ConjugateGradientState {
  /** Direction of the last step; zeros at the start. */
  readonly direction: Float64Array;
  /** Gradient before the last step. */
  readonly gradient: Float64Array;
  /** Length of the last step, for the first trial of the next. */
  readonly length: number;
}

const [ARMIJO, TRIALS] = [1e-4, 25];

/**
 * Nonlinear conjugate gradients with Polak and Ribière's factor, held at zero from below, and a line search by interpolation: E. Polak & G. Ribière, Rev. Fr. Inform. Rech. Oper. 3 (1969) 35;
 * J. Nocedal & S. J. Wright, Numerical Optimization (2006), section 5.2.
 */
export function conjugateGradient({ maxStep, firstStep, noise }: ConjugateGradientOptions): Minimizer<ConjugateGradientState> {
  return {
    kind: 'minimizer',
    init: async (problem, x) => ({
      x,
      evaluation: await problem.evaluate(x, 'gradient'),
      state: { direction: new Float64Array(x.length), gradient: new Float64Array(x.length), length: firstStep },
      rejected: 0,
    }),
    async step(problem, current): Promise<MinimizerStep<ConjugateGradientState>> {
      const { x, evaluation, state } = current;
      if (!isFinite(evaluation)) return { ...current, rejected: 0, failed: 'nonFinite' };
      const gradient = evaluation.gradient as Float64Array;
      let rejected = 0;
      let finite = false;
      for (const restart of [false, true]) {
        const direction = nextDirection(gradient, state, restart);
        const slope = dot(direction, gradient);
        const size = Math.sqrt(dot(direction, direction));
        if (!(slope < 0)) continue;
        const found = await search(problem, x, direction, evaluation, slope, Math.min(maxStep, restart ? firstStep : state.length) / size, maxStep / size, noise);
        rejected += found.rejected;
        finite ||= found.finite;
        if (found.x !== undefined) return { x: found.x, evaluation: found.evaluation, state: { direction, gradient, length: found.factor * size }, rejected };
        // A start anew differs only if there was a direction to forget.
        if (state.direction.every((component) => component === 0)) break;
      }
      return { ...current, rejected, failed: finite || gradient.every((component) => component === 0) ? 'noProgress' : 'nonFinite' };
    },
  };
}

function nextDirection(gradient: Float64Array, { direction, gradient: before }: ConjugateGradientState, restart: boolean): Float64Array {
  const power = dot(before, before);
  const factor = restart || power === 0 ? 0 : Math.max(0, (dot(gradient, gradient) - dot(gradient, before)) / power);
  const next = gradient.map((component, i) => factor * direction[i] - component);
  return dot(next, gradient) < 0 ? next : gradient.map((component) => -component);
}

type Search =
  | { readonly x: Float64Array; readonly evaluation: VectorEvaluation; readonly factor: number; readonly rejected: number; readonly finite: boolean }
  | { readonly x: undefined; readonly rejected: number; readonly finite: boolean };

/** A point along the direction where the value has fallen enough and the slope has lost most of its size, by bracketing and the secant of the slopes; or the best that falls enough. */
async function search(problem: VectorProblem, x: Float64Array, direction: Float64Array, start: VectorEvaluation, slope: number, first: number, longest: number, noise: number): Promise<Search> {
  let best: { x: Float64Array; evaluation: VectorEvaluation; factor: number } | undefined;
  let [low, lowSlope, high] = [0, slope, Infinity];
  let [rejected, finite] = [0, false];
  let factor = first;
  for (let trial = 0; trial < TRIALS; trial++) {
    const to = problem.project(x.map((value, i) => value + factor * direction[i]));
    const found = allFinite(to) ? await problem.evaluate(to, 'gradient') : undefined;
    if (found === undefined || !isFinite(found)) {
      rejected++;
      high = factor;
      factor = low + (high - low) / 4;
      continue;
    }
    finite = true;
    const here = dot(found.gradient as Float64Array, direction);
    if (found.value > start.value + ARMIJO * factor * slope + noise * Math.abs(start.value)) {
      rejected++;
      high = factor;
      const secant = here > 0 ? low - (lowSlope * (factor - low)) / (here - lowSlope) : low + (factor - low) / 2;
      factor = Math.min(Math.max(secant, low + 0.1 * (high - low)), high - 0.1 * (high - low));
      continue;
    }
    if (best === undefined || found.value < best.evaluation.value) best = { x: to, evaluation: found, factor };
    if (Math.abs(here) <= 0.1 * Math.abs(slope) || factor >= longest) break;
    const secant = here > lowSlope ? low - (lowSlope * (factor - low)) / (here - lowSlope) : Infinity;
    if (here > 0) {
      high = factor;
      factor = Math.min(Math.max(secant, low + 0.1 * (high - low)), high - 0.1 * (high - low));
    } else {
      [low, lowSlope] = [factor, here];
      factor = high === Infinity ? Math.min(longest, Math.max(2 * factor, Math.min(secant, 10 * factor))) : Math.min(Math.max(secant, low + 0.1 * (high - low)), high - 0.1 * (high - low));
    }
    if (high - low < 1e-3 * high) break;
  }
  return best === undefined ? { x: undefined, rejected, finite } : { ...best, rejected, finite };
}

function isFinite({ value, gradient }: VectorEvaluation): boolean {
  return Number.isFinite(value) && gradient !== undefined && allFinite(gradient);
}
