import { BraggscapeError } from '@braggscape/core';
import { requireCount, requireEqualLengths, requireLevel } from './checks.js';
import type { Estimate, Interval } from './interval.js';
import type { LevelOptions } from './jeffreys.js';
import { incompleteBeta, normalQuantile } from './specialFunctions.js';

/** Two methods that were judged on the same starts. */
export interface PairedSuccesses {
  readonly starts: number;
  /** Starts from which both succeed. */
  readonly both: number;
  /** Starts from which A succeeds and B fails. */
  readonly onlyA: number;
  /** Starts from which B succeeds and A fails. */
  readonly onlyB: number;
  /** Starts from which both fail. */
  readonly neither: number;
  readonly rateA: number;
  readonly rateB: number;
  /** Rate of A minus rate of B, with {@link pairedDifferenceInterval}. */
  readonly difference: Estimate;
  /** {@link exactMcNemar} of onlyA and onlyB. */
  readonly mcnemar: number;
  /** {@link probabilityOfMajority} of onlyA over onlyB: how probable it is that the rate of A is higher. */
  readonly probabilityAHigher: number;
}

/** Two methods whose values, the lower the better, come from the same starts. */
export interface PairedValues {
  readonly starts: number;
  /** Starts where A has the lower value. */
  readonly lowerA: number;
  /** Starts where B has the lower value. */
  readonly lowerB: number;
  /** Starts where the values are equal; they say nothing about which is lower. */
  readonly ties: number;
  /** Two-sided sign test, which is {@link exactMcNemar} of lowerA and lowerB. */
  readonly signTest: number;
  /** {@link probabilityOfMajority} of lowerA over lowerB: how probable it is that A is lower more often than B is. */
  readonly probabilityALower: number;
}

/**
 * Compares two methods by their successes from the same starts. Only starts where they differ tell them apart.
 *
 * @param a [starts] whether method A succeeded
 * @param b [starts] whether method B succeeded
 * @throws BraggscapeError `option.invalid` for different lengths, no starts, values that are neither true nor false, and a level outside of 0…1
 */
export function comparePairedSuccesses(a: ArrayLike<boolean>, b: ArrayLike<boolean>, options: LevelOptions = {}): PairedSuccesses {
  requireStarts(a, b, (value) => typeof value === 'boolean', 'true or false');
  let [both, onlyA, onlyB, neither] = [0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    if (a[i] && b[i]) both++;
    else if (a[i]) onlyA++;
    else if (b[i]) onlyB++;
    else neither++;
  }
  const starts = a.length;
  return {
    starts,
    both,
    onlyA,
    onlyB,
    neither,
    rateA: (both + onlyA) / starts,
    rateB: (both + onlyB) / starts,
    difference: { value: (onlyA - onlyB) / starts, ...pairedDifferenceInterval({ both, onlyA, onlyB, neither }, options) },
    mcnemar: exactMcNemar(onlyA, onlyB),
    probabilityAHigher: probabilityOfMajority(onlyA, onlyB),
  };
}

/**
 * Compares two methods by values from the same starts, such as a deviation or seconds, by their signs alone: whatever the unit and however far the outliers.
 *
 * @param a [starts] values of method A, the lower the better; infinite where it failed
 * @param b [starts] values of method B
 * @throws BraggscapeError `option.invalid` for different lengths, no starts, and NaN
 */
export function comparePairedValues(a: ArrayLike<number>, b: ArrayLike<number>): PairedValues {
  requireStarts(a, b, (value) => typeof value === 'number' && !Number.isNaN(value), 'a number');
  let [lowerA, lowerB] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    if (a[i] < b[i]) lowerA++;
    else if (b[i] < a[i]) lowerB++;
  }
  return { starts: a.length, lowerA, lowerB, ties: a.length - lowerA - lowerB, signTest: exactMcNemar(lowerA, lowerB), probabilityALower: probabilityOfMajority(lowerA, lowerB) };
}

/**
 * Probability of θ > ½ where θ is the part of the differing starts that A wins: its posterior under Jeffreys' prior Beta(½, ½) is Beta(wins + ½, losses + ½), so the probability is
 * 1 − I_½(wins + ½, losses + ½) with the regularized incomplete beta function I (Gelman et al., Bayesian Data Analysis (2013), sections 2.4 and 2.8). ½ where nothing differs.
 *
 * @param wins starts that are better with A
 * @param losses starts that are better with B
 * @throws BraggscapeError `option.invalid` for counts that are no whole numbers
 */
export function probabilityOfMajority(wins: number, losses: number): number {
  requireCount(wins, 'wins', 0);
  requireCount(losses, 'losses', 0);
  // By symmetry, without the loss of digits next to 1.
  return incompleteBeta(0.5, losses + 0.5, wins + 0.5);
}

/**
 * Exact McNemar test, two-sided: how probable so uneven a split of the differing starts is if both methods are equally good, min(1, 2 P(X ≤ min(b, c))) with X binomial of b + c
 * trials of ½ (McNemar, Psychometrika 12, 153 (1947), with binomials in place of χ²). 1 where nothing differs.
 *
 * @param onlyA starts from which only A succeeds
 * @param onlyB starts from which only B succeeds
 * @throws BraggscapeError `option.invalid` for counts that are no whole numbers
 */
export function exactMcNemar(onlyA: number, onlyB: number): number {
  requireCount(onlyA, 'onlyA', 0);
  requireCount(onlyB, 'onlyB', 0);
  const [fewer, more] = [Math.min(onlyA, onlyB), Math.max(onlyA, onlyB)];
  // P(X ≤ k) of n trials is I_½(n − k, k + 1), and n − k is the larger count.
  return more === 0 ? 1 : Math.min(1, 2 * incompleteBeta(0.5, more, fewer + 1));
}

/** The four counts of a paired comparison. */
export type PairedCounts = Pick<PairedSuccesses, 'both' | 'onlyA' | 'onlyB' | 'neither'>;

/**
 * Interval of the difference of two paired rates: method 10 of Newcombe, Stat. Med. 17, 2635 (1998), which joins the Wilson intervals l…u of the two rates by their correlation φ:
 * from p_A − p_B − √(δ_A² − 2φ δ_A ε_B + ε_B²) to p_A − p_B + √(ε_A² − 2φ ε_A δ_B + δ_B²), with δ = p − l, ε = u − p. It stays within −1…1 and covers well for few starts. In
 * the numerator both·neither − onlyA·onlyB of φ, half of the starts is taken off a positive value, which becomes no less than zero.
 *
 * @throws BraggscapeError `option.invalid` for counts that are no whole numbers, no starts, and a level outside of 0…1
 */
export function pairedDifferenceInterval({ both, onlyA, onlyB, neither }: PairedCounts, { level = 0.95 }: LevelOptions = {}): Interval {
  requireLevel(level);
  for (const [name, count] of Object.entries({ both, onlyA, onlyB, neither })) requireCount(count, name, 0);
  const n = both + onlyA + onlyB + neither;
  requireCount(n, 'both + onlyA + onlyB + neither', 1);
  const [successesA, successesB] = [both + onlyA, both + onlyB];
  const [a, b] = [wilsonMargins(successesA, n, level), wilsonMargins(successesB, n, level)];
  const excess = both * neither - onlyA * onlyB;
  const margins = successesA * (n - successesA) * successesB * (n - successesB);
  const correlation = margins === 0 ? 0 : (excess > 0 ? Math.max(0, excess - n / 2) : excess) / Math.sqrt(margins);
  const difference = (onlyA - onlyB) / n;
  return {
    low: difference - joined(a.below, b.above, correlation),
    high: difference + joined(a.above, b.below, correlation),
  };
}

/** How far the Wilson score interval of a rate reaches below and above it. */
function wilsonMargins(successes: number, n: number, level: number): { readonly below: number; readonly above: number } {
  const z = normalQuantile((1 + level) / 2);
  const rate = successes / n;
  const centre = (successes + (z * z) / 2) / (n + z * z);
  const half = (z * Math.sqrt(n * rate * (1 - rate) + (z * z) / 4)) / (n + z * z);
  return { below: rate - (centre - half), above: centre + half - rate };
}

function joined(first: number, second: number, correlation: number): number {
  return Math.sqrt(Math.max(0, first * first - 2 * correlation * first * second + second * second));
}

function requireStarts(a: ArrayLike<unknown>, b: ArrayLike<unknown>, valid: (value: unknown) => boolean, wanted: string): void {
  requireEqualLengths(a, b, 'a', 'b');
  if (a.length === 0) throw new BraggscapeError('option.invalid', 'there are no starts to compare', { path: 'a', hint: 'give the results of at least one start' });
  for (const [name, values] of [['a', a], ['b', b]] as const) {
    for (let i = 0; i < values.length; i++) {
      if (!valid(values[i])) throw new BraggscapeError('option.invalid', `${name}[${i}] is ${String(values[i])}`, { path: `${name}[${i}]`, hint: `give ${wanted}` });
    }
  }
}
