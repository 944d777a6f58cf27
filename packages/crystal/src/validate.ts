import { BraggscapeError, allFinite, determinant3 } from '@braggscape/core';
import type { ErrorCode, Structure } from '@braggscape/core';
import { elementCount } from './elements.js';

/** Volume over a·b·c below which three lattice vectors count as lying in a plane. */
const flatness = 1e-6;

/**
 * Check that a structure is one: array lengths that agree, at least one site, finite numbers, a right-handed lattice of positive
 * volume, atomic numbers of known elements and occupancies in (0, 1].
 *
 * @param path where the structure comes from, for the error
 * @throws BraggscapeError `structure.invalid`, or `cell.impossible` if the lattice is at fault
 */
export function validateStructure(structure: Structure, path?: string): void {
  const fail = (code: ErrorCode, message: string, hint: string): never => {
    throw new BraggscapeError(code, message, { hint, ...(path === undefined ? {} : { path }) });
  };
  checkShapes(structure, fail);
  if (!allFinite(structure.lattice)) fail('cell.impossible', 'the lattice has numbers that are not finite', 'all nine must be finite');
  const relative = relativeVolume(structure.lattice);
  if (!(Math.abs(relative) > flatness)) {
    fail('cell.impossible', 'the lattice vectors enclose no volume', 'they must not lie in a plane or vanish');
  }
  if (relative < 0) fail('cell.impossible', 'the lattice is left-handed', 'negate the lattice vectors and the fractional coordinates');
  for (const field of ['frac', 'uIso'] as const) {
    const at = structure[field].findIndex((value) => !Number.isFinite(value));
    if (at >= 0) fail('structure.invalid', `${field}[${at}] is ${structure[field][at]}`, 'it must be a finite number');
  }
  structure.numbers.forEach((z, i) => {
    if (z < 1 || z > elementCount) fail('structure.invalid', `site ${i + 1} has the atomic number ${z}`, `1 to ${elementCount} are known`);
    const occupancy = structure.occupancy[i];
    if (!(occupancy > 0 && occupancy <= 1)) {
      fail('structure.invalid', `site ${i + 1} has the occupancy ${occupancy}`, 'it must lie above 0 and be at most 1');
    }
  });
}

function checkShapes(structure: Structure, fail: (code: ErrorCode, message: string, hint: string) => never): void {
  const n = structure.numbers.length;
  if (n === 0) fail('structure.invalid', 'the structure has no site', 'at least one is needed');
  const lengths: readonly [string, number, number][] = [
    ['lattice', structure.lattice.length, 9],
    ['frac', structure.frac.length, 3 * n],
    ['occupancy', structure.occupancy.length, n],
    ['uIso', structure.uIso.length, n],
    ['labels', structure.labels?.length ?? n, n],
  ];
  for (const [name, length, wanted] of lengths) {
    if (length !== wanted) fail('structure.invalid', `${name} has ${length} entries`, `${n} sites need ${wanted}`);
  }
}

/** Signed volume over the product of the edge lengths, computed from unit vectors so that it can neither over- nor underflow. */
function relativeVolume(lattice: Float64Array): number {
  const unit = new Float64Array(9);
  for (let i = 0; i < 3; i++) {
    const length = Math.hypot(lattice[3 * i], lattice[3 * i + 1], lattice[3 * i + 2]);
    for (let k = 0; k < 3; k++) unit[3 * i + k] = lattice[3 * i + k] / length;
  }
  return determinant3(unit);
}
