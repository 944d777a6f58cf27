import { requireCount, requireLevel } from './checks.js';
import type { Interval } from './interval.js';
import { betaQuantile } from './specialFunctions.js';

/** Options of intervals. */
export interface LevelOptions {
  /** Probability that the interval covers the number. @default 0.95 */
  readonly level?: number;
}

/**
 * Jeffreys interval of a success rate: the equal-tailed posterior interval under Jeffreys' prior, with α = 1 − level the quantiles α/2 and 1 − α/2 of Beta(k + ½, n − k + ½) for k
 * successes in n trials. The low end is 0 for k = 0 and the high end 1 for k = n, or coverage would vanish as a rate nears 0 or 1 (Brown, Cai & DasGupta, Stat. Sci. 16, 101
 * (2001), who recommend it for few trials). No trials say nothing: 0 to 1.
 *
 * @param successes k, a whole number from 0 to n
 * @param trials n
 * @throws BraggscapeError `option.invalid` for counts that are no whole numbers or more successes than trials, and a level outside of 0…1
 */
export function jeffreysInterval(successes: number, trials: number, { level = 0.95 }: LevelOptions = {}): Interval {
  requireCount(successes, 'successes', 0);
  requireCount(trials, 'trials', successes);
  requireLevel(level);
  const [a, b] = [successes + 0.5, trials - successes + 0.5];
  return {
    low: successes === 0 ? 0 : betaQuantile((1 - level) / 2, a, b),
    high: successes === trials ? 1 : betaQuantile((1 + level) / 2, a, b),
  };
}
