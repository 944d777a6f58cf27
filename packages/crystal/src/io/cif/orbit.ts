import type { SymmetryOperation } from './symmetryOperation.js';

/** A number in [0, 1) that differs from `x` by a whole number; what is within 1e-12 of 1 counts as 0. */
export function wrapFraction(x: number): number {
  const wrapped = x - Math.floor(x);
  return wrapped >= 1 - 1e-12 ? 0 : wrapped;
}

/**
 * All images of a point under a group of operations, each once, wrapped into the cell.
 *
 * A point within `tolerance` of some of its own images is on a special position that the file states with too few digits, such as
 * 0.3333 for 1/3: it is moved to the mean of these images first, which puts it onto the position exactly. Points farther from
 * their images are left as they are, to the last bit.
 *
 * @param frac [3] fractional coordinates
 * @param lattice [3,3] Å
 * @param tolerance Å
 * @returns fractional coordinates, three numbers for each image; the point itself comes first
 */
export function orbitOf(
  frac: ArrayLike<number>,
  operations: readonly SymmetryOperation[],
  lattice: Float64Array,
  tolerance: number,
): Float64Array {
  const point = onSpecialPosition(frac, operations, lattice, tolerance);
  const images: number[] = [];
  for (const operation of operations) {
    const image = apply(operation, point).map(wrapFraction);
    let known = false;
    for (let at = 0; at < images.length && !known; at += 3) {
      known = distance([image[0] - images[at], image[1] - images[at + 1], image[2] - images[at + 2]], lattice) < tolerance;
    }
    if (!known) images.push(...image);
  }
  return Float64Array.from(images);
}

/** Mean of the images within the tolerance; repeated, because the mean may come within reach of further images. */
function onSpecialPosition(
  frac: ArrayLike<number>,
  operations: readonly SymmetryOperation[],
  lattice: Float64Array,
  tolerance: number,
): readonly number[] {
  let point: readonly number[] = [wrapFraction(frac[0]), wrapFraction(frac[1]), wrapFraction(frac[2])];
  let fixedBy = 1;
  for (let round = 0; round < 5; round++) {
    const sum = [0, 0, 0];
    let count = 0;
    for (const operation of operations) {
      const away = apply(operation, point).map((x, i) => x - point[i] - Math.round(x - point[i]));
      if (distance(away, lattice) >= tolerance) continue;
      for (let i = 0; i < 3; i++) sum[i] += away[i];
      count++;
    }
    if (count <= fixedBy) break;
    fixedBy = count;
    point = point.map((x, i) => x + sum[i] / count);
  }
  return point;
}

function apply({ rotation, translation }: SymmetryOperation, x: readonly number[]): number[] {
  return [0, 1, 2].map((i) => rotation[3 * i] * x[0] + rotation[3 * i + 1] * x[1] + rotation[3 * i + 2] * x[2] + translation[i]);
}

/** Length in Å of a fractional difference, taken between nearest images along each axis. */
export function distance(difference: readonly number[], lattice: Float64Array): number {
  const [u, v, w] = difference.map((x) => x - Math.round(x));
  return Math.hypot(
    u * lattice[0] + v * lattice[3] + w * lattice[6],
    u * lattice[1] + v * lattice[4] + w * lattice[7],
    u * lattice[2] + v * lattice[5] + w * lattice[8],
  );
}
