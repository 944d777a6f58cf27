import { determinant3 } from '@braggscape/core';
import type { NeighbourList } from './neighbourList.js';

/** Forces and stress made from the gradients of a sum over bonds. */
export interface ForcesAndStress {
  /** [n,3] eV/Å, cartesian. */
  readonly forces: Float64Array;
  /** [3,3] eV/Å³, tension positive. */
  readonly stress: Float64Array;
}

/**
 * With g = ∂E/∂d for the vector d = x_second + T − x_first of each bond: F_first += g, F_second −= g, and the stress is Σ d ⊗ g / V, made symmetric.
 *
 * @param gradients [m,3] eV/Å; the bonds' own gradients begin at `from`
 * @param scale what the gradients are multiplied by, such as a unit
 */
export function forcesAndStress(lattice: Float64Array, atoms: number, bonds: NeighbourList, gradients: ArrayLike<number>, from = 0, scale = 1): ForcesAndStress {
  const forces = new Float64Array(3 * atoms);
  const virial = new Float64Array(9);
  for (let b = 0; b < bonds.count; b++) {
    const [i, j] = [3 * bonds.first[b], 3 * bonds.second[b]];
    for (let y = 0; y < 3; y++) {
      const g = scale * gradients[3 * (from + b) + y];
      forces[i + y] += g;
      forces[j + y] -= g;
      for (let x = 0; x < 3; x++) virial[3 * x + y] += bonds.vector[3 * b + x] * g;
    }
  }
  const volume = Math.abs(determinant3(lattice));
  // The energy does not change with a rotation, so what is not symmetric is rounding.
  return { forces, stress: virial.map((_, k) => (virial[k] + virial[3 * (k % 3) + Math.floor(k / 3)]) / (2 * volume)) };
}
