import { structureFrom } from '@braggscape/core';
import type { Random, Structure } from '@braggscape/core';

/** Options of {@link randomStructure}. */
export interface RandomStructureOptions {
  /** Number of sites; default 4. */
  readonly sites?: number;
  /** Atomic numbers to draw from; default O, Si, Ti, Sr. */
  readonly elements?: readonly number[];
  /** Whether occupancies below 1 and displacement parameters occur; default true. */
  readonly disordered?: boolean;
}

/**
 * A triclinic structure in general orientation with sites in general positions: axes of 3 to 6 Å that are never close to a plane.
 */
export function randomStructure(random: Random, options: RandomStructureOptions = {}): Structure {
  const { sites = 4, elements = [8, 14, 22, 38], disordered = true } = options;
  const lattice = Array.from({ length: 3 }, (_, i) =>
    Array.from({ length: 3 }, (_unused, k) => (i === k ? random.between(3.2, 6) : random.between(-0.9, 0.9))),
  );
  const each = (draw: () => number): number[] => Array.from({ length: sites }, draw);
  return structureFrom(
    lattice,
    each(() => elements[random.integer(elements.length)]),
    Array.from({ length: sites }, () => [random.uniform(), random.uniform(), random.uniform()]),
    disordered ? { occupancy: each(() => random.between(0.3, 1)), uIso: each(() => random.between(0.002, 0.03)) } : {},
  );
}

/** Small crystals with atoms on special positions: gradients must hold there too. */
export const crystals: Readonly<Record<'copper' | 'rockSalt' | 'rutile', Structure>> = {
  /** Cu, a = 3.615 Å. */
  copper: structureFrom(
    [[3.615, 0, 0], [0, 3.615, 0], [0, 0, 3.615]],
    [29, 29, 29, 29],
    [[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]],
  ),
  /** NaCl, a = 5.640 Å. */
  rockSalt: structureFrom(
    [[5.64, 0, 0], [0, 5.64, 0], [0, 0, 5.64]],
    [11, 11, 11, 11, 17, 17, 17, 17],
    [[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0], [0.5, 0.5, 0.5], [0.5, 0, 0], [0, 0.5, 0], [0, 0, 0.5]],
  ),
  /** TiO₂, a = 4.593, c = 2.959 Å, x = 0.305. */
  rutile: structureFrom(
    [[4.593, 0, 0], [0, 4.593, 0], [0, 0, 2.959]],
    [22, 22, 8, 8, 8, 8],
    [[0, 0, 0], [0.5, 0.5, 0.5], [0.305, 0.305, 0], [0.695, 0.695, 0], [0.195, 0.805, 0.5], [0.805, 0.195, 0.5]],
  ),
};
