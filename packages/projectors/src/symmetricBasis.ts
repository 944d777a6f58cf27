import { multiply3, transpose3 } from '@braggscape/core';
import type { Position, SiteImages } from '@braggscape/crystal';

/** A symmetric strain, of Frobenius norm 1. */
export interface StrainDirection {
  /** The component that it was made from, such as `xx`. */
  readonly name: string;
  /** [3,3] symmetric. */
  readonly tensor: Float64Array;
}

/** A displacement of an orbit that keeps the symmetry, of norm 1 over its positions. */
export interface DisplacementDirection {
  /** First site of the orbit. */
  readonly site: number;
  /** The cartesian axis that it was made from. */
  readonly direction: string;
  /** First site of each position of the orbit, and its displacement [m,3]. */
  readonly sites: readonly number[];
  readonly vectors: Float64Array;
  /** All sites that move, those that share positions included, and the displacement of every site of the structure [n,3]. */
  readonly all: readonly number[];
  readonly vectorOf: Float64Array;
}

const components: readonly (readonly [string, number, number])[] = [
  ['xx', 0, 0],
  ['yy', 1, 1],
  ['zz', 2, 2],
  ['yz', 1, 2],
  ['xz', 0, 2],
  ['xy', 0, 1],
];

/** Below this the rest of a unit vector counts as nothing new. */
const dependent = 1e-6;

/**
 * Orthonormal basis of the strains that every rotation keeps, QᵀEQ = E.
 * @param turns rotations of cartesian row vectors, with repetitions of equal weight
 */
export function symmetricStrains(turns: readonly Float64Array[]): readonly StrainDirection[] {
  const basis: StrainDirection[] = [];
  for (const [name, i, j] of components) {
    const unit = new Float64Array(9);
    unit[3 * i + j] = unit[3 * j + i] = i === j ? 1 : Math.SQRT1_2;
    const tensor = meanOf(turns.map((q) => multiply3(multiply3(transpose3(q), unit), q)));
    if (orthonormalize(tensor, basis.map((direction) => direction.tensor))) basis.push({ name, tensor });
  }
  return basis;
}

/** Orthonormal basis of the displacements of all positions that every operation keeps, orbit by orbit. */
export function symmetricDisplacements(turns: readonly Float64Array[], images: readonly SiteImages[], positions: readonly Position[]): readonly DisplacementDirection[] {
  const n = positions.reduce((sum, { sites }) => sum + sites.length, 0);
  const sharers = new Map(positions.map(({ sites }) => [sites[0], sites]));
  const done = new Set<number>();
  const basis: DisplacementDirection[] = [];
  const firstOf = new Int32Array(n);
  for (const { sites } of positions) for (const site of sites) firstOf[site] = sites[0];
  for (const { sites: [site] } of positions) {
    if (done.has(site)) continue;
    const ends = images.map(({ to }) => firstOf[to[site]]);
    const orbit = [...new Set(ends)].sort((a, b) => a - b);
    for (const end of orbit) done.add(end);
    const stabilizer = turns.filter((_, k) => ends[k] === site);
    const own: Float64Array[] = [];
    for (const axis of [0, 1, 2]) {
      const vector = meanOf(stabilizer.map((q) => q.slice(3 * axis, 3 * axis + 3)));
      if (!orthonormalize(vector, own)) continue;
      own.push(vector);
      const vectors = new Float64Array(3 * orbit.length);
      const vectorOf = new Float64Array(3 * n);
      orbit.forEach((end, m) => {
        const q = turns[ends.indexOf(end)];
        for (let y = 0; y < 3; y++) {
          const moved = (vector[0] * q[y] + vector[1] * q[3 + y] + vector[2] * q[6 + y]) / Math.sqrt(orbit.length);
          vectors[3 * m + y] = moved;
          for (const sharer of sharers.get(end) ?? []) vectorOf[3 * sharer + y] = moved;
        }
      });
      basis.push({ site, direction: 'xyz'[axis], sites: orbit, vectors, vectorOf, all: orbit.flatMap((end) => sharers.get(end) ?? []) });
    }
  }
  return basis;
}

function meanOf(terms: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(terms[0].length);
  for (const term of terms) term.forEach((value, i) => (mean[i] += value / terms.length));
  return mean;
}

/** Take the parts along a basis off a vector and scale the rest to length 1, in place; false if nothing is left. */
function orthonormalize(vector: Float64Array, basis: readonly Float64Array[]): boolean {
  // Twice, because rounding leaves parts along the basis where little is left.
  for (let round = 0; round < 2; round++) {
    for (const other of basis) {
      const along = other.reduce((sum, value, i) => sum + value * vector[i], 0);
      other.forEach((value, i) => (vector[i] -= along * value));
    }
    const length = Math.hypot(...vector);
    if (!(length > dependent)) return false;
    vector.forEach((value, i) => (vector[i] = value / length));
  }
  return true;
}
