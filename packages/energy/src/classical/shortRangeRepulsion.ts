import type { Potential } from '@braggscape/core';
import { covalentRadius } from '@braggscape/crystal';
import { COULOMB } from './coulomb.js';
import { pairPotential } from './pairPotential.js';

/** Options of {@link shortRangeRepulsion}. */
export interface ShortRangeRepulsionOptions {
  /** Distance from which a pair has no energy, as a part of the sum of its covalent radii. */
  readonly reach: number;
}

/** Screening function of Ziegler, Biersack & Littmark: coefficients and exponents. */
const screening = [
  [0.18175, 3.1998],
  [0.50986, 0.94229],
  [0.28022, 0.4029],
  [0.02817, 0.20162],
] as const;

/**
 * Screened Coulomb repulsion of nuclei at short distances (J. F. Ziegler, J. P. Biersack & U. Littmark, The Stopping and Range of Ions in Matter, 1985), brought smoothly to zero well below
 * bond lengths: nothing changes in a sound structure, while far starts cannot collapse in potentials that know nothing of such distances.
 */
export function shortRangeRepulsion({ reach }: ShortRangeRepulsionOptions): Potential {
  const reachOf = (a: number, b: number): number => reach * (covalentRadius(a) + covalentRadius(b));
  return pairPotential({
    id: 'short-range-repulsion',
    // The largest radii are those of francium.
    cutoff: reachOf(87, 87),
    smoothing: 0,
    pair(a, b) {
      const cutoff = reachOf(a, b);
      const length = 0.4685 / (a ** 0.23 + b ** 0.23);
      return {
        cutoff,
        evaluate(r, out) {
          let [sum, slope] = [0, 0];
          for (const [coefficient, exponent] of screening) {
            const term = coefficient * Math.exp((-exponent * r) / length);
            sum += term;
            slope -= (term * exponent) / length;
          }
          const scale = (COULOMB * a * b) / r;
          // (1 − r/rc)³ over the whole range: energy, force and curvature end at zero.
          const left = 1 - r / cutoff;
          out.energy = scale * sum * left ** 3;
          out.derivative = scale * ((slope - sum / r) * left ** 3 - (3 * sum * left * left) / cutoff);
        },
      };
    },
  });
}
