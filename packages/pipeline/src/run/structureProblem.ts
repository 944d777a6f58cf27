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
import { conflictAngle } from '@braggscape/optimizers';
import { feasibleStructure } from '@braggscape/projectors';
import { isInadmissible } from './inadmissible.js';
import type { RefinedParameters } from './refinedParameters.js';

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
  /** Refined numbers of the experiment at x. */
  parametersAt(x: Float64Array): Readonly<Record<string, number>>;
  /** What stands at a bound: refined numbers, and what the projector names. */
  atBound(x: Float64Array): readonly string[];
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
  refined: RefinedParameters,
  signal?: AbortSignal,
): StructureProblem {
  const head = (x: Float64Array): Float64Array => x.subarray(0, parameterization.size);
  const tail = (x: Float64Array): Float64Array => x.subarray(parameterization.size);
  const inputs = objectives.map(({ objective, weight }) => ({ id: objective.id, unit: objective.unit, weight }));
  let state = combiner.init(inputs);
  const pending = new WeakMap<VectorEvaluation, unknown>();
  const inadmissible: VectorEvaluation = { value: Number.NaN };

  async function evaluateAt(x: Float64Array, need: Need): Promise<VectorEvaluation> {
    const free = parameterization.unpack(head(x));
    const structure = projector.project(free);
    const parameters = refined.size === 0 ? undefined : refined.values(tail(x));
    const parts: VectorEvaluation[] = [];
    const values: Record<string, number> = {};
    for (const { objective } of objectives) {
      const { value, gradient, parameterGradient } = await objective.evaluate(structure, need, signal, parameters);
      values[objective.id] = value;
      if (gradient === undefined) parts.push({ value });
      else {
        const whole = new Float64Array(x.length);
        whole.set(parameterization.pullback(head(x), projector.projectGradient(free, gradient)));
        if (parameterGradient !== undefined) whole.set(refined.pullback(parameterGradient), parameterization.size);
        parts.push({ value, gradient: whole });
      }
    }
    const combined = combiner.combine(parts, state);
    const angle = conflictAngle(parts);
    const evaluation: VectorEvaluation = {
      value: combined.value,
      ...(combined.gradient === undefined ? {} : { gradient: combined.gradient }),
      parts: values,
      ...(angle === undefined ? {} : { conflictAngle: angle }),
    };
    pending.set(evaluation, combined.state);
    return evaluation;
  }

  /** The sum of squares of one objective; combinations are none. */
  const squares = objectives.length === 1 ? objectives[0].objective.residuals : undefined;

  return {
    size: parameterization.size + refined.size,
    blocks: alikeBlocks([...parameterization.names, ...refined.names]),
    ...(squares === undefined
      ? {}
      : {
          residuals: async (x: Float64Array) => {
            try {
              return await squares(projector.project(parameterization.unpack(head(x))), refined.size === 0 ? undefined : refined.values(tail(x)));
            } catch (error) {
              if (isInadmissible(error)) return Float64Array.of(Number.NaN);
              throw error;
            }
          },
        }),
    structureAt: (x) => projector.project(parameterization.unpack(head(x))),
    parametersAt: (x) => refined.named(tail(x)),
    atBound: (x) => [...refined.atBound(tail(x)), ...(projector.atBound?.(projector.project(parameterization.unpack(head(x)))) ?? [])],
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
        const out = new Float64Array(x.length);
        out.set(parameterization.pack(feasibleStructure(projector, parameterization.unpack(head(x)))));
        out.set(refined.clip(tail(x)), parameterization.size);
        return out;
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

/** Lengths of runs of names of one kind: the cell, coordinates, displacements, occupancies; anything else is a kind of its own. */
function alikeBlocks(names: readonly string[]): number[] {
  const kinds = names.map((name) => (name.startsWith('cell.') ? 'cell' : name.replace(/^.*\.(?=[^.]*$)/, '').replace(/^[xyz]$/, 'coordinates')));
  const blocks: number[] = [];
  kinds.forEach((kind, i) => {
    if (i > 0 && kind === kinds[i - 1] && kind !== names[i]) blocks[blocks.length - 1]++;
    else blocks.push(1);
  });
  return blocks;
}
