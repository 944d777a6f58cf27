import { determinant3, inverse3, multiply3, rowTimes3 } from '@braggscape/core';
import { cheapestAssignment } from './assignment.js';
import { cellFromLattice, latticeFromCell } from './cell.js';
import { resemblingBases } from './latticeMapping.js';
import type { MatchTolerances } from './matchTolerances.js';
import type { PointSet } from './reduction.js';

/** Displacements under one mapping, in units of (V/n)^(1/3). */
export interface Displacement {
  readonly rms: number;
  readonly max: number;
}

/**
 * Displacements under every mapping of the points of `first` onto those of `second` that is worth looking at: all resembling
 * bases, all origins that put a point of the rarest kind onto one of its kind, the best pairing for each, and the shift that
 * makes the rms least. The procedure of pymatgen's StructureMatcher (Ong et al., Comput. Mater. Sci. 68 (2013) 314), written anew.
 *
 * @param first reduced, with as many points of each kind as `second`
 */
export function* displacements(first: PointSet, second: PointSet, tolerances: MatchTolerances): Generator<Displacement> {
  const [latticeA, latticeB] = tolerances.scale ? atEqualVolume(first.lattice, second.lattice) : [first.lattice, second.lattice];
  const blocks = pairingBlocks(first.kinds, second.kinds);
  const anchor = rarest(blocks);
  for (const basis of resemblingBases(latticeA, latticeB, tolerances.lengthTolerance, tolerances.angleTolerance)) {
    const mean = meanLattice(basis, latticeB);
    if (mean === undefined) continue;
    const fracA = reexpressed(first, multiply3(latticeA, inverse3(basis)));
    const frame = makeFrame(mean, first.kinds.length, tolerances.siteTolerance);
    for (const p of anchor.first) {
      const shift = [0, 1, 2].map((x) => fracA[3 * p + x] - second.frac[3 * anchor.second[0] + x]);
      const vectors = pairedVectors(fracA, second.frac, shift, blocks, frame);
      if (vectors !== undefined) yield aboutMean(vectors, frame.normalization);
    }
  }
}

/** Points of one kind in both sets. */
interface Block {
  readonly first: readonly number[];
  readonly second: readonly number[];
}

/** The common lattice in which displacements are measured. */
interface Frame {
  readonly lattice: Float64Array;
  /** (n/V)^(1/3), 1/Å. */
  readonly normalization: number;
  /** Largest fractional difference along each axis that pairs may have before the shift. */
  readonly box: readonly number[];
}

function atEqualVolume(a: Float64Array, b: Float64Array): [Float64Array, Float64Array] {
  const ratio = (Math.abs(determinant3(b)) / Math.abs(determinant3(a))) ** (1 / 6);
  return [a.map((x) => x * ratio), b.map((x) => x / ratio)];
}

function pairingBlocks(first: Int32Array, second: Int32Array): Block[] {
  const blocks = new Map<number, { first: number[]; second: number[] }>();
  const blockOf = (kind: number): { first: number[]; second: number[] } => {
    const known = blocks.get(kind) ?? { first: [], second: [] };
    blocks.set(kind, known);
    return known;
  };
  second.forEach((kind, p) => blockOf(kind).second.push(p));
  first.forEach((kind, p) => blockOf(kind).first.push(p));
  return [...blocks.values()];
}

function rarest(blocks: readonly Block[]): Block {
  return blocks.reduce((best, block) => (block.first.length < best.first.length ? block : best));
}

/** Lattice of the mean cell parameters; nothing if those are impossible together. */
function meanLattice(a: Float64Array, b: Float64Array): Float64Array | undefined {
  const [cellA, cellB] = [cellFromLattice(a), cellFromLattice(b)];
  const mean = cellA.map((x, i) => (x + cellB[i]) / 2);
  try {
    return latticeFromCell(mean);
  } catch {
    return undefined;
  }
}

function reexpressed(points: PointSet, change: Float64Array): Float64Array {
  const out = new Float64Array(points.frac.length);
  for (let p = 0; p < out.length; p += 3) out.set(rowTimes3(points.frac.subarray(p, p + 3), change), p);
  return out;
}

function makeFrame(lattice: Float64Array, count: number, siteTolerance: number): Frame {
  const normalization = Math.cbrt(count / Math.abs(determinant3(lattice)));
  const inverse = inverse3(lattice);
  // Columns of L⁻¹ are the reciprocal vectors 1/d. Two sites may each be off by the tolerance: twice that, normal to each face.
  const box = [0, 1, 2].map((x) => (2 * siteTolerance * Math.hypot(inverse[x], inverse[3 + x], inverse[6 + x])) / normalization);
  return { lattice, normalization, box };
}

/** Cartesian vectors [n,3] from the shifted second points to their partners; nothing if some point has no partner in reach. */
function pairedVectors(
  fracA: Float64Array,
  fracB: Float64Array,
  shift: readonly number[],
  blocks: readonly Block[],
  frame: Frame,
): Float64Array | undefined {
  const vectors = new Float64Array(fracA.length);
  let filled = 0;
  for (const { first, second } of blocks) {
    const n = first.length;
    const cost = new Float64Array(n * n).fill(Infinity);
    const between: (Float64Array | undefined)[] = [];
    for (let i = 0; i < n; i++) {
      let reached = false;
      for (let j = 0; j < n; j++) {
        const vector = shortestVector(fracA, 3 * first[j], fracB, 3 * second[i], shift, frame);
        between.push(vector);
        if (vector === undefined) continue;
        cost[i * n + j] = vector[0] ** 2 + vector[1] ** 2 + vector[2] ** 2;
        reached = true;
      }
      if (!reached) return undefined;
    }
    const columns = cheapestAssignment(cost, n);
    if (columns === undefined) return undefined;
    columns.forEach((j, i) => {
      vectors.set(between[i * n + j] ?? [], filled);
      filled += 3;
    });
  }
  return vectors;
}

/** Shortest cartesian vector from second point + shift to first point, if its fractional components stay within the box. */
function shortestVector(
  fracA: Float64Array,
  a: number,
  fracB: Float64Array,
  b: number,
  shift: readonly number[],
  { lattice, box }: Frame,
): Float64Array | undefined {
  const d = [0, 0, 0];
  for (let x = 0; x < 3; x++) {
    const difference = fracA[a + x] - fracB[b + x] - shift[x];
    d[x] = difference - Math.round(difference);
    if (Math.abs(d[x]) > box[x]) return undefined;
  }
  let best = rowTimes3(d, lattice);
  let shortest = best[0] ** 2 + best[1] ** 2 + best[2] ** 2;
  // In a reduced cell the wrapped vector or one of its 26 neighbours is the shortest.
  for (let image = 0; image < 27; image++) {
    if (image === 13) continue;
    const n = [Math.floor(image / 9) - 1, (Math.floor(image / 3) % 3) - 1, (image % 3) - 1];
    const candidate = rowTimes3([d[0] + n[0], d[1] + n[1], d[2] + n[2]], lattice);
    const squared = candidate[0] ** 2 + candidate[1] ** 2 + candidate[2] ** 2;
    if (squared < shortest) {
      shortest = squared;
      best = candidate;
    }
  }
  return best;
}

/** Lengths about the mean vector, which is the rigid shift that makes their rms least. */
function aboutMean(vectors: Float64Array, normalization: number): Displacement {
  const n = vectors.length / 3;
  const mean = [0, 0, 0];
  for (let i = 0; i < vectors.length; i++) mean[i % 3] += vectors[i] / n;
  let sum = 0;
  let largest = 0;
  for (let i = 0; i < vectors.length; i += 3) {
    const squared = (vectors[i] - mean[0]) ** 2 + (vectors[i + 1] - mean[1]) ** 2 + (vectors[i + 2] - mean[2]) ** 2;
    sum += squared;
    largest = Math.max(largest, squared);
  }
  return { rms: Math.sqrt(sum / n) * normalization, max: Math.sqrt(largest) * normalization };
}
