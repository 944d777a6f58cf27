import type { Rate } from '../tables/cellSummary.js';
import { averageRanks } from '../statistics/correlation.js';
import { median } from '../statistics/quantile.js';
import type { Outcome } from './benchmarkRun.js';
import { comparePair, rateOf } from './comparePair.js';
import type { PairComparison } from './comparePair.js';
import { countsSuccesses, valueOf } from './criterion.js';
import type { Criterion } from './criterion.js';
import { sharedStarts } from './entry.js';
import type { Entry } from './entry.js';

/** Probability from which on an entry counts as better than another. */
const CLEARLY = 0.975;

/** A line of a leaderboard; all numbers are of the starts that all entries share. */
export interface LeaderboardRow {
  readonly entry: string;
  readonly run: string;
  readonly setting: string;
  /** From 1; equal scores share the better rank. */
  readonly rank: number;
  /** From 1: the best entry and all that it does not clearly beat (probability 0.975 or less), then the best of the others with those that it does not clearly beat, and so on. */
  readonly group: number;
  readonly rate: Rate;
  /** Mean over starts of the rank among entries, 1 for the lowest value (as in Friedman's test); null where successes are counted. */
  readonly meanRank: number | null;
  /** Median of the criterion's value; null where successes are counted, or where most starts have none. */
  readonly medianValue: number | null;
  readonly medianEvaluations: number;
  /** CPU seconds. */
  readonly medianSeconds: number;
  /** The best entry (A) against this one (B) on these starts; null for itself. */
  readonly againstBest: PairComparison | null;
}

/** Entries in their order on the starts that all of them share. */
export interface Leaderboard {
  readonly starts: number;
  /** None if no start is shared by all. */
  readonly rows: readonly LeaderboardRow[];
}

/**
 * Rank entries on the starts that all of them share: by rate, or by mean rank for criteria that compare values. Does not depend on the order of the entries.
 */
export function leaderboard(entries: readonly Entry[], criterion: Criterion): Leaderboard {
  const starts = sharedStarts(entries);
  if (starts.length === 0) return { starts: 0, rows: [] };
  const ranks = countsSuccesses(criterion) ? undefined : meanRanks(entries, starts, criterion);
  const scored = entries
    .map((entry) => {
      const outcomes = starts.map((key) => entry.outcomes.get(key) as Outcome);
      const rate = rateOf(outcomes, criterion);
      const meanRank = ranks?.get(entry) ?? null;
      return { entry, outcomes, rate, meanRank, score: meanRank ?? -rate.rate };
    })
    .sort((a, b) => a.score - b.score || (a.entry.name < b.entry.name ? -1 : 1));
  const groups = groupsOf(scored.map(({ entry }) => entry), criterion, starts);
  const [{ entry: best }] = scored;
  const rows = scored.map(({ entry, outcomes, rate, meanRank, score }, i): LeaderboardRow => {
    const value = meanRank === null ? null : median(outcomes.map((outcome) => valueOf(outcome, criterion)));
    return {
      entry: entry.name,
      run: entry.run,
      setting: entry.setting,
      rank: scored.findIndex((other) => other.score === score) + 1,
      group: groups[i],
      rate,
      meanRank,
      medianValue: value !== null && Number.isFinite(value) ? value : null,
      medianEvaluations: median(outcomes.map(({ evaluations }) => evaluations)) as number,
      medianSeconds: median(outcomes.map(({ seconds }) => seconds)) as number,
      againstBest: entry === best ? null : (comparePair(best, entry, criterion, starts) as PairComparison),
    };
  });
  return { starts: starts.length, rows };
}

function meanRanks(entries: readonly Entry[], starts: readonly string[], criterion: Criterion): ReadonlyMap<Entry, number> {
  const sums = new Float64Array(entries.length);
  for (const key of starts) averageRanks(entries.map(({ outcomes }) => valueOf(outcomes.get(key) as Outcome, criterion))).forEach((rank, i) => (sums[i] += rank));
  return new Map(entries.map((entry, i) => [entry, sums[i] / starts.length]));
}

/** Groups of entries in their order: who is left leads the next one. */
function groupsOf(entries: readonly Entry[], criterion: Criterion, starts: readonly string[]): readonly number[] {
  const groups = new Map<Entry, number>();
  let left = entries;
  for (let group = 1; left.length > 0; group++) {
    const [leader, ...others] = left;
    const members = [leader, ...others.filter((entry) => (comparePair(leader, entry, criterion, starts) as PairComparison).probabilityABetter <= CLEARLY)];
    for (const member of members) groups.set(member, group);
    left = left.filter((entry) => !members.includes(entry));
  }
  return entries.map((entry) => groups.get(entry) as number);
}
