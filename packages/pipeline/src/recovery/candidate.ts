import type { Parameterization, Structure } from '@braggscape/core';
import { structureParameterization } from '@braggscape/crystal';
import type { SymmetryOperation } from '@braggscape/crystal';
import { symmetryParameterization } from '@braggscape/projectors';
import type { ProfileFit } from './profileFit.js';

/** Å within which a candidate's sites follow the symmetry that it keeps: exact but for rounding. */
export const SYMMETRY_TOLERANCE = 0.05;

/** A symmetry kept while a candidate moves. */
export interface KeptSymmetry {
  /** Space-group number, 1 to 230. */
  readonly number: number;
  /** Short Hermann–Mauguin symbol. */
  readonly symbol: string;
  /** In the structure's own cell. */
  readonly operations: readonly SymmetryOperation[];
  /** Structure that the map of the sites is read off; a candidate's own if left out. */
  readonly reference?: Structure;
}

/** A structure that may be the one looked for. */
export interface Candidate {
  readonly structure: Structure;
  /** Absent: no symmetry is kept. */
  readonly symmetry?: KeptSymmetry;
  /** The search's metric on the patterns as they are. */
  readonly loss: number;
  /** Least-squares fit of the profile, once there is one. */
  readonly fit?: ProfileFit;
  /** How it was come by, for people: `symmetry of start`, `hop from …`. */
  readonly origin: string;
}

/** The cell and the coordinates. */
const everything: readonly ('cell' | 'coords')[] = ['cell', 'coords'];
/** Parameterizations of symmetries met: those with hundreds of operations take longer to make than a descent. */
const made = new WeakMap<KeptSymmetry, Map<string, Parameterization>>();

/**
 * What may move of a candidate: the cell and the coordinates, or the coordinates alone, as far as its symmetry leaves them free. Which sites the symmetry maps onto each other is read off its
 * reference, and holds for all that come of that one.
 */
export function freedomOf({ structure, symmetry }: Pick<Candidate, 'structure' | 'symmetry'>, vary = everything): Parameterization {
  if (symmetry === undefined) return structureParameterization(structure, { vary });
  const known = made.get(symmetry) ?? new Map<string, Parameterization>();
  made.set(symmetry, known);
  const key = vary.join();
  const freedom = known.get(key) ?? symmetryParameterization(symmetry.reference ?? structure, symmetry.operations, { tolerance: SYMMETRY_TOLERANCE, vary });
  known.set(key, freedom);
  return freedom;
}
