/** Why a run ended. */
export type StopReason =
  | 'converged'
  | 'stalled'
  | 'maxSteps'
  | 'budget'
  | 'diverged'
  | 'nonFinite'
  | 'boundHit'
  | 'cancelled';

export const stopReasons: readonly StopReason[] = [
  'converged',
  'stalled',
  'maxSteps',
  'budget',
  'diverged',
  'nonFinite',
  'boundHit',
  'cancelled',
];

/** What stop rules look at, brought up to date after each step. */
export interface Progress {
  /** Accepted steps. */
  readonly step: number;
  /** Combined value now, and the lowest so far with the step that reached it. */
  readonly value: number;
  readonly bestValue: number;
  readonly bestStep: number;
  /** Combined value at the start. */
  readonly startValue: number;
  /** Largest absolute component of the projected gradient. */
  readonly gradientNorm: number;
  /** Largest absolute component of the last change of x; Infinity before the first step. */
  readonly stepNorm: number;
  /** Objective evaluations so far. */
  readonly evaluations: number;
  /** Seconds since the run began. */
  readonly seconds: number;
}

/**
 * Says whether to stop. Rules that look back keep their memory in the closure made by `start`,
 * and are rebuilt from the recorded history on resumption.
 */
export interface StopRule {
  readonly id: string;
  /** A fresh watcher for one run: called once per step, in order. */
  start(): (progress: Progress) => StopReason | undefined;
}
