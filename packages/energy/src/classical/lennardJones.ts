import type { Potential } from '@braggscape/core';
import { pairPotential } from './pairPotential.js';
import { pairTable } from './pairParameters.js';
import type { PairParameters } from './pairParameters.js';

/** Options of {@link lennardJones}. */
export interface LennardJonesOptions {
  /** eV, depth of the minimum; of all pairs where `pairs` is empty. */
  readonly epsilon: number;
  /** Å, distance of zero energy. */
  readonly sigma: number;
  /** Å. */
  readonly cutoff: number;
  /** Å before the cutoff over which the energy is brought to zero. */
  readonly smoothing: number;
  readonly pairs: readonly PairParameters<'epsilon' | 'sigma'>[];
}

/**
 * E(r) = 4ε[(σ/r)¹² − (σ/r)⁶] (J. E. Lennard-Jones, Proc. R. Soc. A 106 (1924) 463). A pair that is not listed takes the means of its elements' own (σ arithmetic, ε geometric, the
 * rules of Lorentz and Berthelot) if both are listed; with no pair listed at all the options' numbers hold for everything.
 */
export function lennardJones({ epsilon, sigma, cutoff, smoothing, pairs }: LennardJonesOptions): Potential {
  const table = pairTable(pairs);
  const parametersOf = (a: number, b: number): { readonly epsilon: number; readonly sigma: number } | undefined => {
    const [own, first, second] = [table(a, b), table(a, a), table(b, b)];
    if (own !== undefined) return own;
    if (pairs.length === 0) return { epsilon, sigma };
    if (first === undefined || second === undefined) return undefined;
    return { epsilon: Math.sqrt(first.epsilon * second.epsilon), sigma: (first.sigma + second.sigma) / 2 };
  };
  return pairPotential({
    id: 'lennard-jones',
    cutoff,
    smoothing,
    pair(a, b) {
      const own = parametersOf(a, b);
      if (own === undefined) return undefined;
      return {
        cutoff,
        evaluate(r, out) {
          const sixth = (own.sigma / r) ** 6;
          out.energy = 4 * own.epsilon * sixth * (sixth - 1);
          out.derivative = (-24 * own.epsilon * sixth * (2 * sixth - 1)) / r;
        },
      };
    },
  });
}
