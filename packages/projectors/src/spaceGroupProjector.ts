import { BraggscapeError } from '@braggscape/core';
import type { Projector, Structure } from '@braggscape/core';
import { cellFromLattice, nearGroups } from '@braggscape/crystal';
import { operationsProjector } from './operationsProjector.js';

/**
 * Projector onto the structures that have every symmetry operation of a given one, in the same setting and with the same sites mapped onto each other; see {@link operationsProjector}. The operations are the largest group of
 * those that hold within the tolerance (`nearGroups` of `@braggscape/crystal`).
 *
 * @param reference structure whose space group is kept
 * @param symprec Å, distance within which its positions count as equivalent, and lattice vectors, on the average
 * @throws BraggscapeError `option.invalid` for a tolerance that is not positive, `structure.invalid` or `cell.impossible` for a malformed structure
 */
export function spaceGroupProjector(reference: Structure, symprec = 0.01): Projector {
  if (!(symprec > 0 && Number.isFinite(symprec))) {
    throw new BraggscapeError('option.invalid', `symprec is ${symprec}`, { hint: 'give a positive distance in Å', path: 'symprec' });
  }
  const [a, b, c] = cellFromLattice(reference.lattice);
  const groups = nearGroups(reference, { distance: symprec, strain: (3 * symprec) / (a + b + c) });
  const identity = { rotation: Int8Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), translation: new Float64Array(3) };
  const largest = groups.reduce((most, { operations }) => (operations.length > most.length ? operations : most), groups[0]?.operations ?? [identity]);
  return operationsProjector(reference, largest, { tolerance: 1.1 * symprec, id: 'spacegroup' });
}
