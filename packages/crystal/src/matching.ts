import { BraggscapeError } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import { rightHanded } from './cell.js';
import { paperTolerances } from './matchTolerances.js';
import type { MatchTolerances } from './matchTolerances.js';
import { pointsOf, primitiveTolerance, reducePoints } from './reduction.js';
import type { PointSet } from './reduction.js';
import { displacements } from './siteMatching.js';
import type { Displacement } from './siteMatching.js';
import { validateStructure } from './validate.js';

export interface MatchResult {
  /** Whether some mapping keeps every displacement within the site tolerance. */
  readonly match: boolean;
  /**
   * Root-mean-square displacement over sites in units of (V/n)^(1/3), smallest over the mappings found. Present when that is
   * within the site tolerance, which can be so without a match: a single site may be further off.
   */
  readonly rms?: number;
  /** Largest displacement in that mapping, same unit. */
  readonly maxDist?: number;
}

/**
 * Compare two structures irrespective of cell choice, origin, orientation and hand, as pymatgen's StructureMatcher does
 * (`fit` and `get_rms_dist`): both are brought to reduced primitive cells by {@link reduceStructure}, then every mapping is tried.
 * Partially occupied positions must agree in species and occupancies. Different compositions are no match. Asynchronous
 * so that callers need not change where the work moves to a worker.
 *
 * @throws BraggscapeError `structure.invalid` or `cell.impossible` for a malformed structure, `option.invalid` for a tolerance
 * that is not positive
 */
export async function matchStructures(
  first: Structure,
  second: Structure,
  tolerances: MatchTolerances = paperTolerances,
): Promise<MatchResult> {
  checkTolerances(tolerances);
  const kindNames: string[] = [];
  const [a, b] = [first, second].map((structure) => {
    validateStructure(rightHanded(structure));
    return reducePoints(pointsOf(structure, kindNames), primitiveTolerance);
  });
  if (!sameCounts(a, b, kindNames.length)) return { match: false };
  let match = false;
  let best: Displacement | undefined;
  for (const displacement of displacements(a, b, tolerances)) {
    match ||= displacement.max < tolerances.siteTolerance;
    if (best === undefined || displacement.rms < best.rms) best = displacement;
    if (best.rms < exact) break;
  }
  return best !== undefined && best.rms < tolerances.siteTolerance ? { match, rms: best.rms, maxDist: best.max } : { match };
}

/** Normalized rms below which no better mapping is looked for. */
const exact = 1e-5;

/** A match is a one-to-one map of all positions, so the reduced cells must agree kind by kind. */
function sameCounts(a: PointSet, b: PointSet, kindCount: number): boolean {
  if (a.kinds.length !== b.kinds.length) return false;
  const balance = new Int32Array(kindCount);
  for (const kind of a.kinds) balance[kind]++;
  for (const kind of b.kinds) balance[kind]--;
  return balance.every((difference) => difference === 0);
}

function checkTolerances(tolerances: MatchTolerances): void {
  for (const key of ['lengthTolerance', 'siteTolerance', 'angleTolerance'] as const) {
    if (!(tolerances[key] > 0 && Number.isFinite(tolerances[key]))) {
      throw new BraggscapeError('option.invalid', `${key} is ${tolerances[key]}`, { hint: 'give a positive number', path: key });
    }
  }
}
