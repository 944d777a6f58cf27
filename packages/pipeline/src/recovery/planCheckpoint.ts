import type { HistoryEntry, PlanCheckpoint, Solution, Structure } from '@braggscape/core';
import { BraggscapeError, decode, encode } from '@braggscape/core';
import type { Candidate } from './candidate.js';
import type { LiveSession, RecoveryProgress } from './recoverySession.js';

/** Where in its steps a plan stands: all before `step` are done, and of it the moves before `move`. */
export interface PlanPosition {
  readonly step: number;
  readonly move: number;
}

/** What a recovery remembers between two steps. */
export interface RecoveryState {
  readonly position: PlanPosition;
  readonly pool: readonly Candidate[];
  readonly symmetries: readonly Candidate[];
  readonly named: Readonly<Record<string, Structure>>;
  readonly progress: RecoveryProgress;
  readonly evaluations: number;
  readonly seconds: number;
  readonly initial: Solution;
  readonly history: readonly HistoryEntry[];
}

/** The state as it is now. Candidates and structures are values, so it stays as it is while the session goes on. */
export function stateOf(session: LiveSession, position: PlanPosition, initial: Solution, history: readonly HistoryEntry[]): RecoveryState {
  const { pool, symmetries, named } = session;
  return {
    position,
    pool: [...pool.all()],
    symmetries: [...symmetries],
    named: Object.fromEntries(named),
    progress: session.progress(),
    evaluations: session.evaluations(),
    seconds: session.seconds(),
    initial,
    history: [...history],
  };
}

/** Plain-JSON checkpoint; numbers survive exactly. */
export function planCheckpoint(plan: string, { initial, history, ...state }: RecoveryState): PlanCheckpoint {
  return { format: 'braggscape-plan-checkpoint/1', plan, state: encode(state), initial, history };
}

/**
 * The state a checkpoint describes.
 * @param steps number of steps of the plan
 * @throws BraggscapeError `checkpoint.mismatch` if it belongs to another plan, or is no checkpoint of a plan, or a damaged one
 */
export function readPlanCheckpoint(checkpoint: PlanCheckpoint, plan: string, steps: number): RecoveryState {
  const given = checkpoint as Partial<PlanCheckpoint> | null;
  if (typeof given !== 'object' || given?.format !== 'braggscape-plan-checkpoint/1') {
    throw new BraggscapeError('checkpoint.mismatch', 'this is no checkpoint of a plan', { hint: 'start afresh without resuming' });
  }
  if (checkpoint.plan !== plan) {
    throw new BraggscapeError('checkpoint.mismatch', 'the checkpoint belongs to another configuration or other inputs', {
      hint: 'resume with the options it was started with, or start afresh in another folder',
    });
  }
  let state: Partial<RecoveryState>;
  try {
    state = (decode(checkpoint.state) ?? {});
  } catch (cause) {
    throw new BraggscapeError('checkpoint.mismatch', 'the checkpoint is damaged', { hint: 'start afresh without resuming', cause });
  }
  const { position, pool, symmetries, named, progress, evaluations, seconds } = state;
  const sound =
    isCount(position?.step) && isCount(position?.move) && position.step <= steps && Array.isArray(pool) && Array.isArray(symmetries) && isObject(named) && typeof progress?.done === 'boolean' && isObject(checkpoint.initial) && Number.isFinite(evaluations) && Number.isFinite(seconds) && Array.isArray(checkpoint.history);
  if (!sound) throw new BraggscapeError('checkpoint.mismatch', 'the checkpoint is damaged', { hint: 'start afresh without resuming' });
  return { ...(state as RecoveryState), initial: checkpoint.initial, history: checkpoint.history };
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
