import { BraggscapeError } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import { loadMoyo } from './platform/wasm.js';
import { imagesWithin, siteMap } from './siteImages.js';
import { rowsOf } from './symmetryOperation.js';
import type { SymmetryOperation } from './symmetryOperation.js';

/** Number of settings of the space groups, as S. R. Hall's list in the International Tables B counts them. */
export const settingCount = 530;

/** A setting of a space group: axes and origin. */
export interface Setting {
  /** 1 to 530, in the order of S. R. Hall's list. */
  readonly hallNumber: number;
  /** Space-group number, 1 to 230. */
  readonly number: number;
  /** Axes and origin, such as `b2`, `-cba`, `2`, `H`; empty for groups with one setting. */
  readonly code: string;
  /** Full Hermann–Mauguin symbol, such as `P 1 2_1/c 1`. */
  readonly symbol: string;
  /** All operations in the setting's cell, those of the centring included. */
  readonly operations: readonly SymmetryOperation[];
  /** Wyckoff positions, the general one first: letter, multiplicity, and coordinates such as `x,2x,1/4`. */
  readonly wyckoffs: readonly { readonly letter: string; readonly multiplicity: number; readonly coordinates: string }[];
}

/**
 * A setting from the symmetry library's tables.
 * @throws BraggscapeError `option.invalid` for a number outside 1 to 530
 */
export function spaceGroupSetting(hallNumber: number): Setting {
  if (!(Number.isInteger(hallNumber) && hallNumber >= 1 && hallNumber <= settingCount)) {
    throw new BraggscapeError('option.invalid', `the Hall number is ${hallNumber}`, { hint: `give a whole number from 1 to ${settingCount}`, path: 'hallNumber' });
  }
  const moyo = loadMoyo();
  const entry = moyo.hall_symbol_entry(hallNumber);
  const operations = moyo.operations_from_number(entry.number, { type: 'HallNumber', value: hallNumber }, false);
  return {
    hallNumber,
    number: entry.number,
    code: entry.setting,
    symbol: entry.hm_full,
    operations: operations.map(({ rotation, translation }) => ({ rotation: rowsOf(rotation), translation: Float64Array.from(translation) })),
    wyckoffs: moyo.wyckoff_positions(hallNumber).map(({ letter, multiplicity, coordinates }) => ({ letter, multiplicity, coordinates })),
  };
}

/**
 * Operations with the translations that suit a structure best, by least squares over its positions: w = n̄ + (I − W)·c with c the mean of the positions and n̄ the mean of the lattice vectors that
 * bring images beside their positions. As n̄ is made of whole numbers, the translations form a group to rounding wherever the maps of the sites do, however far the structure is from the symmetry;
 * those read off single pairs of sites do not.
 *
 * @param tolerance Å, between images and sites
 * @throws BraggscapeError `symmetry.failed` if an operation does not map the sites onto each other
 */
export function fitOperations(structure: Structure, operations: readonly SymmetryOperation[], tolerance: number): readonly SymmetryOperation[] {
  const map = siteMap(structure);
  return operations.map((operation) => {
    const { offset } = imagesWithin(map, operation, tolerance);
    return { rotation: operation.rotation, translation: operation.translation.map((w, x) => w + offset[x]) };
  });
}
