import type { Minimizer, MinimizerStep, Parameterization, Structure, VectorEvaluation } from '@braggscape/core';
import { maxAbs } from '@braggscape/core';
import { lbfgs, weightedSum } from '@braggscape/optimizers';
import { noProjector } from '@braggscape/projectors';
import { noRefinedParameters } from '../run/refinedParameters.js';
import { structureProblem } from '../run/structureProblem.js';
import type { WeightedObjective } from '../run/structureProblem.js';
import type { CellBounds } from './cellBounds.js';

/** When a descent ends. */
export interface DescentOptions {
  readonly steps: number;
  /** Cells outside are refused, so that steps towards them are shortened. */
  readonly bounds: CellBounds;
  readonly minimizer?: Minimizer;
  /** No component of the gradient larger than this, value per unit of x. */
  readonly gradientTolerance?: number;
  /** The value has fallen by less than this part of itself within eight steps. */
  readonly stall?: number;
  /** Low enough. */
  readonly target?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Where a descent ended. */
export interface Descent {
  readonly structure: Structure;
  readonly value: number;
  /** Value of each objective, by id. */
  readonly objectives: Readonly<Record<string, number>>;
  readonly steps: number;
  /** Whether the gradient vanished or the value was low enough. */
  readonly converged: boolean;
}

/** Steps over which a value must have fallen to go on. */
const PATIENCE = 8;

/** The minimizer of searches: L-BFGS with steps of at most 1 Å. */
export const searchMinimizer = lbfgs({ memory: 20, maxStep: 1, firstStep: 0.05, slopeLeft: 0.9, noise: 1e-14, rounding: 1e-16 });

/**
 * Descend weighted objectives from a structure: the short, silent descent that recoveries are made of. A start that is inadmissible is returned with the value Infinity.
 */
export async function descend(objectives: readonly WeightedObjective[], parameterization: Parameterization, start: Structure, options: DescentOptions): Promise<Descent> {
  const { steps, bounds, minimizer = searchMinimizer, gradientTolerance = 1e-9, stall = 1e-3, target = -Infinity, signal } = options;
  const problem = structureProblem(objectives, weightedSum, parameterization, noProjector, noRefinedParameters, signal);
  const inadmissible: VectorEvaluation = { value: Number.NaN };
  const guarded = {
    size: problem.size,
    project: problem.project,
    evaluate: (x: Float64Array, need: 'value' | 'gradient') => (bounds.admits(() => problem.structureAt(x)) ? problem.evaluate(x, need) : Promise.resolve(inadmissible)),
  };
  let current: MinimizerStep<unknown> = await minimizer.init(guarded, parameterization.pack(start));
  if (!Number.isFinite(current.evaluation.value)) return { structure: start, value: Infinity, objectives: {}, steps: 0, converged: false };
  const values = [current.evaluation.value];
  let step = 0;
  let converged = false;
  while (step < steps && signal?.aborted !== true) {
    const { value, gradient } = current.evaluation;
    converged = value <= target || (gradient !== undefined && maxAbs(gradient) <= gradientTolerance);
    if (converged || gradient === undefined) break;
    if (step >= PATIENCE && values[step - PATIENCE] - value <= stall * Math.abs(values[step - PATIENCE])) break;
    const next = await minimizer.step(guarded, current);
    if (next.failed !== undefined) break;
    current = next;
    values.push(current.evaluation.value);
    step++;
  }
  return { structure: problem.structureAt(current.x), value: current.evaluation.value, objectives: current.evaluation.parts ?? {}, steps: step, converged };
}
