import { inverse3, multiply3, rowTimes3 } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import { rightHanded } from './cell.js';
import { niggliReduce } from './niggli.js';
import { positionsOf } from './sharedSites.js';
import { validateStructure } from './validate.js';

/** Points with kinds in a lattice: what a structure is to a symmetry search or a matcher. */
export interface PointSet {
  /** [3,3] Å, rows. */
  readonly lattice: Float64Array;
  /** [m,3] fractional coordinates. */
  readonly frac: Float64Array;
  /** [m] equal numbers for equal kinds, counted from 0. */
  readonly kinds: Int32Array;
  /** [m] index of the point it was made from. */
  readonly origins: Int32Array;
}

/** Cartesian tolerance of the translation search that the matching protocol uses, Å. */
export const primitiveTolerance = 0.25;

/**
 * Niggli-reduced primitive cell as the matching protocol needs it: near-translations within a wide tolerance count, and sites
 * that they map onto each other are averaged. It follows the behaviour of pymatgen's StructureMatcher preprocessing
 * (Niggli, `get_primitive_structure(0.25)`, Niggli), written anew. Two structures reduced this way are comparable; for the
 * crystallographic primitive cell use `primitiveCell`.
 *
 * @param tolerance Å along each axis
 * @returns site properties other than the coordinates are those of the first site of each averaged set
 * @throws BraggscapeError `structure.invalid` or `cell.impossible` for a malformed structure
 */
export function reduceStructure(structure: Structure, tolerance = primitiveTolerance): Structure {
  validateStructure(rightHanded(structure));
  const positions = positionsOf(structure);
  const reduced = reducePoints(pointsOf(structure), tolerance);
  const sites: number[] = [];
  const frac: number[] = [];
  reduced.origins.forEach((origin, p) => {
    for (const site of positions[origin].sites) {
      sites.push(site);
      frac.push(...reduced.frac.subarray(3 * p, 3 * p + 3));
    }
  });
  const { labels } = structure;
  return {
    lattice: reduced.lattice,
    frac: Float64Array.from(frac),
    numbers: Uint8Array.from(sites, (i) => structure.numbers[i]),
    occupancy: Float64Array.from(sites, (i) => structure.occupancy[i]),
    uIso: Float64Array.from(sites, (i) => structure.uIso[i]),
    ...(labels === undefined ? {} : { labels: sites.map((i) => labels[i]) }),
  };
}

/**
 * The positions of a structure as points.
 * @param kindNames spellings of kinds in the order of their numbers; new ones are appended, so that several structures share them
 */
export function pointsOf(structure: Structure, kindNames: string[] = []): PointSet {
  const positions = positionsOf(structure);
  const kinds = positions.map(({ kind }) => {
    const known = kindNames.indexOf(kind);
    return known >= 0 ? known : kindNames.push(kind) - 1;
  });
  return {
    lattice: structure.lattice,
    frac: Float64Array.from(positions.flatMap(({ frac }) => frac)),
    kinds: Int32Array.from(kinds),
    origins: Int32Array.from(positions.keys()),
  };
}

/** {@link reduceStructure} on points. */
export function reducePoints(points: PointSet, tolerance: number): PointSet {
  let current = inReducedBasis(points);
  // A cell once found is searched again in its own basis; only the end result is brought to the Niggli basis.
  for (let next = smallerCell(current, tolerance); next !== undefined; next = smallerCell(current, tolerance)) current = next;
  return inReducedBasis(current);
}

function inReducedBasis(points: PointSet): PointSet {
  const { lattice, transformation } = niggliReduce(points.lattice);
  const toReduced = inverse3(transformation);
  const frac = new Float64Array(points.frac.length);
  for (let p = 0; p < frac.length; p += 3) {
    const moved = rowTimes3(points.frac.subarray(p, p + 3), toReduced);
    for (let x = 0; x < 3; x++) frac[p + x] = wrapped(moved[x]);
  }
  return { ...points, lattice, frac };
}

/** A cell of a fraction of the volume whose added translations map every point onto one of its kind, if there is one. */
function smallerCell(points: PointSet, tolerance: number): PointSet | undefined {
  const groups = pointGroups(points.kinds);
  const units = groups.map((group) => group.length).reduce(greatestCommonDivisor);
  if (units === 1) return undefined;
  const box = axisTolerances(points.lattice, tolerance);
  const translations = nearTranslations(points.frac, groups, box);
  if (translations.length === 1) return undefined;
  for (const [index, matrix] of sublatticeMatrices(units)) {
    const inverse = inverse3(matrix);
    const present = [0, 3, 6].every((row) =>
      translations.some((t) => [0, 1, 2].every((x) => Math.abs(nearest(inverse[row + x] - t[x])) < box[x])),
    );
    if (!present) continue;
    const folded = foldInto(points, groups, matrix, inverse, index, tolerance);
    if (folded !== undefined) return folded;
  }
  return undefined;
}

/** Differences of points of the rarest kind that bring every kind near to itself, within twice the tolerance. Zero comes first. */
function nearTranslations(frac: Float64Array, groups: readonly (readonly number[])[], box: readonly number[]): number[][] {
  const rarest = groups.reduce((best, group) => (group.length < best.length ? group : best));
  const candidates = rarest.map((p) => [0, 1, 2].map((x) => frac[3 * p + x] - frac[3 * rarest[0] + x]));
  const maps = (t: readonly number[], group: readonly number[]): boolean =>
    group.every((p) =>
      group.some((q) => [0, 1, 2].every((x) => Math.abs(nearest(frac[3 * p + x] + t[x] - frac[3 * q + x])) <= 2 * box[x])),
    );
  return candidates.filter((t) => groups.every((group) => maps(t, group)));
}

/**
 * The points folded into the cell with the basis `inverse · lattice`, sets of coinciding points averaged; nothing if they do not
 * fall into complete sets of `index` points each.
 */
function foldInto(
  points: PointSet,
  groups: readonly (readonly number[])[],
  matrix: Float64Array,
  inverse: Float64Array,
  index: number,
  tolerance: number,
): PointSet | undefined {
  const lattice = multiply3(inverse, points.lattice);
  const box = axisTolerances(lattice, tolerance);
  const apart = axisTolerances(points.lattice, 2 * tolerance);
  const folded = new Float64Array(points.frac.length);
  for (let p = 0; p < folded.length; p += 3) folded.set(rowTimes3(points.frac.subarray(p, p + 3), matrix), p);

  const frac: number[] = [];
  const origins: number[] = [];
  for (const group of groups) {
    // Points that were neighbours before folding are different points, not translates of each other.
    const partners = group.map((p) =>
      group.filter((q) => p === q || (near(folded, p, q, box, false) && !near(points.frac, p, q, apart, true))),
    );
    const complete = partners.every(
      (set) => set.length === index && set.every((q) => equalLists(partners[group.indexOf(q)], set)),
    );
    if (!complete) return undefined;
    group.forEach((p, at) => {
      if (partners[at][0] !== p) return;
      origins.push(p);
      frac.push(...meanPosition(folded, partners[at]));
    });
  }
  return {
    lattice,
    frac: Float64Array.from(frac),
    kinds: Int32Array.from(origins, (p) => points.kinds[p]),
    origins: Int32Array.from(origins, (p) => points.origins[p]),
  };
}

function near(frac: Float64Array, p: number, q: number, box: readonly number[], inclusive: boolean): boolean {
  for (let x = 0; x < 3; x++) {
    const distance = Math.abs(nearest(frac[3 * p + x] - frac[3 * q + x]));
    if (inclusive ? distance > box[x] : distance >= box[x]) return false;
  }
  return true;
}

function meanPosition(frac: Float64Array, members: readonly number[]): number[] {
  return [0, 1, 2].map((x) => {
    const first = frac[3 * members[0] + x];
    const shift = members.reduce((sum, p) => sum + nearest(frac[3 * p + x] - first), 0) / members.length;
    return wrapped(first + shift);
  });
}

/**
 * Integer matrices M, one for every lattice M⁻¹·L that contains L with an index dividing `units` (and above 1): Hermite normal
 * forms, by ascending index.
 */
function* sublatticeMatrices(units: number): Generator<readonly [number, Float64Array]> {
  for (const index of divisors(units)) {
    if (index === 1) continue;
    for (const a of divisors(index)) {
      for (const e of divisors(index / a)) {
        const g = index / a / e;
        for (let b = 0; b < a; b++) {
          for (let c = 0; c < a; c++) {
            for (let f = 0; f < e; f++) yield [index, Float64Array.of(a, b, c, 0, e, f, 0, 0, g)];
          }
        }
      }
    }
  }
}

function divisors(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i + 1).filter((d) => n % d === 0);
}

function pointGroups(kinds: Int32Array): number[][] {
  const groups = new Map<number, number[]>();
  kinds.forEach((kind, p) => {
    const group = groups.get(kind);
    if (group === undefined) groups.set(kind, [p]);
    else group.push(p);
  });
  return [...groups.values()];
}

function axisTolerances(lattice: Float64Array, tolerance: number): number[] {
  return [0, 3, 6].map((row) => tolerance / Math.hypot(lattice[row], lattice[row + 1], lattice[row + 2]));
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function equalLists(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/** Difference to the nearest integer. */
function nearest(x: number): number {
  return x - Math.round(x);
}

function wrapped(x: number): number {
  const inside = x - Math.floor(x);
  return inside < 1 ? inside : 0;
}
