import type { Candidate } from './candidate.js';
import { measureOf } from './pool.js';

/** kT at 300 K, eV. */
const ROOM = 0.02585;

/**
 * What pattern and energy together have against a candidate, χ²/2 + E/kT at 300 K: the lower, the more probable.
 *
 * @param energy eV/atom
 * @param weight Σ w y₀², which makes χ² of a misfit
 * @param unit reduced χ² of the best fit: what the model cannot explain counts as noise
 */
export function posterior(candidate: Candidate, energy: number, weight: number, unit: number): number {
  return (measureOf(candidate) * weight) / (2 * Math.max(1, unit)) + (energy * candidate.structure.numbers.length) / ROOM;
}
