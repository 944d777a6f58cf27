import { determinant3, inverse3 } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import { forcesAndStress } from '../neighbours/bondSums.js';
import { neighbourSearch } from '../neighbours/neighbourSearch.js';
import { COULOMB } from './coulomb.js';
import { erfc } from './erfc.js';

/** Electrostatic energy of point charges with its derivatives. */
export interface EwaldSum {
  /** eV per cell. */
  readonly energy: number;
  /** [n,3] eV/Å. */
  readonly forces: Float64Array;
  /** [3,3] eV/Å³. */
  readonly stress: Float64Array;
}

/**
 * Electrostatic energy of a neutral crystal of point charges, under conducting boundaries (P. P. Ewald, Ann. Phys. 369 (1921) 253; stress after Nosé & Klein, Mol. Phys. 50 (1983) 1055).
 *
 * The width of the Gaussians balances both sums and is taken in steps of the volume; both sums are cut where their terms have fallen by `precision`, so the result does not depend on it.
 *
 * @param charges [n] in elementary charges; their sum is zero
 * @param split factor of the width that is chosen, for tests of the independence
 */
export function ewald({ lattice, frac }: Pick<Structure, 'lattice' | 'frac'>, charges: Float64Array, precision = 1e-12, split = 1): EwaldSum {
  const n = charges.length;
  const volume = Math.abs(determinant3(lattice));
  // Steps of a quarter of an octave: small changes of the cell change neither sum's terms.
  const size = 2 ** (Math.round(4 * Math.log2(volume)) / 4);
  const alpha = split * Math.sqrt(Math.PI) * (n / (size * size)) ** (1 / 6);
  const reach = Math.sqrt(-Math.log(precision));

  const bonds = neighbourSearch(reach / alpha)({ lattice, frac });
  const gradients = new Float64Array(3 * bonds.count);
  let energy = 0;
  for (let b = 0; b < bonds.count; b++) {
    const r = bonds.distance[b];
    const product = COULOMB * charges[bonds.first[b]] * charges[bonds.second[b]];
    const screened = (product * erfc(alpha * r)) / r;
    energy += screened;
    const derivative = -screened / r - (product * 2 * alpha * Math.exp(-alpha * alpha * r * r)) / (Math.sqrt(Math.PI) * r);
    for (let k = 0; k < 3; k++) gradients[3 * b + k] = (derivative * bonds.vector[3 * b + k]) / r;
  }
  const { forces, stress } = forcesAndStress(lattice, n, bonds, gradients);
  for (const charge of charges) energy -= (COULOMB * alpha * charge * charge) / Math.sqrt(Math.PI);

  // Reciprocal space: columns of L⁻¹ times 2π; one of each pair ±k.
  const reciprocal = inverse3(lattice).map((value) => 2 * Math.PI * value);
  const largest = 2 * alpha * reach;
  const limits = [0, 1, 2].map((axis) => Math.floor((largest * Math.hypot(lattice[3 * axis], lattice[3 * axis + 1], lattice[3 * axis + 2])) / (2 * Math.PI)));
  const [cosines, sines] = [new Float64Array(n), new Float64Array(n)];
  for (let h = 0; h <= limits[0]; h++)
    for (let k = h === 0 ? 0 : -limits[1]; k <= limits[1]; k++)
      for (let l = h === 0 && k === 0 ? 1 : -limits[2]; l <= limits[2]; l++) {
        const [x, y, z] = [0, 1, 2].map((axis) => reciprocal[3 * axis] * h + reciprocal[3 * axis + 1] * k + reciprocal[3 * axis + 2] * l);
        const square = x * x + y * y + z * z;
        if (square > largest * largest) continue;
        let [real, imaginary] = [0, 0];
        for (let i = 0; i < n; i++) {
          const phase = 2 * Math.PI * (h * frac[3 * i] + k * frac[3 * i + 1] + l * frac[3 * i + 2]);
          cosines[i] = charges[i] * Math.cos(phase);
          sines[i] = charges[i] * Math.sin(phase);
          real += cosines[i];
          imaginary += sines[i];
        }
        const weight = (4 * Math.PI * COULOMB * Math.exp(-square / (4 * alpha * alpha))) / (square * volume);
        const own = weight * (real * real + imaginary * imaginary);
        energy += own;
        const wave = [x, y, z];
        for (let i = 0; i < n; i++) {
          const slope = 2 * weight * (imaginary * cosines[i] - real * sines[i]);
          for (let axis = 0; axis < 3; axis++) forces[3 * i + axis] -= slope * wave[axis];
        }
        const shear = 2 * (1 / square + 1 / (4 * alpha * alpha));
        for (let a = 0; a < 3; a++) for (let b = 0; b < 3; b++) stress[3 * a + b] += (own / volume) * (shear * wave[a] * wave[b] - (a === b ? 1 : 0));
      }
  return { energy, forces, stress };
}
