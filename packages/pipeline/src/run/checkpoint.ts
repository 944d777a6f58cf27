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
    combiner: encode(state.combiner),
    initial: state.initial,
    best: state.best,
    history: state.history,
  };
}

/**
 * The loop a checkpoint describes.
 * @throws BraggscapeError `checkpoint.mismatch` if it belongs to another plan or is not a checkpoint
 */
export function readCheckpoint(checkpoint: Checkpoint, plan: string): LoopState {
  const { format } = checkpoint as { format?: string };
  if (format !== 'braggscape-checkpoint/1') {
    throw new BraggscapeError('checkpoint.mismatch', `this is no checkpoint of a known format: ${JSON.stringify(format)}`, {
      hint: 'start afresh without resuming',
    });
  }
  if (checkpoint.plan !== plan) {
    throw new BraggscapeError('checkpoint.mismatch', 'the checkpoint belongs to another configuration or other inputs', {
      hint: 'resume with the options it was started with (stop rules and output may differ), or start afresh in another folder',
    });
  }
  return {
    current: decode(checkpoint.minimizer) as MinimizerStep,
    combiner: decode(checkpoint.combiner),
    best: checkpoint.best,
    initial: checkpoint.initial,
    history: checkpoint.history,
    step: checkpoint.step,
    evaluations: checkpoint.evaluations,
    seconds: checkpoint.seconds,
  };
}
