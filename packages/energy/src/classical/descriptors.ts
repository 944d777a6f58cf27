import { potential } from '@braggscape/core';
import { buckingham } from './buckingham.js';
import type { BuckinghamOptions } from './buckingham.js';
import { lennardJones } from './lennardJones.js';
import type { LennardJonesOptions } from './lennardJones.js';
import { morse } from './morse.js';
import type { MorseOptions } from './morse.js';
import { pairListSchema } from './pairParameters.js';
import { shortRangeRepulsion } from './shortRangeRepulsion.js';
import type { ShortRangeRepulsionOptions } from './shortRangeRepulsion.js';

const length = (description: string, fallback: number) => ({ description, type: 'number', exclusiveMinimum: 0, maximum: 50, default: fallback }) as const;
const smoothing = { description: 'Å before the cutoff over which the energy is brought to zero.', type: 'number', minimum: 0, default: 1 } as const;
const number = { type: 'number' } as const;

/** The classical potentials as entries of a plugin. */
export const classicalPotentials = {
  'lennard-jones': potential<LennardJonesOptions>({
    summary: 'Lennard-Jones pairs, argon’s by default.',
    source: 'J. E. Lennard-Jones, Proc. R. Soc. A 106 (1924) 463',
    schema: {
      epsilon: { description: 'Depth of the minimum, eV.', type: 'number', minimum: 0, default: 0.0104 },
      sigma: length('Distance of zero energy, Å.', 3.4),
      cutoff: length('Cutoff, Å.', 10),
      smoothing,
      pairs: pairListSchema({ epsilon: number, sigma: number }),
    },
    create: lennardJones,
  }),
  morse: potential<MorseOptions>({
    summary: 'Morse pairs, copper’s by default.',
    source: 'P. M. Morse, Phys. Rev. 34 (1929) 57; copper: L. A. Girifalco & V. G. Weizer, Phys. Rev. 114 (1959) 687',
    schema: {
      depth: { description: 'Depth of the minimum, eV.', type: 'number', minimum: 0, default: 0.3429 },
      steepness: { description: 'Steepness, 1/Å.', type: 'number', exclusiveMinimum: 0, default: 1.3588 },
      distance: length('Distance of the minimum, Å.', 2.866),
      cutoff: length('Cutoff, Å.', 10),
      smoothing,
      pairs: pairListSchema({ depth: number, steepness: number, distance: number }),
    },
    create: morse,
  }),
  buckingham: potential<BuckinghamOptions>({
    summary: 'Buckingham pairs and the electrostatic energy of the ions’ charges (Ewald).',
    source: 'R. A. Buckingham, Proc. R. Soc. A 168 (1938) 264; P. P. Ewald, Ann. Phys. 369 (1921) 253',
    schema: {
      pairs: pairListSchema({ A: number, rho: { type: 'number', exclusiveMinimum: 0 }, C: number }),
      charges: { description: 'Charge of each element in elementary charges, such as { Na: 1, Cl: -1 }.', type: 'object', additionalProperties: { type: 'number' }, default: {} },
      cutoff: length('Cutoff of the short-range part, Å.', 10),
      smoothing,
    },
    create: buckingham,
  }),
  'short-range-repulsion': potential<ShortRangeRepulsionOptions>({
    summary: 'Screened repulsion of nuclei, zero at ordinary distances: keeps far starts from collapsing.',
    source: 'J. F. Ziegler, J. P. Biersack & U. Littmark, The Stopping and Range of Ions in Matter (1985)',
    schema: { reach: { description: 'Where it ends, as a part of the sum of covalent radii.', type: 'number', exclusiveMinimum: 0, maximum: 2, default: 0.7 } },
    create: shortRangeRepulsion,
  }),
};
