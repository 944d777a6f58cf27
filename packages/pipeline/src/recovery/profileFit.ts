import { dot } from '@braggscape/core';
import type { Parameterization, Structure } from '@braggscape/core';
import { isInadmissible } from '../run/inadmissible.js';
import type { CellBounds } from './cellBounds.js';
import { choleskyFactor, solvePositive } from './linearAlgebra.js';
import type { ProfileModel } from './profileModel.js';

/** A structure fitted to a pattern by least squares, with the numbers of the experiment. */
export interface ProfileFit {
  readonly structure: Structure;
  /** Numbers of the experiment by name, see `ProfileModel.named`: models with other peaks take over those that they have. */
  readonly named: Readonly<Record<string, number>>;
  /** Σ w (y₀ − y)² / Σ w y₀² with scale and background at their best: the square of Rwp; for an ideal pattern sin² of the angle between the patterns. */
  readonly misfit: number;
  /** Σ (y₀ − y)²/σ² over degrees of freedom; about 1 for a right model. Absent where the pattern has no uncertainties. */
  readonly chiSquare?: number;
  /** Numbers fitted, scale and background included. */
  readonly fitted: number;
}

/** How sharply a fit determines the structure. */
export interface FitCurvature {
  /** [k] x of the structure at the fit. */
  readonly x: Float64Array;
  /** [k,k] half of the second derivative of χ² in x, with the numbers of the experiment at their best everywhere, over the reduced χ²: the inverse of the covariance matrix. */
  readonly information: Float64Array;
}

/** Settings of {@link fitProfile}. */
export interface ProfileFitOptions {
  readonly bounds: CellBounds;
  readonly iterations: number;
  /** End when the misfit has fallen by less than this part of itself in two iterations; default 1e-3. */
  readonly stall?: number;
  /** End below this misfit; default 1e-24, rounding. */
  readonly target?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Step of the forward differences, in the unit of x: Å for structures. */
const DIFFERENCE = 1e-5;
/** Longest step of an iteration, Å. */
const LONGEST = 0.5;
/** Raises of the damping before an iteration is given up. */
const RAISES = 8;

/**
 * Least squares by Levenberg and Marquardt (K. Levenberg, Q. Appl. Math. 2 (1944) 164; D. W. Marquardt, J. SIAM 11 (1963) 431) with scale and background eliminated: they are at their best at every
 * point (G. H. Golub & V. Pereyra, SIAM J. Numer. Anal. 10 (1973) 413). The Jacobian is by forward differences, a pattern a parameter: near a solution it converges quadratically
 * where descents creep, down to rounding on an ideal pattern. A start that is inadmissible is returned with the misfit Infinity.
 */
export function fitProfile(model: ProfileModel, parameterization: Parameterization, start: Structure, experiment: Float64Array, options: ProfileFitOptions): ProfileFit {
  const { bounds, iterations, stall = 1e-3, target = 1e-24, signal } = options;
  const own = parameterization.size;
  const size = own + experiment.length;
  const count = model.points;
  let x = new Float64Array(size);
  x.set(parameterization.pack(start));
  x.set(model.clip(experiment), own);

  const residualAt = (at: Float64Array, into: Float64Array): number => {
    const head = at.subarray(0, own);
    if (!bounds.admits(() => parameterization.unpack(head))) return Number.NaN;
    try {
      return model.residual(parameterization.unpack(head), at.subarray(own), into);
    } catch (error) {
      if (isInadmissible(error)) return Number.NaN;
      throw error;
    }
  };
  let residual = new Float64Array(count);
  let trial = new Float64Array(count);
  let value = residualAt(x, residual);
  const result = (): ProfileFit => {
    const structure = value === Infinity ? start : parameterization.unpack(x.subarray(0, own));
    const fitted = size + model.linear;
    return { structure, named: model.named(x.slice(own)), misfit: value, fitted, ...(model.weight === undefined ? {} : { chiSquare: (value * model.weight) / Math.max(1, count - fitted) }) };
  };
  if (!Number.isFinite(value)) {
    value = Infinity;
    return result();
  }

  const jacobian = Array.from({ length: size }, () => new Float64Array(count));
  let damping = 1e-3;
  let slow = 0;
  for (let iteration = 0; iteration < iterations && value > target && signal?.aborted !== true; iteration++) {
    const { normal, gradient } = normalEquations(residualAt, x, residual, jacobian);
    const before = value;
    let accepted = false;
    for (let raise = 0; raise < RAISES && !accepted; raise++) {
      const step = solvePositive(normal, gradient, damping);
      if (step !== undefined) {
        const length = Math.hypot(...step);
        const factor = length > LONGEST ? LONGEST / length : 1;
        const to = x.map((v, k) => v - factor * step[k]);
        to.set(model.clip(to.subarray(own)), own);
        const found = residualAt(to, trial);
        if (found < value) {
          [residual, trial] = [trial, residual];
          x = to;
          value = found;
          accepted = true;
        }
      }
      damping = accepted ? Math.max(damping / 10, 1e-12) : damping * 10;
    }
    if (!accepted) break;
    slow = before - value < stall * before ? slow + 1 : 0;
    if (slow >= 2) break;
  }
  return result();
}

/**
 * The curvature of a fit; nothing where the pattern has no uncertainties, or the numbers of the experiment are not determined.
 * @param fit of this model and parameterization
 */
export function curvatureOf(model: ProfileModel, parameterization: Parameterization, { structure, named, misfit, chiSquare }: ProfileFit): FitCurvature | undefined {
  if (model.weight === undefined || chiSquare === undefined) return undefined;
  const experiment = model.from(named);
  const own = parameterization.size;
  const size = own + experiment.length;
  const x = new Float64Array(size);
  x.set(parameterization.pack(structure));
  x.set(experiment, own);
  const residualAt = (at: Float64Array, into: Float64Array): number => model.residual(parameterization.unpack(at.subarray(0, own)), at.subarray(own), into);
  const residual = new Float64Array(model.points);
  residualAt(x, residual);
  const { normal } = normalEquations(residualAt, x, residual, Array.from({ length: size }, () => new Float64Array(model.points)));
  const scale = (misfit > 0 ? model.weight : 0) / Math.max(1, chiSquare);
  const information = new Float64Array(own * own);
  const shared = new Float64Array(experiment.length * experiment.length);
  for (let a = 0; a < experiment.length; a++) for (let b = 0; b < experiment.length; b++) shared[a * experiment.length + b] = normal[(own + a) * size + own + b];
  for (let k = 0; k < own; k++) {
    const column = Float64Array.from({ length: experiment.length }, (_, a) => normal[(own + a) * size + k]);
    const solved = experiment.length === 0 ? column : solvePositive(shared, column, 0);
    if (solved === undefined) return undefined;
    for (let j = 0; j < own; j++) {
      let taken = 0;
      for (let a = 0; a < experiment.length; a++) taken += normal[(own + a) * size + j] * solved[a];
      information[j * own + k] = scale * (normal[j * size + k] - taken);
    }
  }
  return { x: x.slice(0, own), information };
}

/** Å that a parameter is held to where the pattern says nothing of it. */
const LOOSE = 0.3;

/**
 * Cholesky's factor of a fit's information, each parameter held loosely: in units of it every direction is determined alike.
 * @returns [k,k] lower triangle; nothing where the information is not positive
 */
export function looselyHeldFactor({ x, information }: FitCurvature): Float64Array | undefined {
  return choleskyFactor(information, x.length, () => 1 / LOOSE ** 2);
}

/** JᵀJ and Jᵀr, the Jacobian by forward differences. */
function normalEquations(residualAt: (x: Float64Array, into: Float64Array) => number, x: Float64Array, residual: Float64Array, jacobian: readonly Float64Array[]): { normal: Float64Array; gradient: Float64Array } {
  const size = x.length;
  const normal = new Float64Array(size * size);
  const gradient = new Float64Array(size);
  for (let k = 0; k < size; k++) {
    const moved = x.slice();
    moved[k] += DIFFERENCE;
    const column = jacobian[k];
    // A parameter at the edge of what is admissible is left where it is.
    if (!Number.isFinite(residualAt(moved, column))) column.fill(0);
    else for (let i = 0; i < column.length; i++) column[i] = (column[i] - residual[i]) / DIFFERENCE;
    for (let j = 0; j <= k; j++) normal[k * size + j] = normal[j * size + k] = dot(column, jacobian[j]);
    gradient[k] = dot(column, residual);
  }
  return { normal, gradient };
}
