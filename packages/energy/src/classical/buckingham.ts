import { BraggscapeError } from '@braggscape/core';
import type { Potential, PotentialResult } from '@braggscape/core';
import { atomicNumber, elementSymbol } from '@braggscape/crystal';
import { ewald } from './ewald.js';
import { pairPotential } from './pairPotential.js';
import { pairTable } from './pairParameters.js';
import type { PairParameters } from './pairParameters.js';

/** Options of {@link buckingham}. */
export interface BuckinghamOptions {
  /** A in eV, rho in Å, C in eV·Å⁶. */
  readonly pairs: readonly PairParameters<'A' | 'rho' | 'C'>[];
  /** Charge of each element, in elementary charges. */
  readonly charges: Readonly<Record<string, number>>;
  /** Å, of the short-range part. */
  readonly cutoff: number;
  /** Å before the cutoff over which the short-range energy is brought to zero. */
  readonly smoothing: number;
}

/**
 * Rigid ions: E(r) = A e^{−r/ρ} − C/r⁶ (R. A. Buckingham, Proc. R. Soc. A 168 (1938) 264) for pairs that are listed, none for others, and the Coulomb energy of the ions' charges by Ewald's sums.
 *
 * At very short distances −C/r⁶ wins and the energy falls without bound: add `short-range-repulsion` for far starts.
 *
 * `compute` throws BraggscapeError `element.unknown` for an element without a charge, `structure.unsupported` if the cell is not neutral.
 */
export function buckingham({ pairs, charges, cutoff, smoothing }: BuckinghamOptions): Potential {
  const table = pairTable(pairs);
  const chargeOf = new Map(Object.entries(charges).map(([symbol, charge]) => [atomicNumber(symbol), charge]));
  const id = 'buckingham';
  const shortRange = pairPotential({
    id,
    cutoff,
    smoothing,
    pair(a, b) {
      const { A, rho, C } = table(a, b) ?? { A: 0, rho: 1, C: 0 };
      return {
        cutoff,
        evaluate(r, out) {
          const repulsion = A * Math.exp(-r / rho);
          const dispersion = C / r ** 6;
          out.energy = repulsion - dispersion;
          out.derivative = -repulsion / rho + (6 * dispersion) / r;
        },
      };
    },
  });
  return {
    id,
    provides: shortRange.provides,
    elements: new Set(chargeOf.keys()),
    async compute(structure, signal): Promise<PotentialResult> {
      const ions = Float64Array.from(structure.numbers, (number) => {
        const charge = chargeOf.get(number);
        if (charge !== undefined) return charge;
        throw new BraggscapeError('element.unknown', `potential "${id}" has no charge for ${elementSymbol(number)}`, { hint: 'give it in its option "charges"' });
      });
      const total = ions.reduce((sum, charge) => sum + charge, 0);
      if (Math.abs(total) > 1e-6) {
        throw new BraggscapeError('structure.unsupported', `the charges of the cell add up to ${total.toPrecision(4)}, and the electrostatic energy of a charged crystal is infinite`, {
          hint: 'check the composition and the option "charges"',
        });
      }
      const pairsResult = await shortRange.compute(structure, signal);
      const coulomb = ewald(structure, ions);
      return {
        energy: pairsResult.energy + coulomb.energy,
        forces: coulomb.forces.map((value, k) => value + (pairsResult.forces as Float64Array)[k]),
        stress: coulomb.stress.map((value, k) => value + (pairsResult.stress as Float64Array)[k]),
      };
    },
  };
}
