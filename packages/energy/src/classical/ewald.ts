import { determinant3 } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import { forcesAndStress } from '../neighbours/bondSums.js';
import { neighbourSearch } from '../neighbours/neighbourSearch.js';
import { COULOMB } from './coulomb.js';
import { erfc } from './erfc.js';
import { addReciprocalSum } from './reciprocalSum.js';

/** Electrostatic energy of point charges with its derivatives. */
export interface EwaldSum {
  /** eV per cell. */
  readonly energy: number;
  /** [n,3] eV/Å. */
  readonly forces: Float64Array;
  /** [3,3] eV/Å³. */
  readonly stress: Float64Array;
}

/** How much wider the sphere in reciprocal space is than with the same number of terms in both: its terms take less time. */
const BALANCE = 1.6;

/** Pairs that the sum in real space may have; larger cells leave more to reciprocal space. */
const MOST_PAIRS = 2e6;

/**
 * Electrostatic energy of a neutral crystal of point charges, under conducting boundaries (P. P. Ewald, Ann. Phys. 369 (1921) 253; stress after Nosé & Klein, Mol. Phys. 50 (1983) 1055).
 *
 * The width of the Gaussians balances both sums and is taken in steps of the volume; both sums are cut where their terms have fallen by `precision`, so the result does not depend on it.
 *
 * @param charges [n] in elementary charges; their sum is zero
 * @param split factor of the width that is chosen, for tests of the independence
 * @throws BraggscapeError `cell.impossible` for a cell without volume, or too flat or too skewed to look for neighbours
 */
export function ewald({ lattice, frac }: Pick<Structure, 'lattice' | 'frac'>, charges: Float64Array, precision = 1e-12, split = 1): EwaldSum {
  const n = charges.length;
  const volume = Math.abs(determinant3(lattice));
  // Steps of a quarter of an octave: small changes of the cell change neither sum's terms.
  const size = 2 ** (Math.round(4 * Math.log2(volume)) / 4);
  const reach = Math.sqrt(-Math.log(precision));
  const balanced = BALANCE * Math.sqrt(Math.PI) * (n / (size * size)) ** (1 / 6);
  const fewPairs = reach * ((2 * Math.PI * n * n) / (3 * size * MOST_PAIRS)) ** (1 / 3);
  const alpha = split * Math.max(balanced, fewPairs);

  const bonds = neighbourSearch(reach / alpha, { maxPairs: Math.max(2 * MOST_PAIRS, n * n) })({ lattice, frac });
  const gradients = new Float64Array(3 * bonds.count);
  const slope = (2 * alpha) / Math.sqrt(Math.PI);
  let energy = 0;
  for (let b = 0; b < bonds.count; b++) {
    const r = bonds.distance[b];
    const product = COULOMB * charges[bonds.first[b]] * charges[bonds.second[b]];
    const screened = (product * erfc(alpha * r)) / r;
    energy += screened;
    const gradient = -(screened / r + (product * slope * Math.exp(-alpha * alpha * r * r)) / r) / r;
    for (let k = 0; k < 3; k++) gradients[3 * b + k] = gradient * bonds.vector[3 * b + k];
  }
  const sums = forcesAndStress(lattice, n, bonds, gradients);
  energy += addReciprocalSum({ lattice, frac }, charges, alpha, 2 * alpha * reach, sums);
  // Each charge's own Gaussian, which the sum in reciprocal space contains.
  for (const charge of charges) energy -= (COULOMB * slope * charge * charge) / 2;
  return { energy, ...sums };
}
