import { isBraggscapeError } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import { findSymmetry, nearGroups } from '@braggscape/crystal';
import type { NearGroup, NearTolerances, Symmetry, SymmetryOperation } from '@braggscape/crystal';
import { operationsProjector } from './operationsProjector.js';
import type { FreeParameters } from './operationsProjector.js';

/** Options of {@link symmetryCandidates}. */
export interface CandidateOptions extends Partial<NearTolerances> {
  /** Most candidates to work out, those with the least misfit and the largest ones; default 12. */
  readonly most?: number;
  /** Look also at groups beside the best fitting chain; see `nearGroups`. Default false. */
  readonly branches?: boolean;
}

/** A symmetry that a structure nearly has. */
export interface SymmetryCandidate {
  /** Space-group number, 1 to 230. */
  readonly number: number;
  /** Serial number of the Hall symbol, 1 to 530. */
  readonly hallNumber: number;
  /** Short Hermann–Mauguin symbol, such as `P6_3/mmc`. */
  readonly symbol: string;
  /** Distance in Å between images and sites at which it holds: the tolerance that a symmetry finder would have needed. */
  readonly symprec: number;
  /** Strain that makes the cell symmetric, as `NearTolerances` measure it. */
  readonly strain: number;
  /** In the structure's own cell, a group to rounding. */
  readonly operations: readonly SymmetryOperation[];
  /** [n] Wyckoff letter of each site. */
  readonly wyckoffs: readonly string[];
  /** The structure made symmetric, in its own cell and orientation. */
  readonly symmetrized: Structure;
  /** What that took. */
  readonly deviation: {
    /** Root mean square displacement of the sites, Å. */
    readonly rms: number;
    /** Largest relative change of a length of the cell, or of an angle in radians. */
    readonly cell: number;
  };
  /** Degrees of freedom that are left. */
  readonly free: FreeParameters;
}

/** Wide enough for a structure that is 5 % and half an Å from its symmetry. Candidates come by misfit, so that wide tolerances cost time only. */
export const candidateTolerances: NearTolerances = { distance: 1.2, strain: 0.12 };

/**
 * The symmetries that a structure nearly has, by ascending misfit, each with the structure made symmetric: a walk over all tolerances up to the widest at once, see `nearGroups` of
 * `@braggscape/crystal`. The trivial symmetry is not among them. A structure without any, or one that is malformed, gives an empty list.
 */
export function symmetryCandidates(structure: Structure, options: CandidateOptions = {}): readonly SymmetryCandidate[] {
  const { distance = candidateTolerances.distance, strain = candidateTolerances.strain, most = 12, branches = false } = options;
  const groups = quietly(() => nearGroups(structure, { distance, strain }, { branches })) ?? [];
  const candidates: SymmetryCandidate[] = [];
  for (const group of selected(groups, most)) {
    const candidate = quietly(() => candidateOf(structure, group));
    if (candidate === undefined) continue;
    const known = candidates.some((other) => other.number === candidate.number && other.operations.length === candidate.operations.length && sameStructure(other.symmetrized, candidate.symmetrized));
    if (!known) candidates.push(candidate);
  }
  return candidates;
}

/** The best fitting half and the largest half of what may be worked out. */
function selected(groups: readonly NearGroup[], most: number): readonly NearGroup[] {
  if (groups.length <= most) return groups;
  const kept = new Set(groups.slice(0, Math.ceil(most / 2)));
  for (const group of [...groups].sort((a, b) => b.operations.length - a.operations.length)) if (kept.size < most) kept.add(group);
  return groups.filter((group) => kept.has(group));
}

function candidateOf(structure: Structure, group: NearGroup): SymmetryCandidate | undefined {
  const tolerance = group.distance + 1e-6;
  const projector = operationsProjector(structure, group.operations, { tolerance });
  const symmetrized = projector.project(structure);
  const found = findSymmetry(symmetrized, { symprec: 1e-4 });
  // Far from a symmetry, sites may follow operations that contradict each other: what comes out does not have them.
  if (found.operations.length < group.operations.length) return undefined;
  const full = found.operations.length > group.operations.length;
  return {
    ...summaryOf(found),
    symprec: group.distance,
    strain: group.strain,
    operations: full ? found.operations : group.operations.map(({ rotation, translation }) => ({ rotation, translation })),
    symmetrized,
    deviation: { rms: rmsDisplacement(structure, symmetrized), cell: projector.violation({ ...structure, frac: symmetrized.frac }) },
    free: full ? operationsProjector(symmetrized, found.operations).free : projector.free,
  };
}

function summaryOf({ number, hallNumber, symbol, wyckoffs }: Symmetry): Pick<SymmetryCandidate, 'number' | 'hallNumber' | 'symbol' | 'wyckoffs'> {
  return { number, hallNumber, symbol, wyckoffs };
}

/** Root mean square distance of equal sites in the second structure's cell, Å. */
function rmsDisplacement(a: Structure, b: Structure): number {
  const n = a.numbers.length;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const d = [0, 1, 2].map((x) => a.frac[3 * i + x] - b.frac[3 * i + x]);
    for (let x = 0; x < 3; x++) sum += (d[0] * b.lattice[x] + d[1] * b.lattice[3 + x] + d[2] * b.lattice[6 + x]) ** 2;
  }
  return Math.sqrt(sum / n);
}

function sameStructure(a: Structure, b: Structure): boolean {
  return a.lattice.every((x, i) => Math.abs(x - b.lattice[i]) < 1e-6) && a.frac.every((x, i) => Math.abs(x - b.frac[i]) < 1e-7);
}

/** The result, or nothing where it ends in a typed error. */
function quietly<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (isBraggscapeError(error)) return undefined;
    throw error;
  }
}
