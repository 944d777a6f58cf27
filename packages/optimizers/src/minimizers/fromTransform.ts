import { allFinite } from '@braggscape/core';
import type { GradientTransform, Minimizer, MinimizerStep, VectorEvaluation, VectorProblem } from '@braggscape/core';

/** Halvings of a step before it is given up. */
const HALVINGS = 20;

/** State of a transform that serves as a minimizer. */
export interface TransformState<State> {
  readonly transform: State;
  /** Steps accepted so far. */
  readonly step: number;
}

/**
 * A gradient transform as a minimizer: x ← P(x + update). A step into something inadmissible (no cell, numbers that are not finite) is halved until it
 * is admissible; any other step is accepted, uphill or not, as these methods mean it.
 */
export function fromTransform<State>(transform: GradientTransform<State>): Minimizer<TransformState<State>> {
  return {
    kind: 'minimizer',
    async init(problem, x) {
      return { x, evaluation: await problem.evaluate(x, 'gradient'), state: { transform: transform.init(x), step: 0 }, rejected: 0 };
    },
    async step(problem, current): Promise<MinimizerStep<TransformState<State>>> {
      const { x, evaluation, state } = current;
      if (!isFinite(evaluation)) return { ...current, rejected: 0, failed: 'nonFinite' };
      const gradient = evaluation.gradient as Float64Array;
      const [change, changed] = transform.update(gradient, state.transform, { step: state.step, x, value: evaluation.value });
      for (let rejected = 0, factor = 1; rejected <= HALVINGS; rejected++, factor /= 2) {
        const trial = await tryPoint(problem, x.map((value, i) => value + factor * change[i]));
        if (trial !== undefined) return { ...trial, state: { transform: changed, step: state.step + 1 }, rejected };
      }
      return { ...current, rejected: HALVINGS + 1, failed: 'nonFinite' };
    },
  };
}

/** What a plugin calls an optimizer, as a minimizer. */
export function asMinimizer(optimizer: GradientTransform<any> | Minimizer<any>): Minimizer {
  return (optimizer.kind === 'transform' ? fromTransform(optimizer as GradientTransform) : optimizer) as Minimizer;
}

async function tryPoint(
  problem: VectorProblem,
  free: Float64Array,
): Promise<{ readonly x: Float64Array; readonly evaluation: VectorEvaluation } | undefined> {
  if (!allFinite(free)) return undefined;
  const x = problem.project(free);
  if (!allFinite(x)) return undefined;
  const evaluation = await problem.evaluate(x, 'gradient');
  return isFinite(evaluation) ? { x, evaluation } : undefined;
}

function isFinite({ value, gradient }: VectorEvaluation): boolean {
  return Number.isFinite(value) && gradient !== undefined && allFinite(gradient);
}
