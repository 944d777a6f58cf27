import { allFinite, BraggscapeError, dot } from '@braggscape/core';
import type { Minimizer, MinimizerStep, VectorProblem } from '@braggscape/core';
import { solvePositiveDefinite } from './cholesky.js';
import { isFiniteEvaluation } from './lineSearch.js';

/** Options of {@link levenbergMarquardt}. */
export interface LevenbergMarquardtOptions {
  /** First damping, as a part of the squared length of each column of the Jacobian; 0 begins with Gauss–Newton steps and damps where they fail. */
  readonly damping: number;
  /** Step of the differences that give the Jacobian, as a part of a component's size, or of one where that is less. */
  readonly difference: number;
  /** Longest change of x in a step, as Euclidean norm. */
  readonly maxStep: number;
}

/** State of {@link levenbergMarquardt}. */
export interface LevenbergMarquardtState {
  readonly damping: number;
  /** Growth of the damping at the next failure. */
  readonly growth: number;
  /** [size] largest length of each column of the Jacobian so far: the scale of each component. */
  readonly scales: Float64Array;
}

/** Damping after a Gauss–Newton step has failed, and above which no step is left. */
const [LEAST_DAMPING, MOST_DAMPING] = [1e-4, 1e20];
/** Damping that is always there: directions that change nothing, such as a shift of all atoms, then have no step instead of a random one. */
const RIDGE = 1e-9;

/**
 * Levenberg and Marquardt's method for problems with residuals: D. W. Marquardt, J. SIAM 11 (1963) 431, with the scaling of J. J. Moré, Lecture Notes in Mathematics 630 (1978) 105, and the damping of
 * H. B. Nielsen, report IMM-REP-1999-05, Technical University of Denmark. The Jacobian comes by forward differences, one evaluation per component and step, so that it pays where components are few, such as those that symmetry leaves.
 *
 * @throws BraggscapeError from `init`, `option.invalid` if the problem has no residuals
 */
export function levenbergMarquardt({ damping, difference, maxStep }: LevenbergMarquardtOptions): Minimizer<LevenbergMarquardtState> {
  return {
    kind: 'minimizer',
    async init(problem, x) {
      residualsOf(problem);
      return { x, evaluation: await problem.evaluate(x, 'gradient'), state: { damping, growth: 2, scales: new Float64Array(x.length) }, rejected: 0 };
    },
    async step(problem, current): Promise<MinimizerStep<LevenbergMarquardtState>> {
      const { x, evaluation, state } = current;
      const residuals = residualsOf(problem);
      if (!isFiniteEvaluation(evaluation)) return { ...current, rejected: 0, failed: 'nonFinite' };
      const here = await residuals(x);
      const square = dot(here, here);
      const columns = await jacobian(residuals, x, here, difference);
      if (!Number.isFinite(square) || columns === undefined) return { ...current, rejected: 0, failed: 'nonFinite' };
      const downhill = Float64Array.from(columns, (column) => -dot(column, here));
      const scales = state.scales.map((before, i) => Math.max(before, Math.sqrt(dot(columns[i], columns[i]))));
      let { damping: mu, growth } = state;
      let rejected = 0;
      let finite = false;
      while (mu <= MOST_DAMPING) {
        const step = dampedStep(columns, downhill, scales, mu);
        // Damping turns a step that is too long into the downhill direction as it shortens it; cutting it would leave nothing of its short components.
        if (step !== undefined && dot(step, step) <= maxStep * maxStep) {
          const to = problem.project(x.map((value, i) => value + step[i]));
          const moved = to.map((value, i) => value - x[i]);
          if (moved.every((value) => value === 0)) break;
          const there = allFinite(to) ? await residuals(to) : undefined;
          const found = there === undefined ? Number.NaN : dot(there, there);
          if (!Number.isFinite(found)) rejected++;
          else finite = true;
          if (found < square) {
            const at = await problem.evaluate(to, 'gradient');
            if (isFiniteEvaluation(at)) {
              const gain = (square - found) / Math.max(promised(columns, downhill, moved), Number.MIN_VALUE);
              return { x: to, evaluation: at, rejected, state: { damping: mu * Math.max(1 / 3, 1 - (2 * gain - 1) ** 3), growth: 2, scales } };
            }
          }
        }
        mu = Math.max(mu * growth, LEAST_DAMPING);
        growth *= 2;
      }
      return { ...current, rejected, failed: finite || rejected === 0 ? 'noProgress' : 'nonFinite' };
    },
  };
}

/**
 * Gauss and Newton's method: steps without damping as long as they lower the sum of squares, damped ones where not.
 * @throws BraggscapeError as {@link levenbergMarquardt}
 */
export const gaussNewton = (options: Omit<LevenbergMarquardtOptions, 'damping'>): Minimizer<LevenbergMarquardtState> => levenbergMarquardt({ ...options, damping: 0 });

function residualsOf(problem: VectorProblem): NonNullable<VectorProblem['residuals']> {
  if (problem.residuals !== undefined) return problem.residuals;
  throw new BraggscapeError('option.invalid', 'a method of least squares was chosen for an objective that is no sum of squares', {
    path: 'optimizer.use',
    hint: 'use it with one objective, cosine, mse or rwp; or choose lbfgs',
  });
}

/** Columns of the Jacobian by forward differences, or backward ones where those are inadmissible. */
async function jacobian(residuals: (x: Float64Array) => Promise<Float64Array>, x: Float64Array, here: Float64Array, difference: number): Promise<Float64Array[] | undefined> {
  const columns: Float64Array[] = [];
  for (let i = 0; i < x.length; i++) {
    let column: Float64Array | undefined;
    for (const sign of [1, -1]) {
      const to = x.slice();
      to[i] += sign * difference * Math.max(Math.abs(x[i]), 1);
      const step = to[i] - x[i];
      const there = await residuals(to);
      column = there.map((value, k) => (value - here[k]) / step);
      if (allFinite(column)) break;
      column = undefined;
    }
    if (column === undefined) return undefined;
    columns.push(column);
  }
  return columns;
}

/** Solution of (JᵀJ + μD²)·p = −Jᵀr, in units in which D is one. */
function dampedStep(columns: readonly Float64Array[], downhill: Float64Array, scales: Float64Array, mu: number): Float64Array | undefined {
  const n = columns.length;
  const unit = scales.map((scale) => (scale > 0 ? scale : 1));
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) matrix[i * n + j] = matrix[j * n + i] = dot(columns[i], columns[j]) / (unit[i] * unit[j]);
  for (let i = 0; i < n; i++) matrix[i * n + i] += mu + RIDGE;
  const solution = solvePositiveDefinite(matrix, downhill.map((value, i) => value / unit[i]));
  return solution?.map((value, i) => value / unit[i]);
}

/** Decrease of the sum of squares that the linear residuals promise. */
function promised(columns: readonly Float64Array[], downhill: Float64Array, step: Float64Array): number {
  let curved = 0;
  const m = columns[0]?.length ?? 0;
  for (let k = 0; k < m; k++) {
    let change = 0;
    for (let i = 0; i < step.length; i++) change += columns[i][k] * step[i];
    curved += change * change;
  }
  return 2 * dot(downhill, step) - curved;
}
