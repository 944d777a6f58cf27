import { allFinite, dot } from '@braggscape/core';
import type { VectorEvaluation, VectorProblem } from '@braggscape/core';

/** What a line search may do, and when it is content. */
export interface LineSearchOptions {
  /** Part of the decrease that the slope promises which a step must reach, c₁ of the Wolfe conditions. */
  readonly sufficientDecrease: number;
  /** Part of the slope that may be left, c₂ of the Wolfe conditions; larger than c₁. */
  readonly slopeLeft: number;
  /** Rise of the value that counts as none, as a part of its size. */
  readonly noise: number;
  /** Rise of the value that counts as none, in its own unit: what is left of a sum of larger numbers near a minimum of zero. */
  readonly rounding: number;
}

/** A point along the line. */
export interface LinePoint {
  /** The point reached, projected. */
  readonly x: Float64Array;
  readonly evaluation: VectorEvaluation;
  /** Multiple of the direction. */
  readonly factor: number;
}

/** Outcome of {@link searchLine}. */
export interface LineSearchResult {
  /** The point to go on from; undefined if none is acceptable. */
  readonly found: LinePoint | undefined;
  /** Trial points that were inadmissible. */
  readonly rejected: number;
  /** Whether any trial point was admissible. */
  readonly finite: boolean;
}

/** A trial with what interpolation needs of it. */
interface Trial extends LinePoint {
  readonly value: number;
  /** Derivative of the value by the factor. */
  readonly slope: number;
}

/** Evaluations before the search ends with the best it has. */
const TRIALS = 24;
/** Part of a bracket that an interpolated point keeps from its ends; every third trial halves the bracket, so that a poor interpolation cannot creep along one of them. */
const [MARGIN, HALVING] = [0.02, 3];
/** Growth of the step in one trial where nothing bounds it: at least, where the slope says nothing, at most. */
const GROWTH = [2, 4, 10] as const;

/**
 * Line search for the strong Wolfe conditions f(x + a·d) ≤ f + c₁·a·f′ and |f′(a)| ≤ c₂·|f′|: bracketing and cubic interpolation as in J. Nocedal & S. J. Wright, Numerical
 * Optimization (2006), algorithms 3.5 and 3.6. Most calls of a quasi-Newton method cost the one evaluation of their first trial.
 *
 * Near a minimum the decrease drowns in the rounding of the value long before the gradient loses its meaning. There the slopes decide alone: a point whose value differs by no more than the rounding, and where
 * the slope says that it must have fallen, is as good as one that falls (the approximate Wolfe conditions of W. W. Hager & H. Zhang, SIAM J. Optim. 16 (2005) 170, equation 4.1).
 *
 * An inadmissible point (no number, or none after the projection) is a wall: the search goes on this side of it. Where the projection bends the line, slopes are those of the chord from the start.
 *
 * @param direction [size] downhill at `from`
 * @param first factor of the first trial
 * @param longest largest factor tried; a point there need not satisfy the condition on the slope
 */
export async function searchLine(
  problem: VectorProblem,
  from: { readonly x: Float64Array; readonly evaluation: VectorEvaluation },
  direction: Float64Array,
  first: number,
  longest: number,
  { sufficientDecrease, slopeLeft, noise, rounding }: LineSearchOptions,
): Promise<LineSearchResult> {
  const gradient = from.evaluation.gradient as Float64Array;
  const start: Trial = { ...from, factor: 0, value: from.evaluation.value, slope: dot(gradient, direction) };
  const blur = noise * Math.abs(start.value) + rounding;
  let low = start;
  let high: Trial | undefined;
  let wall = Infinity;
  let best: Trial | undefined;
  let factor = Math.min(first, longest);
  let rejected = 0;
  const result = (found: Trial | undefined): LineSearchResult => ({ found, rejected, finite: best !== undefined || high !== undefined });
  for (let trial = 0; trial < TRIALS; trial++) {
    const x = problem.project(from.x.map((value, i) => value + factor * direction[i]));
    // Rounding or a bound leaves nothing of so short a step.
    if (x.every((value, i) => value === from.x[i])) return result(best);
    const evaluation = allFinite(x) ? await problem.evaluate(x, 'gradient') : undefined;
    if (evaluation === undefined || !isFiniteEvaluation(evaluation)) {
      rejected++;
      wall = factor;
      factor = low.factor + (wall - low.factor) / 4;
      continue;
    }
    const chord = chordSlopes(from.x, x, gradient, evaluation.gradient as Float64Array, factor);
    const here: Trial = { x, evaluation, factor, value: evaluation.value, slope: chord.end };
    const falls = here.value <= start.value + sufficientDecrease * factor * chord.start;
    const blurred = Math.abs(here.value - start.value) <= blur && here.slope <= (2 * sufficientDecrease - 1) * chord.start;
    if (!falls && !blurred) {
      high = here;
    } else {
      if (best === undefined || here.value < best.value) best = here;
      if (Math.abs(here.slope) <= slopeLeft * Math.abs(chord.start)) return result(here);
      if (here.slope > 0 || here.value > low.value + blur) high = here;
      else if (factor >= longest) return result(here);
      else low = here;
    }
    factor = nextFactor(start, low, high, wall, longest, blur, trial % HALVING === HALVING - 1 ? 0.5 : MARGIN);
    const width = Math.min(high?.factor ?? Infinity, wall) - low.factor;
    // Neither the value nor the slope can tell points so close from each other.
    if (width < 1e-10 * (low.factor + width)) break;
  }
  return result(best);
}

/** Whether value and gradient are numbers. */
export function isFiniteEvaluation({ value, gradient }: VectorEvaluation): boolean {
  return Number.isFinite(value) && gradient !== undefined && allFinite(gradient);
}

/** Slopes by the factor at both ends of the way from one point to another. */
function chordSlopes(from: Float64Array, to: Float64Array, before: Float64Array, after: Float64Array, factor: number): { start: number; end: number } {
  let start = 0;
  let end = 0;
  for (let i = 0; i < from.length; i++) {
    const moved = (to[i] - from[i]) / factor;
    start += before[i] * moved;
    end += after[i] * moved;
  }
  return { start, end };
}

/** Where to look next: inside the bracket, or further out where nothing bounds it. */
function nextFactor(start: Trial, low: Trial, high: Trial | undefined, wall: number, longest: number, blur: number, margin: number): number {
  if (high !== undefined && high.factor < wall) {
    const width = high.factor - low.factor;
    return Math.min(Math.max(interpolate(low, high, blur), low.factor + margin * width), high.factor - margin * width);
  }
  if (wall < Infinity) return low.factor + (wall - low.factor) / 4;
  const [least, usual, most] = GROWTH;
  const growth = low.slope > start.slope ? Math.min(Math.max(start.slope / (start.slope - low.slope), least), most) : usual;
  return Math.min(longest, growth * low.factor);
}

/** Minimum of the cubic through both ends (Nocedal & Wright, equation 3.59), or of the parabola through the slopes where the values are too much alike to be of use. */
function interpolate(low: Trial, high: Trial, blur: number): number {
  const width = high.factor - low.factor;
  const secant = high.slope > low.slope ? low.factor - (low.slope * width) / (high.slope - low.slope) : low.factor + width / 2;
  if (Math.abs(high.value - low.value) <= 4 * blur) return secant;
  const d = low.slope + high.slope - (3 * (high.value - low.value)) / width;
  const square = d * d - low.slope * high.slope;
  if (!(square >= 0)) return secant;
  const root = Math.sqrt(square);
  const at = high.factor - (width * (high.slope + root - d)) / (high.slope - low.slope + 2 * root);
  return Number.isFinite(at) ? at : secant;
}
