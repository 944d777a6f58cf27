import { BraggscapeError, decode, encode } from '@braggscape/core';
import type { Checkpoint, HistoryEntry, MinimizerStep, Solution } from '@braggscape/core';

/** What the loop holds between two steps. */
export interface LoopState {
  readonly current: MinimizerStep;
  readonly best: Solution;
  readonly initial: Solution;
  readonly history: readonly HistoryEntry[];
  readonly step: number;
  readonly evaluations: number;
  readonly seconds: number;
  readonly combiner: unknown;
  readonly stage: StagePosition;
}

/** Where in the schedule of peak widths a run stands. */
export interface StagePosition {
  readonly index: number;
  /** Steps of the run before the stage. */
  readonly first: number;
  /** Its start, as the stop rules see it: step 0. */
  readonly entry: HistoryEntry;
  /** Its best point, where the next stage begins. */
  readonly bestX: Float64Array;
}

/** Plain-JSON checkpoint of a loop; numbers survive exactly. */
export function makeCheckpoint(plan: string, state: LoopState): Checkpoint {
  return {
    format: 'braggscape-checkpoint/1',
    plan,
    step: state.step,
    evaluations: state.evaluations,
    seconds: state.seconds,
    minimizer: encode(state.current),
    stage: encode(state.stage),
    combiner: encode(state.combiner),
    initial: state.initial,
    best: state.best,
    history: state.history,
  };
}

/**
 * The loop a checkpoint describes.
 * @param stages number of stages of the plan
 * @throws BraggscapeError `checkpoint.mismatch` if it belongs to another plan, or is not a checkpoint, or a damaged one
 */
export function readCheckpoint(checkpoint: Checkpoint, plan: string, stages: number): LoopState {
  const given = checkpoint as Partial<Checkpoint> | null;
  if (typeof given !== 'object' || given?.format !== 'braggscape-checkpoint/1') {
    if ((given as { format?: unknown } | null)?.format === 'braggscape-plan-checkpoint/1') {
      throw new BraggscapeError('checkpoint.mismatch', 'the checkpoint belongs to a run by a plan, and this is a single descent', { hint: 'resume with the options it was started with' });
    }
    const format = JSON.stringify((given as { format?: unknown } | null)?.format ?? given);
    throw new BraggscapeError('checkpoint.mismatch', `this is no checkpoint of a known format: ${format.slice(0, 60)}`, { hint: 'start afresh without resuming' });
  }
  if (checkpoint.plan !== plan) {
    throw new BraggscapeError('checkpoint.mismatch', 'the checkpoint belongs to another configuration or other inputs', {
      hint: 'resume with the options it was started with (stop rules and output may differ), or start afresh in another folder',
    });
  }
  const { step, evaluations, seconds, history, initial, best } = checkpoint;
  const current = decoded(checkpoint.minimizer) as Partial<MinimizerStep> | undefined;
  const stage = decoded(checkpoint.stage) as Partial<StagePosition> | undefined;
  const whole = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0;
  const sound =
    whole(step) &&
    whole(evaluations) &&
    Number.isFinite(seconds) &&
    Array.isArray(history) &&
    history.length === step + 1 &&
    history.every((entry, i) => (entry as Partial<HistoryEntry> | null)?.step === i) &&
    isSolution(initial) &&
    isSolution(best) &&
    current?.x instanceof Float64Array &&
    current.x.every((value) => Number.isFinite(value)) &&
    typeof current.evaluation?.value === 'number' &&
    whole(stage?.index) &&
    (stage?.index as number) < stages &&
    whole(stage?.first) &&
    (stage?.first as number) <= step &&
    stage?.entry?.step === 0 &&
    stage.bestX instanceof Float64Array &&
    stage.bestX.length === current.x.length;
  if (!sound) throw damaged();
  return { current: current as MinimizerStep, combiner: decoded(checkpoint.combiner), best, initial, history, step, evaluations, seconds, stage: stage as StagePosition };
}

function isSolution(value: unknown): boolean {
  const { structure, step } = (value ?? {}) as Partial<Solution>;
  return Number.isInteger(step) && Array.isArray(structure?.lattice) && structure.lattice.flat().every((entry) => Number.isFinite(entry));
}

function decoded(value: unknown): unknown {
  try {
    return decode(value);
  } catch (cause) {
    throw damaged(cause);
  }
}

function damaged(cause?: unknown): BraggscapeError {
  return new BraggscapeError('checkpoint.mismatch', 'the checkpoint is damaged', { hint: 'start afresh without resuming', cause });
}
