import { isBraggscapeError } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import { cellFromLattice, cellVolume } from '@braggscape/crystal';

/** Cells that a recovery may pass through, relative to the one it started from. */
export interface CellBounds {
  /** Whether the structure's cell is within; false too where making the structure throws a typed error. */
  admits(make: () => Structure): boolean;
}

/** Settings of {@link cellBounds}. */
export interface CellBoundOptions {
  /** Smallest and largest factor of each length. */
  readonly lengths: readonly [number, number];
  /** Smallest and largest angle, degrees. */
  readonly angles: readonly [number, number];
  /** Smallest and largest factor of the volume. */
  readonly volume: readonly [number, number];
}

/** Bounds around the cell of a start. */
export function cellBounds(start: Structure, { lengths, angles, volume }: CellBoundOptions): CellBounds {
  const cell = cellFromLattice(start.lattice);
  const size = Math.abs(cellVolume(start.lattice));
  return {
    admits(make) {
      try {
        const structure = make();
        const here = cellFromLattice(structure.lattice);
        const ratio = Math.abs(cellVolume(structure.lattice)) / size;
        if (!(ratio >= volume[0] && ratio <= volume[1])) return false;
        for (let i = 0; i < 3; i++) if (!(here[i] >= lengths[0] * cell[i] && here[i] <= lengths[1] * cell[i] && here[3 + i] >= angles[0] && here[3 + i] <= angles[1])) return false;
        return true;
      } catch (error) {
        if (isBraggscapeError(error)) return false;
        throw error;
      }
    },
  };
}
