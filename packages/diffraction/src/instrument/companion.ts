import { cellFromLattice, latticeFromCell, latticeFromCellPullback } from '@braggscape/crystal';
import type { Structure, StructureGradient } from '@braggscape/core';

/** A companion phase with another cell: lengths in Å, angles in degrees. Its coordinates stay. */
export function companionStructure(structure: Structure, cell: Float64Array): Structure {
  return { ...structure, lattice: latticeFromCell(cell) };
}

/** Gradient in the cell parameters of a companion phase. */
export function companionCellPullback(structure: Structure, gradient: StructureGradient): Float64Array {
  return latticeFromCellPullback(cellFromLattice(structure.lattice), gradient.lattice);
}
