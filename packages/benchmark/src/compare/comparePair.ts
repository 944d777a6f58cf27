import type { Rate } from '../tables/cellSummary.js';
import type { Estimate } from '../statistics/interval.js';
import { jeffreysInterval } from '../statistics/jeffreys.js';
import { comparePairedSuccesses, comparePairedValues } from '../statistics/pairedComparison.js';
import type { Outcome } from './benchmarkRun.js';
import { countsSuccesses, succeeded, valueOf } from './criterion.js';
import type { Criterion } from './criterion.js';
import { sharedStarts } from './entry.js';
import type { Entry } from './entry.js';

/** Two entries compared on the starts that they share. */
export interface PairComparison {
  readonly a: string;
  readonly b: string;
  /** Shared starts. */
  readonly starts: number;
  /** Match rates on these with Jeffreys intervals; strict matches where these are the criterion. */
  readonly rateA: Rate;
  readonly rateB: Rate;
  /** Rate of A minus rate of B, with Newcombe's interval for pairs. */
  readonly difference: Estimate;
  /** Starts from which A is better: it alone succeeds, or has the lower value. */
  readonly betterA: number;
  readonly betterB: number;
  /** Starts that say nothing about which is better. */
  readonly ties: number;
  /** Posterior probability, under Jeffreys' prior, that A is better from more than half of the starts where they differ. */
  readonly probabilityABetter: number;
  /** Exact McNemar test of successes, sign test of values: two-sided. */
  readonly pValue: number;
}

/** The successes of a list of outcomes as a rate. */
export function rateOf(outcomes: readonly Outcome[], criterion: Criterion): Rate {
  const successes = outcomes.filter((outcome) => succeeded(outcome, criterion)).length;
  return { successes, rate: successes / outcomes.length, ...jeffreysInterval(successes, outcomes.length) };
}

/**
 * Compare two entries.
 * @param starts keys of the starts to compare on, which both have; those that they share if left out
 * @returns undefined without a start
 */
export function comparePair(a: Entry, b: Entry, criterion: Criterion, starts: readonly string[] = sharedStarts([a, b])): PairComparison | undefined {
  if (starts.length === 0) return undefined;
  const [ofA, ofB] = [a, b].map(({ outcomes }) => starts.map((key) => outcomes.get(key) as Outcome));
  const successes = comparePairedSuccesses(
    ofA.map((outcome) => succeeded(outcome, criterion)),
    ofB.map((outcome) => succeeded(outcome, criterion)),
  );
  const common = { a: a.name, b: b.name, starts: starts.length, rateA: rateOf(ofA, criterion), rateB: rateOf(ofB, criterion), difference: successes.difference };
  if (countsSuccesses(criterion)) {
    const { onlyA, onlyB, both, neither, probabilityAHigher, mcnemar } = successes;
    return { ...common, betterA: onlyA, betterB: onlyB, ties: both + neither, probabilityABetter: probabilityAHigher, pValue: mcnemar };
  }
  const { lowerA, lowerB, ties, probabilityALower, signTest } = comparePairedValues(
    ofA.map((outcome) => valueOf(outcome, criterion)),
    ofB.map((outcome) => valueOf(outcome, criterion)),
  );
  return { ...common, betterA: lowerA, betterB: lowerB, ties, probabilityABetter: probabilityALower, pValue: signTest };
}
