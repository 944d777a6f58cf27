import type { Combiner, FrontEvent, FrontMethod, FrontPoint, ObjectiveValues, Structure, VectorProblem } from '@braggscape/core';
import { structureToJson } from '@braggscape/core';
import { epsilonConstraint, weightedSum } from '@braggscape/optimizers';
import { structureProblem } from '../run/structureProblem.js';
import type { StructureProblem, WeightedObjective } from '../run/structureProblem.js';
import type { Plan } from '../run/plan.js';
import { insert } from './archive.js';
import type { Archive, ArchiveEntry } from './archive.js';
import { descend } from './descend.js';
import type { DescentLimits } from './descend.js';
import type { ObjectiveVector } from './dominance.js';
import { rememberedObjective } from './rememberedObjective.js';

/** A refined structure with the vector that it was unpacked from. */
export interface Refined extends ArchiveEntry {
  readonly x: Float64Array;
  readonly point: FrontPoint;
}

/** A point that was evaluated on the way, as a start for later descents. */
export interface Visited extends ArchiveEntry {
  readonly x: Float64Array;
}

/** What all descents of a front share: problems, evaluations, and the points that were found. */
export interface FrontSearch {
  readonly objectives: readonly { readonly id: string; readonly unit: string }[];
  /** Vector of a start structure. */
  pack(structure: Structure): Float64Array;
  /** Whether peaks of this objective are broadened in stages. */
  hasStages(objective: number): boolean;
  /**
   * Descend by a method and offer the end to the archive.
   * @param staged begin with the broad stages of the plan
   * @returns the refined structure, or undefined if the descent was cancelled or led to numbers that are not finite
   */
  refine(method: FrontMethod, from: Float64Array, limits: DescentLimits, staged?: boolean): Promise<Refined | undefined>;
  /** Value of what a method minimizes, at the values of the objectives. */
  valueOf(method: FrontMethod, values: ObjectiveVector): number;
  /** Non-dominated refined structures. */
  archive: Archive<Refined>;
  /** Smallest differences that the archive keeps apart. */
  tolerances: ObjectiveVector;
  readonly dominated: () => readonly ObjectiveVector[];
  /** Non-dominated ones of all points at which every objective was evaluated. */
  readonly visited: () => Archive<Visited>;
  readonly evaluations: () => ObjectiveValues;
  readonly remembered: () => ObjectiveValues;
}

/** Evaluations that an objective remembers. */
const CAPACITY = 20000;
/** Value per square of the excess over a bound, in units of the front's box: the excess is then half a hundredth where the front has slope one. */
const PENALTY = 100;

/** Begin the search for a front of a plan with two objectives. */
export function frontSearch(plan: Plan, signal: AbortSignal, emit: (event: FrontEvent) => void, seconds: () => number): FrontSearch {
  const sharp = plan.objectives.map(({ objective }) => rememberedObjective(objective, CAPACITY));
  const ids = sharp.map(({ id }) => id);
  const broad = sharp.map((_, i) => plan.stages.filter(({ objectives }) => objectives[i].objective !== plan.objectives[i].objective));
  let visited: Archive<Visited> = [];
  const tried: ObjectiveVector[] = [];

  const problemOf = (objectives: readonly WeightedObjective[], combiner: Combiner<unknown>): StructureProblem => structureProblem(objectives, combiner, plan.parameterization, plan.projector, plan.refined);
  const everything = problemOf(sharp.map((objective) => ({ objective, weight: 1 })), weightedSum);

  /** The sharp problem that a method minimizes. */
  function problem(method: FrontMethod): VectorProblem {
    if (method.kind === 'single') return problemOf([{ objective: sharp[ids.indexOf(method.objective)], weight: 1 }], weightedSum);
    const made = problemOf(sharp.map((objective, i) => ({ objective, weight: weightsOf(method)[i] })), combinerOf(method));
    return {
      size: made.size,
      project: made.project,
      async evaluate(x, need) {
        const evaluation = await made.evaluate(x, need);
        if (evaluation.parts !== undefined) remember(x, vectorOf(evaluation.parts));
        return evaluation;
      },
    };
  }

  function combinerOf(method: FrontMethod): Combiner<unknown> {
    return method.kind === 'epsilon' ? (epsilonConstraint({ bounds: { [method.bounded]: method.bound }, penalty: PENALTY })) : weightedSum;
  }

  /** In 1/unit; of an ε-constraint in units of the box. */
  function weightsOf(method: FrontMethod): readonly number[] {
    if (method.kind === 'weights') return ids.map((id) => method.weights[id]);
    if (method.kind === 'single') return ids.map((id) => (id === method.objective ? 1 : 0));
    const values = search.archive.map((entry) => entry.values);
    return ids.map((_, axis) => 1 / (Math.max(...values.map((value) => value[axis])) - Math.min(...values.map((value) => value[axis]))));
  }

  function remember(x: Float64Array, values: ObjectiveVector): void {
    visited = insert(visited, { x: x.slice(), values }, search.tolerances).archive;
  }

  function vectorOf(values: ObjectiveValues): ObjectiveVector {
    return ids.map((id) => values[id]);
  }

  async function refine(method: FrontMethod, from: Float64Array, limits: DescentLimits, staged = false): Promise<Refined | undefined> {
    const observe = (step: number, { value }: { value: number }): void => {
      emit({ kind: 'stepped', step, value, evaluations: total(search.evaluations()), seconds: seconds() });
    };
    let [x, steps] = [from, 0];
    if (staged && method.kind === 'single') {
      const i = ids.indexOf(method.objective);
      for (const stage of broad[i]) {
        const descent = await descend(problemOf([stage.objectives[i]], weightedSum), plan.minimizer, x, { ...limits, maxSteps: stage.steps ?? limits.maxSteps }, signal, observe);
        if (descent.reason === 'cancelled' || !Number.isFinite(descent.evaluation.value)) return undefined;
        x = descent.x;
        steps += descent.steps;
      }
    }
    const descent = await descend(problem(method), plan.minimizer, x, limits, signal, observe);
    if (descent.reason === 'cancelled') return undefined;
    const { parts } = await everything.evaluate(descent.x, 'value');
    if (parts === undefined) return undefined;
    const values = vectorOf(parts);
    if (!values.every(Number.isFinite)) return undefined;
    remember(descent.x, values);
    const parameters = everything.parametersAt(descent.x);
    const point: FrontPoint = {
      structure: structureToJson(everything.structureAt(descent.x)),
      ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
      objectives: parts,
      method,
      stopReason: descent.reason,
      steps: steps + descent.steps,
    };
    const refined: Refined = { x: descent.x, values, point };
    tried.push(values);
    const { archive, accepted } = insert(search.archive, refined, search.tolerances);
    search.archive = archive;
    emit({ kind: 'refined', point, accepted, seconds: seconds() });
    if (accepted) emit({ kind: 'frontChanged', points: archive.map((entry) => entry.point.objectives) });
    return refined;
  }

  const search: FrontSearch = {
    objectives: sharp.map(({ id, unit }) => ({ id, unit })),
    pack(structure) {
      const x = new Float64Array(everything.size);
      x.set(plan.parameterization.pack(structure));
      x.set(plan.refined.start, plan.parameterization.size);
      return x;
    },
    hasStages: (objective) => broad[objective].length > 0,
    refine,
    valueOf(method, values) {
      const parts = values.map((value) => ({ value }));
      const combiner = combinerOf(method);
      return combiner.combine(parts, combiner.init(search.objectives.map((objective, i) => ({ ...objective, weight: weightsOf(method)[i] })))).value;
    },
    archive: [],
    tolerances: [0, 0],
    dominated: () => tried.filter((values) => !search.archive.some((entry) => entry.values === values)),
    visited: () => visited,
    evaluations: () => Object.fromEntries(sharp.map((objective) => [objective.id, objective.evaluations()])),
    remembered: () => Object.fromEntries(sharp.map((objective) => [objective.id, objective.remembered()])),
  };
  return search;
}

function total(counts: ObjectiveValues): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
