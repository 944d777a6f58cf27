import type { Minimizer, VectorProblem } from '@braggscape/core';

/** A way downhill. */
export interface Trajectory {
  /** Points accepted, the start first. */
  readonly points: readonly Float64Array[];
  /** Value at each. */
  readonly values: readonly number[];
  /** Why it ended. */
  readonly end: 'converged' | 'noStep' | 'maxSteps';
}

/** When a descent ends. */
export interface DescentOptions {
  /** Largest number of steps; default 300. */
  readonly steps?: number;
  /** Largest component of the gradient that counts as none; default 1e-5. */
  readonly tolerance?: number;
  /** Aborting it rejects with its reason. */
  readonly signal?: AbortSignal;
  /** Told the number of each step as it begins. */
  readonly onStep?: (step: number) => void;
}

/** The way that a minimizer takes from a start, which is first brought into the feasible set. */
export async function descend(problem: VectorProblem, minimizer: Minimizer, start: Float64Array, options: DescentOptions = {}): Promise<Trajectory> {
  const { steps = 300, tolerance = 1e-5, signal, onStep } = options;
  let current = await minimizer.init(problem, problem.project(start));
  const points = [current.x.slice()];
  const values = [current.evaluation.value];
  for (let step = 0; step < steps; step++) {
    signal?.throwIfAborted();
    onStep?.(step + 1);
    const { gradient } = current.evaluation;
    if (gradient?.every((component) => Math.abs(component) <= tolerance) === true) return { points, values, end: 'converged' };
    current = await minimizer.step(problem, current);
    if (current.failed !== undefined) return { points, values, end: 'noStep' };
    points.push(current.x.slice());
    values.push(current.evaluation.value);
  }
  return { points, values, end: 'maxSteps' };
}
