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

/** What may move of a candidate: the cell and the coordinates, or the coordinates alone, as far as its symmetry leaves them free. */
export function freedomOf({ structure, symmetry }: Pick<Candidate, 'structure' | 'symmetry'>, vary: readonly ('cell' | 'coords')[] = ['cell', 'coords']): Parameterization {
  return symmetry === undefined ? structureParameterization(structure, { vary }) : symmetryParameterization(structure, symmetry.operations, { tolerance: SYMMETRY_TOLERANCE, vary });
}
