import { BraggscapeError, DEGREES_PER_RADIAN, RADIANS_PER_DEGREE, determinant3 } from '@braggscape/core';
import type { CellParameters, Structure } from '@braggscape/core';

/** Order of the six cell parameters wherever they stand in an array: a, b, c in Å, α, β, γ in degrees. */
export const cellParameterNames = ['a', 'b', 'c', 'alpha', 'beta', 'gamma'] as const;

/** Array form of cell parameters, [6]. */
export function cellToArray(cell: CellParameters): Float64Array {
  return Float64Array.of(cell.a, cell.b, cell.c, cell.alpha, cell.beta, cell.gamma);
}

/** Object form of cell parameters. */
export function cellFromArray(values: ArrayLike<number>): CellParameters {
  return { a: values[0], b: values[1], c: values[2], alpha: values[3], beta: values[4], gamma: values[5] };
}

/** Cell volume in Å³, positive for right-handed axes. */
export function cellVolume(lattice: Float64Array): number {
  return determinant3(lattice);
}

/** The same crystal with the axes negated if they are left-handed; a right-handed structure is returned as it is. */
export function rightHanded(structure: Structure): Structure {
  if (!(determinant3(structure.lattice) < 0)) return structure;
  return { ...structure, lattice: structure.lattice.map((x) => -x), frac: structure.frac.map((x) => -x) };
}

/** Cell parameters [6] of a lattice matrix (rows a, b, c). */
export function cellFromLattice(lattice: Float64Array): Float64Array {
  const out = new Float64Array(6);
  for (let i = 0; i < 3; i++) out[i] = Math.hypot(lattice[3 * i], lattice[3 * i + 1], lattice[3 * i + 2]);
  for (let i = 0; i < 3; i++) {
    const [j, k] = others(i);
    out[3 + i] = DEGREES_PER_RADIAN * Math.acos(clampCosine(rowDot(lattice, j, k) / (out[j] * out[k])));
  }
  return out;
}

/**
 * Transposed derivative of {@link cellFromLattice}: gradient in the cell parameters [6] (per Å, per degree) to gradient in the lattice [3,3].
 */
export function cellFromLatticePullback(lattice: Float64Array, dCell: ArrayLike<number>): Float64Array {
  const cell = cellFromLattice(lattice);
  const out = new Float64Array(9);
  for (let i = 0; i < 3; i++) for (let x = 0; x < 3; x++) out[3 * i + x] += (dCell[i] * lattice[3 * i + x]) / cell[i];
  for (let i = 0; i < 3; i++) {
    const [j, k] = others(i);
    const angle = cell[3 + i] * RADIANS_PER_DEGREE;
    const cosine = Math.cos(angle);
    // dα/dcosα = −1/sin α, in degrees.
    const dCosine = (-dCell[3 + i] * DEGREES_PER_RADIAN) / Math.sin(angle);
    for (let x = 0; x < 3; x++) {
      const uj = lattice[3 * j + x] / cell[j];
      const uk = lattice[3 * k + x] / cell[k];
      out[3 * j + x] += (dCosine * (uk - cosine * uj)) / cell[j];
      out[3 * k + x] += (dCosine * (uj - cosine * uk)) / cell[k];
    }
  }
  return out;
}

/**
 * Lattice matrix of cell parameters [6], a along x and b in the xy plane with positive y.
 * @throws BraggscapeError `cell.impossible` if the parameters describe no cell of positive volume
 */
export function latticeFromCell(cell: ArrayLike<number>): Float64Array {
  checkCell(cell);
  const [cosA, cosB, cosG] = [3, 4, 5].map((i) => exactCosine(cell[i]));
  const sinG = Math.sqrt(1 - cosG * cosG);
  const y = (cosA - cosB * cosG) / sinG;
  const z = Math.sqrt(1 - cosB * cosB - y * y);
  const [a, b, c] = [cell[0], cell[1], cell[2]];
  return Float64Array.of(a, 0, 0, b * cosG, b * sinG, 0, c * cosB, c * y, c * z);
}

/**
 * Transposed derivative of {@link latticeFromCell}: gradient in the lattice [3,3] to gradient in the cell parameters [6] (per Å, per degree).
 */
export function latticeFromCellPullback(cell: ArrayLike<number>, dLattice: Float64Array): Float64Array {
  const alpha = cell[3] * RADIANS_PER_DEGREE;
  const beta = cell[4] * RADIANS_PER_DEGREE;
  const gamma = cell[5] * RADIANS_PER_DEGREE;
  const cosA = exactCosine(cell[3]);
  const cosB = exactCosine(cell[4]);
  const cosG = exactCosine(cell[5]);
  const sinG = Math.sqrt(1 - cosG * cosG);
  const y = (cosA - cosB * cosG) / sinG;
  const z = Math.sqrt(1 - cosB * cosB - y * y);
  const b = cell[1];
  const c = cell[2];
  const bx = dLattice[3];
  const by = dLattice[4];
  const cx = dLattice[6];
  const cy = dLattice[7];
  const cz = dLattice[8];
  // c's direction is (cosB, y, z) with z² = 1 − cosB² − y².
  const dY = c * (cy - (cz * y) / z);
  const dCosA = dY / sinG;
  const dCosB = c * (cx - (cz * cosB) / z) - (dY * cosG) / sinG;
  // y depends on γ through cos γ and 1/sin γ.
  const dCosG = b * (bx - (by * cosG) / sinG) + dY * (-cosB / sinG + (y * cosG) / (sinG * sinG));
  return Float64Array.of(
    dLattice[0],
    bx * cosG + by * sinG,
    cx * cosB + cy * y + cz * z,
    -dCosA * Math.sin(alpha) * RADIANS_PER_DEGREE,
    -dCosB * Math.sin(beta) * RADIANS_PER_DEGREE,
    -dCosG * Math.sin(gamma) * RADIANS_PER_DEGREE,
  );
}

/**
 * Check that six numbers describe a cell.
 * @throws BraggscapeError `cell.impossible` that says which number is at fault
 */
export function checkCell(cell: ArrayLike<number>, path?: string): void {
  const where = path === undefined ? {} : { path };
  cellParameterNames.forEach((name, i) => {
    const upper = i < 3 ? Infinity : 180;
    if (!(cell[i] > 0 && cell[i] < upper)) {
      const hint = i < 3 ? 'lengths must be positive' : 'angles must lie between 0 and 180 degrees';
      throw new BraggscapeError('cell.impossible', `cell parameter ${name} is ${cell[i]}`, { hint, ...where });
    }
  });
  const [cosA, cosB, cosG] = [3, 4, 5].map((i) => exactCosine(cell[i]));
  const volumeSquared = 1 - cosA * cosA - cosB * cosB - cosG * cosG + 2 * cosA * cosB * cosG;
  if (!(volumeSquared > 1e-12)) {
    throw new BraggscapeError('cell.impossible', `the angles ${cell[3]}, ${cell[4]}, ${cell[5]} enclose no volume`, {
      hint: 'each angle must be smaller than the sum of the other two, and all three must sum to less than 360 degrees',
      ...where,
    });
  }
}

/** Exact zeros and halves at the crystallographic angles, so that symmetric cells stay symmetric to the last bit. */
function exactCosine(degrees: number): number {
  if (degrees === 90) return 0;
  if (degrees === 120) return -0.5;
  if (degrees === 60) return 0.5;
  return Math.cos(degrees * RADIANS_PER_DEGREE);
}

function others(i: number): readonly [number, number] {
  return i === 0 ? [1, 2] : i === 1 ? [0, 2] : [0, 1];
}

function rowDot(lattice: Float64Array, i: number, j: number): number {
  return (
    lattice[3 * i] * lattice[3 * j] + lattice[3 * i + 1] * lattice[3 * j + 1] + lattice[3 * i + 2] * lattice[3 * j + 2]
  );
}

function clampCosine(cosine: number): number {
  return cosine > 1 ? 1 : cosine < -1 ? -1 : cosine;
}
