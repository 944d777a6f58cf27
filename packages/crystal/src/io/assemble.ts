import { BraggscapeError, determinant3, inverse3, rowTimes3 } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import { validateStructure } from '../validate.js';

/** Sites as a file of explicit positions lists them. */
export interface ListedPositions {
  /** [3,3] rows in Å. */
  readonly lattice: readonly number[];
  readonly numbers: readonly number[];
  /** [n,3], fractional or Cartesian. */
  readonly coordinates: readonly number[];
  readonly cartesian: boolean;
  readonly occupancy?: readonly number[] | undefined;
  readonly uIso?: readonly number[] | undefined;
  readonly labels?: readonly string[] | undefined;
}

/**
 * Make a structure of listed positions, with a right-handed lattice: a left-handed one is negated together with the fractional
 * coordinates, which leaves every atom where it is.
 *
 * @param path where the lattice stands, for the error
 * @throws BraggscapeError `cell.impossible` or `structure.invalid`
 */
export function structureOfPositions(positions: ListedPositions, path: string): Structure {
  const n = positions.numbers.length;
  const lattice = Float64Array.from(positions.lattice);
  const volume = determinant3(lattice);
  if (!(Math.abs(volume) > 0)) {
    throw new BraggscapeError('cell.impossible', 'the lattice vectors enclose no volume', {
      hint: 'they must not lie in a plane or vanish',
      path,
    });
  }
  if (volume < 0) for (let i = 0; i < 9; i++) lattice[i] = 0 - lattice[i];
  const frac = new Float64Array(3 * n);
  const inverse = positions.cartesian ? inverse3(lattice) : undefined;
  for (let i = 0; i < 3 * n; i += 3) {
    const given = positions.coordinates.slice(i, i + 3);
    if (inverse !== undefined) frac.set(rowTimes3(given, inverse), i);
    else frac.set(volume < 0 ? given.map((x) => 0 - x) : given, i);
  }
  const structure: Structure = {
    lattice,
    frac,
    numbers: Uint8Array.from(positions.numbers),
    occupancy: positions.occupancy === undefined ? new Float64Array(n).fill(1) : Float64Array.from(positions.occupancy),
    uIso: positions.uIso === undefined ? new Float64Array(n) : Float64Array.from(positions.uIso),
    ...(positions.labels === undefined ? {} : { labels: positions.labels }),
  };
  validateStructure(structure, path);
  return structure;
}
