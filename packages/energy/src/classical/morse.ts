import type { Potential } from '@braggscape/core';
import { pairPotential } from './pairPotential.js';
import { pairTable } from './pairParameters.js';
import type { PairParameters } from './pairParameters.js';

/** Options of {@link morse}. */
export interface MorseOptions {
  /** eV, depth of the minimum; of all pairs where `pairs` is empty. */
  readonly depth: number;
  /** 1/Å, steepness. */
  readonly steepness: number;
  /** Å, distance of the minimum. */
  readonly distance: number;
  /** Å. */
  readonly cutoff: number;
  /** Å before the cutoff over which the energy is brought to zero. */
  readonly smoothing: number;
  readonly pairs: readonly PairParameters<'depth' | 'steepness' | 'distance'>[];
}

/** E(r) = D[(1 − e^{−a(r − r₀)})² − 1] (P. M. Morse, Phys. Rev. 34 (1929) 57, DOI 10.1103/PhysRev.34.57). */
export function morse({ cutoff, smoothing, pairs, ...common }: MorseOptions): Potential {
  const table = pairTable(pairs);
  return pairPotential({
    id: 'morse',
    cutoff,
    smoothing,
    pair(a, b) {
      const own = pairs.length === 0 ? common : table(a, b);
      if (own === undefined) return undefined;
      const { depth, steepness, distance } = own;
      return {
        cutoff,
        evaluate(r, out) {
          const decay = Math.exp(-steepness * (r - distance));
          out.energy = depth * decay * (decay - 2);
          out.derivative = -2 * depth * steepness * decay * (decay - 1);
        },
      };
    },
  });
}
