import type { Outcome } from './benchmarkRun.js';

/** What entries are ranked by. */
export const criteria = ['match', 'strict', 'rms', 'evaluations', 'seconds'] as const;
export type Criterion = (typeof criteria)[number];

/** Which success counts: strict matches where these are asked for, else matches at the paper's tolerances. */
export function succeeded(outcome: Outcome, criterion: Criterion): boolean {
  return criterion === 'strict' ? outcome.strict : outcome.match;
}

/**
 * The value of an outcome, the lower the better; infinite without a match, since a quick failure is no merit. A success counts 0 and a failure 1 where successes are compared.
 */
export function valueOf(outcome: Outcome, criterion: Criterion): number {
  if (criterion === 'match' || criterion === 'strict') return succeeded(outcome, criterion) ? 0 : 1;
  if (!outcome.match) return Infinity;
  return criterion === 'rms' ? (outcome.rms ?? Infinity) : outcome[criterion];
}

/** Whether a criterion counts successes rather than comparing values. */
export function countsSuccesses(criterion: Criterion): boolean {
  return criterion === 'match' || criterion === 'strict';
}
