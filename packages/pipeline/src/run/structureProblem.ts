import type {
  Combiner,
  Need,
  Objective,
  Parameterization,
  Projector,
  Structure,
  VectorEvaluation,
  VectorProblem,
} from '@braggscape/core';
import { isBraggscapeError } from '@braggscape/core';

/** An objective with its weight in the combined value. */
export interface WeightedObjective {
  readonly objective: Objective;
  /** In 1/unit of the objective. */
  readonly weight: number;
}

/** The refinement as the optimizer sees it: a function of a vector, with the way back to structures. */
export interface StructureProblem extends VectorProblem {
  /** Structure at x, projected. */
  structureAt(x: Float64Array): Structure;
  /** Let a stateful combiner move on: call with the evaluation of each accepted step. */
  accept(evaluation: VectorEvaluation): void;
  combinerState(): unknown;
  restoreCombiner(state: unknown): void;
}

/**
 * Compose objectives, combiner, projector and parameterization into f(x) = combined objective at P(unpack(x)).
 * Value and gradient belong to that same function, so every minimizer sees a consistent problem, constrained or not.
 */
export function structureProblem(
  objectives: readonly WeightedObjective[],
  combiner: Combiner<unknown>,
  parameterization: Parameterization,
  projector: Projector,
  signal?: AbortSignal,
): StructureProblem {
  const inputs = objectives.map(({ objective, weight }) => ({ id: objective.id, unit: objective.unit, weight }));
  let state = combiner.init(inputs);
  const pending = new WeakMap<VectorEvaluation, unknown>();
  const inadmissible: VectorEvaluation = { value: Number.NaN };

  async function evaluateAt(x: Float64Array, need: Need): Promise<VectorEvaluation> {
    const free = parameterization.unpack(x);
    const structure = projector.project(free);
    const parts: VectorEvaluation[] = [];
    const values: Record<string, number> = {};
    for (const { objective } of objectives) {
      const { value, gradient } = await objective.evaluate(structure, need, signal);
      values[objective.id] = value;
      parts.push(
        gradient === undefined
          ? { value }
          : { value, gradient: parameterization.pullback(x, projector.projectGradient(free, gradient)) },
      );
    }
    const combined = combiner.combine(parts, state);
    const evaluation: VectorEvaluation = {
      value: combined.value,
      ...(combined.gradient === undefined ? {} : { gradient: combined.gradient }),
      parts: values,
    };
    pending.set(evaluation, combined.state);
    return evaluation;
  }

  return {
    size: parameterization.size,
    structureAt: (x) => projector.project(parameterization.unpack(x)),
    async evaluate(x, need) {
      try {
        return await evaluateAt(x, need);
      } catch (error) {
        if (isInadmissible(error)) return inadmissible;
        throw error;
      }
    },
    project(x) {
      try {
        return parameterization.pack(projector.project(parameterization.unpack(x)));
      } catch (error) {
        if (isInadmissible(error)) return new Float64Array(x.length).fill(Number.NaN);
        throw error;
      }
    },
    accept(evaluation) {
      if (pending.has(evaluation)) state = pending.get(evaluation);
    },
    combinerState: () => state,
    restoreCombiner(restored) {
      state = restored;
    },
  };
}

/** A trial point without a cell, or with one too extreme to compute, is a step to reject, not a failure of the run. */
function isInadmissible(error: unknown): boolean {
  return isBraggscapeError(error) && (error.code === 'cell.impossible' || error.code === 'structure.unsupported');
}
