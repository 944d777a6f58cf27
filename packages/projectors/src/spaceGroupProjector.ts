import type { Projector, Structure } from '@braggscape/core';
import { findSymmetry, fitOperations } from '@braggscape/crystal';
import { operationsProjector } from './operationsProjector.js';

/**
 * Projector onto the structures that have every symmetry operation of a given one, in the same setting and with the same sites mapped onto each other; see {@link operationsProjector}.
 *
 * @param reference structure whose space group is kept
 * @param symprec Å, distance within which its positions count as equivalent
 * @throws BraggscapeError `symmetry.failed` if none is found or sites are not mapped one to one
 */
export function spaceGroupProjector(reference: Structure, symprec = 0.01): Projector {
  const { operations, symprec: used } = findSymmetry(reference, { symprec });
  const tolerance = 2 * used;
  return operationsProjector(reference, fitOperations(reference, operations, tolerance), { tolerance, id: 'spacegroup' });
}
