import type { StopReason } from '@braggscape/core';

const sentences: Readonly<Record<StopReason, string>> = {
  converged: 'converged',
  stalled: 'stalled: the value no longer improves',
  maxSteps: 'the step limit was reached before convergence',
  budget: 'the budget was used up before convergence',
  diverged: 'diverged: the value rose far above its start',
  nonFinite: 'no step with finite numbers was found',
  boundHit: 'a bound stopped the descent',
  cancelled: 'cancelled; the best structure so far is kept',
};

/** One sentence for people. */
export function stopMessage(reason: StopReason, rule: string, steps: number): string {
  return `${sentences[reason]} (${rule}, ${steps} ${steps === 1 ? 'step' : 'steps'})`;
}
