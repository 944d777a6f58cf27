import type {
  HistoryEntry,
  MinimizerStep,
  ObjectiveValues,
  Progress,
  Solution,
  StopReason,
  StopRule,
  Structure,
  VectorEvaluation,
} from '@braggscape/core';
import { maxAbs, structureToJson } from '@braggscape/core';
import { cellFromArray, cellFromLattice } from '@braggscape/crystal';

/** Values of the objectives behind an evaluation. */
export function objectiveValues(evaluation: VectorEvaluation): ObjectiveValues {
  return evaluation.parts ?? {};
}

/** History line of a step. */
export function historyEntry(step: number, current: MinimizerStep, previousX: Float64Array | undefined, structure: Structure, broadening: number): HistoryEntry {
  let stepNorm = 0;
  if (previousX !== undefined) for (let i = 0; i < previousX.length; i++) stepNorm = Math.max(stepNorm, Math.abs(current.x[i] - previousX[i]));
  return {
    step,
    value: current.evaluation.value,
    objectives: objectiveValues(current.evaluation),
    gradientNorm: current.evaluation.gradient === undefined ? Number.NaN : maxAbs(current.evaluation.gradient),
    stepNorm,
    ...(current.evaluation.conflictAngle === undefined ? {} : { conflictAngle: current.evaluation.conflictAngle }),
    cell: cellFromArray(cellFromLattice(structure.lattice)),
    ...(broadening > 0 ? { broadening } : {}),
  };
}

/** Result form of a structure with its values. */
export function solution(
  structure: Structure,
  parameters: Readonly<Record<string, number>>,
  evaluation: VectorEvaluation,
  step: number,
): Solution {
  const refined = Object.keys(parameters).length === 0 ? {} : { parameters };
  return { structure: structureToJson(structure), ...refined, value: evaluation.value, objectives: objectiveValues(evaluation), step };
}

/** Watches a run for its stop rules. */
export interface Watch {
  /** Take in one history entry; a reason ends the run. */
  next(entry: HistoryEntry, cost: { evaluations: number; seconds: number }): { reason: StopReason; rule: string } | undefined;
}

/** Start the rules of a run, having seen `past` already. */
export function startWatch(rules: readonly StopRule[], past: readonly HistoryEntry[]): Watch {
  const watchers = rules.map((rule) => ({ id: rule.id, look: rule.start() }));
  let startValue = Number.NaN;
  let bestValue = Infinity;
  let bestStep = 0;
  const next: Watch['next'] = (entry, cost) => {
    if (Number.isNaN(startValue)) startValue = entry.value;
    if (entry.value < bestValue) {
      bestValue = entry.value;
      bestStep = entry.step;
    }
    const progress: Progress = {
      step: entry.step,
      value: entry.value,
      bestValue,
      bestStep,
      startValue,
      gradientNorm: entry.gradientNorm ?? Number.NaN,
      stepNorm: entry.step === 0 ? Infinity : (entry.stepNorm ?? Number.NaN),
      ...cost,
    };
    // Every rule sees every step, so that each one's memory is whole; the first in the list that speaks is heard.
    const said = watchers.map(({ id, look }) => ({ rule: id, reason: look(progress) }));
    const heard = said.find(({ reason }) => reason !== undefined);
    return heard?.reason === undefined ? undefined : { rule: heard.rule, reason: heard.reason };
  };
  for (const entry of past) next(entry, { evaluations: 0, seconds: 0 });
  return { next };
}
