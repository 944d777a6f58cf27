import { RADIANS_PER_DEGREE, inverse3, multiply3, transpose3 } from '@braggscape/core';
import type { Projector, Structure, StructureGradient } from '@braggscape/core';
import { cellFromLattice, cellFromLatticePullback, latticeFromCell, latticeFromCellPullback } from '@braggscape/crystal';
import type { CellMap } from './cellMap.js';

/**
 * A projector that maps the cell and leaves fractional coordinates, displacements and occupancies alone. The orientation is kept: with
 * L = L₀(c)·R in the standard setting L₀, the result is L₀(P(c))·R.
 *
 * @param removedDof cell parameters taken away
 */
export function latticeProjector(id: string, map: CellMap, removedDof: number): Projector {
  return {
    id,
    project(structure) {
      const cell = cellFromLattice(structure.lattice);
      const frame = frameOf(cell, structure.lattice);
      return { ...structure, lattice: multiply3(latticeFromCell(map.apply(cell)), frame) };
    },
    projectGradient: (structure, gradient) => ({ ...gradient, lattice: pullback(map, structure, gradient) }),
    violation(structure) {
      const cell = cellFromLattice(structure.lattice);
      const mapped = map.apply(cell);
      return cell.reduce((worst, value, i) => {
        const change = Math.abs(mapped[i] - value);
        return Math.max(worst, i < 3 ? change / value : change * RADIANS_PER_DEGREE);
      }, 0);
    },
    removedDof: () => removedDof,
  };
}

/** R of L = L₀(c)·R. */
function frameOf(cell: Float64Array, lattice: Float64Array): Float64Array {
  return multiply3(inverse3(latticeFromCell(cell)), lattice);
}

/** Transposed derivative of L ↦ L₀(P(c(L)))·R(L), with the part that comes through R, so that it holds for any loss, rotation-invariant or not. */
function pullback(map: CellMap, { lattice }: Structure, { lattice: gradient }: StructureGradient): Float64Array {
  const cell = cellFromLattice(lattice);
  const mapped = map.apply(cell);
  const standard = latticeFromCell(cell);
  const frame = frameOf(cell, lattice);
  const dMapped = latticeFromCellPullback(mapped, multiply3(gradient, transpose3(frame)));
  // R = L₀⁻¹L, so dR = L₀⁻¹(dL − dL₀·R).
  const dFrame = multiply3(transpose3(latticeFromCell(mapped)), gradient);
  const direct = multiply3(transpose3(inverse3(standard)), dFrame);
  const dStandard = multiply3(direct, transpose3(frame)).map((value) => -value);
  const throughStandard = latticeFromCellPullback(cell, dStandard);
  const dCell = map.pullback(cell, dMapped).map((value, i) => value + throughStandard[i]);
  return cellFromLatticePullback(lattice, dCell).map((value, i) => value + direct[i]);
}
