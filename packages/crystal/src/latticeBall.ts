/**
 * The basis of a lattice turned so that a lies along x and b in the xy plane: lower-triangular [ax, bx, by, cx, cy, cz], Å.
 * Distances are those of the lattice it was made from; the hand is dropped (diagonal entries are positive).
 */
export type TriangularBasis = readonly [number, number, number, number, number, number];

/** Triangular form of a lattice [3,3] (rows), by Cholesky factorization of its metric. */
export function triangularBasis(lattice: Float64Array): TriangularBasis {
  const dot = (i: number, j: number): number =>
    lattice[3 * i] * lattice[3 * j] + lattice[3 * i + 1] * lattice[3 * j + 1] + lattice[3 * i + 2] * lattice[3 * j + 2];
  const ax = Math.sqrt(dot(0, 0));
  const bx = dot(0, 1) / ax;
  const by = Math.sqrt(dot(1, 1) - bx * bx);
  const cx = dot(0, 2) / ax;
  const cy = (dot(1, 2) - bx * cx) / by;
  const cz = Math.sqrt(dot(2, 2) - cx * cx - cy * cy);
  return [ax, bx, by, cx, cy, cz];
}

/**
 * Visit every point `offset + n` (fractional offset, integer n) whose distance from the origin is at most `radius`, and no
 * other. Planes and rows that miss the ball are never entered, so the search is complete for any cell, however skewed.
 *
 * @param visit gets n and the squared distance in Å²
 */
export function visitBall(
  basis: TriangularBasis,
  offset: ArrayLike<number>,
  radius: number,
  visit: (n1: number, n2: number, n3: number, squared: number) => void,
): void {
  const [ax, bx, by, cx, cy, cz] = basis;
  const limit = radius * radius;
  const highest = Math.floor(radius / cz - offset[2]);
  for (let n3 = Math.ceil(-radius / cz - offset[2]); n3 <= highest; n3++) {
    const w = offset[2] + n3;
    const inPlane = limit - w * w * cz * cz;
    if (inPlane < 0) continue;
    const reach = Math.sqrt(inPlane);
    const shiftY = w * cy;
    const last = Math.floor((reach - shiftY) / by - offset[1]);
    for (let n2 = Math.ceil((-reach - shiftY) / by - offset[1]); n2 <= last; n2++) {
      const v = offset[1] + n2;
      const y = shiftY + v * by;
      const inRow = inPlane - y * y;
      if (inRow < 0) continue;
      const half = Math.sqrt(inRow);
      const shiftX = w * cx + v * bx;
      const end = Math.floor((half - shiftX) / ax - offset[0]);
      for (let n1 = Math.ceil((-half - shiftX) / ax - offset[0]); n1 <= end; n1++) {
        const x = shiftX + (offset[0] + n1) * ax;
        visit(n1, n2, n3, limit - inRow + x * x);
      }
    }
  }
}
