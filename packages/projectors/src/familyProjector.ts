import { BraggscapeError, nameHint } from '@braggscape/core';
import type { Projector } from '@braggscape/core';
import { families, familyCellMap, freeParameters } from './families.js';
import type { Average, Family, UniqueAxis } from './families.js';
import { latticeProjector } from './latticeProjector.js';

/** Options of {@link familyProjector}. */
export interface FamilyProjectorOptions {
  /** Default `parameters`. */
  readonly average?: Average;
  /** Monoclinic only; default `b`. */
  readonly uniqueAxis?: UniqueAxis;
}

/**
 * Projector onto the cells of a lattice family, in its conventional setting.
 * @throws BraggscapeError `option.invalid` for an unknown family
 */
export function familyProjector(family: Family, { average = 'parameters', uniqueAxis = 'b' }: FamilyProjectorOptions = {}): Projector {
  if (!families.includes(family)) {
    throw new BraggscapeError('option.invalid', `no lattice family is called "${family as string}"`, { hint: nameHint(family, families) });
  }
  return latticeProjector(family, familyCellMap(family, average, uniqueAxis), 6 - freeParameters[family]);
}

/** The projector that constrains nothing. */
export const noProjector: Projector = {
  id: 'none',
  project: (structure) => structure,
  projectGradient: (_structure, gradient) => gradient,
  violation: () => 0,
  removedDof: () => 0,
};
