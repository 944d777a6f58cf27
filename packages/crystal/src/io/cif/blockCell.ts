import type { Source } from '@braggscape/core';
import { checkCell, latticeFromCell } from '../../cell.js';
import { errorAt, lineOf } from '../textError.js';
import { cifItem } from './document.js';
import type { CifBlock } from './document.js';
import { requiredNumber } from './number.js';

/** The six tags, in the order of the cell parameters. */
export const cellTags = [
  '_cell_length_a',
  '_cell_length_b',
  '_cell_length_c',
  '_cell_angle_alpha',
  '_cell_angle_beta',
  '_cell_angle_gamma',
] as const;

/** Whether any of the six cell parameters is given. */
export function hasCell(block: CifBlock): boolean {
  return cellTags.some((tag) => cifItem(block, tag) !== undefined);
}

/**
 * Lattice [3,3] in Å of a block, a along x and b in the xy plane.
 * @throws BraggscapeError `format.invalid` if a parameter is missing or no number, `cell.impossible` if there is no such cell
 */
export function blockLattice(block: CifBlock, source: Source): Float64Array {
  const cell = new Float64Array(6);
  let line = block.line;
  cellTags.forEach((tag, i) => {
    const value = cifItem(block, tag);
    if (value === undefined) {
      throw errorAt(source, line, `block "${block.name}" has no ${tag}`, 'all six cell parameters are needed');
    }
    line = value.line;
    cell[i] = requiredNumber(value, tag, source).value;
    // An angle or length at fault is reported on its own line; the angles together on the line of the last one.
    const alone = i < 3 ? cell[i] > 0 : cell[i] > 0 && cell[i] < 180;
    if (!alone) checkCell(Float64Array.from([1, 1, 1, 90, 90, 90], (usual, k) => (k === i ? cell[i] : usual)), lineOf(source, line));
  });
  checkCell(cell, lineOf(source, line));
  return latticeFromCell(cell);
}

/** Metric tensor [3,3] of a lattice: scalar products of its rows, Å². */
export function metricTensor(lattice: Float64Array): Float64Array {
  const out = new Float64Array(9);
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      for (let x = 0; x < 3; x++) out[3 * i + j] += lattice[3 * i + x] * lattice[3 * j + x];
    }
  }
  return out;
}
