import { DEGREES_PER_RADIAN, determinant3, rowTimes3 } from '@braggscape/core';
import { cellFromLattice } from './cell.js';
import { triangularBasis, visitBall } from './latticeBall.js';

interface Axis {
  /** Integer combination of the lattice vectors. */
  readonly n: readonly [number, number, number];
  /** Cartesian, Å. */
  readonly vector: Float64Array;
  readonly length: number;
}

/**
 * All bases of a lattice that resemble another one: axis lengths agree within a factor 1 + `lengthTolerance`, angles within
 * `angleTolerance` degrees. Both hands are listed.
 *
 * @param lattice [3,3] rows, the lattice to re-express
 * @param target [3,3] rows, the shape to resemble
 * @returns bases [3,3] of `lattice`, rows in its own frame
 */
export function resemblingBases(
  lattice: Float64Array,
  target: Float64Array,
  lengthTolerance: number,
  angleTolerance: number,
): readonly Float64Array[] {
  const cell = cellFromLattice(target);
  const [a, b, c] = axesOfLengths(lattice, cell.subarray(0, 3), lengthTolerance);
  const agrees = (u: Axis, v: Axis, angle: number): boolean => Math.abs(angleBetween(u, v) - angle) <= angleTolerance;
  const found: Float64Array[] = [];
  for (const u of a) {
    const third = c.filter((w) => agrees(u, w, cell[4]));
    if (third.length === 0) continue;
    for (const v of b) {
      if (!agrees(u, v, cell[5])) continue;
      for (const w of third) {
        if (agrees(v, w, cell[3]) && isPrimitive(u, v, w)) found.push(Float64Array.of(...u.vector, ...v.vector, ...w.vector));
      }
    }
  }
  return found;
}

function axesOfLengths(lattice: Float64Array, lengths: Float64Array, tolerance: number): readonly Axis[][] {
  const axes: Axis[][] = [[], [], []];
  visitBall(triangularBasis(lattice), [0, 0, 0], Math.max(...lengths) * (1 + tolerance), (n1, n2, n3, squared) => {
    const length = Math.sqrt(squared);
    const fitting = axes.filter((_, i) => length / lengths[i] < 1 + tolerance && length / lengths[i] > 1 / (1 + tolerance));
    if (fitting.length === 0) return;
    const axis: Axis = { n: [n1, n2, n3], vector: rowTimes3([n1, n2, n3], lattice), length };
    for (const list of fitting) list.push(axis);
  });
  return axes;
}

function angleBetween(u: Axis, v: Axis): number {
  const cosine = (u.vector[0] * v.vector[0] + u.vector[1] * v.vector[1] + u.vector[2] * v.vector[2]) / (u.length * v.length);
  return DEGREES_PER_RADIAN * Math.acos(Math.min(1, Math.max(-1, cosine)));
}

/** Whether three lattice vectors span the whole lattice and not a part of it. */
function isPrimitive(u: Axis, v: Axis, w: Axis): boolean {
  return Math.abs(Math.abs(determinant3(Float64Array.of(...u.n, ...v.n, ...w.n))) - 1) < 0.5;
}
