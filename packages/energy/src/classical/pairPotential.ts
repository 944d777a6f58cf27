import { BraggscapeError } from '@braggscape/core';
import type { Potential, PotentialResult } from '@braggscape/core';
import { elementSymbol } from '@braggscape/crystal';
import { checkDistances, checkSites } from '../checkStructure.js';
import { forcesAndStress } from '../neighbours/bondSums.js';
import { neighbourSearch } from '../neighbours/neighbourSearch.js';

/** Energy of a pair of atoms by their distance. */
export interface PairFunction {
  /** Å; the pair has no energy beyond. At most the potential's cutoff. */
  readonly cutoff: number;
  /** Writes the energy (eV) and its derivative (eV/Å) at the distance r (Å) into `out`. */
  evaluate(r: number, out: PairEnergy): void;
}

/** Result of a {@link PairFunction}, reused from pair to pair. */
export interface PairEnergy {
  energy: number;
  derivative: number;
}

/** What a pair potential is made of. */
export interface PairPotentialOptions {
  readonly id: string;
  /** Å, the longest pair. */
  readonly cutoff: number;
  /** Å before its cutoff over which a pair's energy is brought to zero; 0 where the function does that itself. */
  readonly smoothing: number;
  /** The function of a pair of elements; undefined where there is none. Asked once for each pair. */
  pair(first: number, second: number): PairFunction | undefined;
  /** Atomic numbers it is defined for; all those that `pair` knows by default. */
  readonly elements?: ReadonlySet<number>;
  /** Å that the list of neighbours reaches beyond the cutoff, so that it serves for several steps. */
  readonly skin?: number;
}

/**
 * A potential that is a sum over pairs. Near the cutoff each pair's energy is multiplied by 1 − 10t³ + 15t⁴ − 6t⁵, whose first and second derivatives vanish at both ends.
 *
 * `compute` throws BraggscapeError `element.unknown` for a pair of elements without a function, `structure.unsupported` for a partly occupied site, `structure.invalid` for
 * atoms on top of each other.
 */
export function pairPotential({ id, cutoff, smoothing, pair, elements, skin = 0.3 }: PairPotentialOptions): Potential {
  const search = neighbourSearch(cutoff, { skin });
  const functions = new Map<number, PairFunction>();
  const functionOf = (a: number, b: number): PairFunction => {
    const key = 128 * Math.min(a, b) + Math.max(a, b);
    const known = functions.get(key);
    if (known !== undefined) return known;
    const found = pair(Math.min(a, b), Math.max(a, b));
    if (found === undefined) {
      throw new BraggscapeError('element.unknown', `potential "${id}" has no parameters for ${elementSymbol(a)} and ${elementSymbol(b)}`, { hint: 'give them in its option "pairs"' });
    }
    functions.set(key, found);
    return found;
  };
  const out: PairEnergy = { energy: 0, derivative: 0 };
  return {
    id,
    provides: new Set(['forces', 'stress']),
    ...(elements === undefined ? {} : { elements }),
    async compute(structure, signal): Promise<PotentialResult> {
      signal?.throwIfAborted();
      checkSites(structure, id, elements);
      const species = [...new Set(structure.numbers)];
      const speciesOf = structure.numbers.map((number) => species.indexOf(number));
      const table = species.flatMap((a) => species.map((b) => functionOf(a, b)));
      const bonds = search(structure);
      checkDistances(structure, bonds);
      const gradients = new Float64Array(3 * bonds.count);
      let energy = 0;
      for (let b = 0; b < bonds.count; b++) {
        const own = table[species.length * speciesOf[bonds.first[b]] + speciesOf[bonds.second[b]]];
        const r = bonds.distance[b];
        if (r >= own.cutoff) continue;
        own.evaluate(r, out);
        if (smoothing > 0) smooth(r, own.cutoff, smoothing, out);
        energy += out.energy;
        for (let k = 0; k < 3; k++) gradients[3 * b + k] = (out.derivative * bonds.vector[3 * b + k]) / r;
      }
      return { energy, ...forcesAndStress(structure.lattice, structure.numbers.length, bonds, gradients) };
    },
  };
}

function smooth(r: number, cutoff: number, width: number, out: PairEnergy): void {
  const t = (r - cutoff + width) / width;
  if (t <= 0) return;
  const factor = 1 + t * t * t * (t * (15 - 6 * t) - 10);
  const slope = (t * t * (t * (60 - 30 * t) - 30)) / width;
  out.derivative = out.derivative * factor + out.energy * slope;
  out.energy *= factor;
}
