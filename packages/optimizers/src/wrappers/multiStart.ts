import type { Minimizer, Random } from '@braggscape/core';
import { rounds } from './rounds.js';
import type { RoundsOptions, RoundsState } from './rounds.js';

/** Options of {@link multiStart}. */
export interface MultiStartOptions extends RoundsOptions {
  /** Largest displacement of a component of a new start from the first one, in units of x. */
  readonly spread: number;
}

/** Descends from the start, then from seeded starts around it, evenly distributed in a cube, and ends at the lowest point met. */
export function multiStart<State>(minimizer: Minimizer<State>, { spread, ...options }: MultiStartOptions, random: Random): Minimizer<RoundsState<State>> {
  return rounds(minimizer, options, (_ended, { start, home }, draw) => ({ home, x: start.map((value) => value + draw.between(-spread, spread)) }), random);
}
