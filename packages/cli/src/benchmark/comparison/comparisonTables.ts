import { countsSuccesses } from '@braggscape/benchmark';
import type { ComparisonSection, Criterion, LeaderboardRow, PairComparison } from '@braggscape/benchmark';

/** Name of a part of a comparison, such as `lattice noise, level 0.05`. */
export function sectionTitle({ noise, level }: Pick<ComparisonSection, 'noise' | 'level'>): string {
  return noise === null ? 'all starts' : `${noise} noise${level === null ? '' : `, level ${level}`}`;
}

/** A leaderboard for people; the first row is the head. */
export function leaderboardRows({ rows }: ComparisonSection, criterion: Criterion): readonly (readonly string[])[] {
  const counted = countsSuccesses(criterion);
  const head = ['entry', 'rank', 'group', criterion === 'strict' ? 'strict' : 'match', '95 %', ...(counted ? [] : ['mean rank', `median ${criterion}`]), 'evaluations', 'CPU s', 'to the best', '95 %', 'best alone', 'alone', 'P(best better)', 'p'];
  return [head, ...rows.map((row) => leaderboardRow(row, rows, counted))];
}

function leaderboardRow({ entry, rank, group, rate, meanRank, medianValue, medianEvaluations, medianSeconds, againstBest }: LeaderboardRow, rows: readonly LeaderboardRow[], counted: boolean): readonly string[] {
  const tied = rows.filter((other) => other.rank === rank).length > 1;
  return [
    entry,
    `${rank}${tied ? '=' : ''}`,
    String(group),
    percent(rate.rate),
    `${percent(rate.low)}–${percent(rate.high)}`,
    ...(counted ? [] : [(meanRank ?? Number.NaN).toFixed(2), medianValue === null ? '–' : three(medianValue)]),
    three(medianEvaluations),
    three(medianSeconds),
    ...(againstBest === null ? ['', '', '', '', '', ''] : againstBestCells(againstBest)),
  ];
}

/** What the best is better by, from the other side: negative where this entry's rate is lower. */
function againstBestCells({ difference, betterA, betterB, probabilityABetter, pValue }: PairComparison): readonly string[] {
  return [signed(-difference.value), `${signed(-difference.high)}…${signed(-difference.low)}`, String(betterA), String(betterB), probability(probabilityABetter), probability(pValue)];
}

/** Two entries against each other, for people; the first row is the head. */
export function pairRows({ pairs }: ComparisonSection): readonly (readonly string[])[] {
  return [
    ['A', 'B', 'starts', 'rate A', 'rate B', 'A − B', '95 %', 'A better', 'B better', 'equal', 'P(A better)', 'p'],
    ...pairs.map(({ a, b, starts, rateA, rateB, difference, betterA, betterB, ties, probabilityABetter, pValue }) => [
      a,
      b,
      String(starts),
      percent(rateA.rate),
      percent(rateB.rate),
      signed(difference.value),
      `${signed(difference.low)}…${signed(difference.high)}`,
      String(betterA),
      String(betterB),
      String(ties),
      probability(probabilityABetter),
      probability(pValue),
    ]),
  ];
}

function percent(fraction: number): string {
  return (100 * fraction).toFixed(1);
}

/** Percentage points with a sign. */
function signed(fraction: number): string {
  const text = (100 * fraction).toFixed(1);
  return Number(text) > 0 ? `+${text}` : Number(text) === 0 ? '0.0' : text.replace('-', '−');
}

function three(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** Probabilities with the digits that matter near 0 and 1. */
function probability(value: number): string {
  if (value < 1e-4) return '<1e-4';
  return value === 1 ? '1' : value > 0.9999 ? '>0.9999' : value < 0.001 || value > 0.999 ? value.toFixed(4) : value.toFixed(3);
}
