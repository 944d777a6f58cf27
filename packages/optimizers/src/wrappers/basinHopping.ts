import type { Minimizer, Random } from '@braggscape/core';
import { rounds } from './rounds.js';
import type { RoundsOptions, RoundsState } from './rounds.js';

/** A trial move: a point to descend from, given the minimum to leave. Pure but for the generator. */
export type Move = (x: Float64Array, random: Random) => Float64Array;

/** Options of {@link basinHopping}. */
export interface BasinHoppingOptions extends RoundsOptions {
  /** Rise of the value that a hop survives with probability 1/e; 0: hops go down only. */
  readonly temperature: number;
}

/**
 * Basin hopping: from a minimum a move, a descent, and the new minimum is kept if it is lower, or else with probability exp(−rise/temperature). D. J. Wales & J. P. K. Doye, J. Phys. Chem. A 101 (1997) 5111,
 * DOI 10.1021/jp970984n. Ends at the lowest point met.
 *
 * @param move such as {@link shake}, or one's own
 */
export function basinHopping<State>(minimizer: Minimizer<State>, move: Move, { temperature, ...options }: BasinHoppingOptions, random: Random): Minimizer<RoundsState<State>> {
  return rounds(
    minimizer,
    options,
    (ended, { home, first }, draw) => {
      // A draw for every hop, so that one decision shifts no other.
      const chance = draw.uniform();
      const kept = first || ended.value <= home.value || chance < Math.exp((home.value - ended.value) / temperature);
      const from = kept ? ended : home;
      return { home: from, x: move(from.x, draw) };
    },
    random,
  );
}

/** The move of Wales and Doye: every component displaced by up to `size`, evenly distributed. */
export function shake(size: number): Move {
  return (x, random) => x.map((value) => value + random.between(-size, size));
}
