import { BraggscapeError, determinant3, inverse3, multiply3 } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import type { NeighbourList } from './neighbourList.js';

/** How a {@link neighbourSearch} looks. */
export interface NeighbourSearchOptions {
  /**
   * Å that the list of candidates reaches beyond the cutoff, so that it serves for several steps; 0 looks anew each time.
   * The result does not depend on it.
   */
  readonly skin?: number;
  /** More candidates than this are refused: the cell is too small or too flat for the cutoff. */
  readonly maxPairs?: number;
}

/** The bonds of a structure; the list is a work buffer of the search. */
export type NeighbourSearch = (structure: Points) => NeighbourList;

/** What of a structure neighbours depend on. */
export type Points = Pick<Structure, 'lattice' | 'frac'>;

/**
 * A search for all pairs within a cutoff, exact in any cell: an atom may be its own neighbour, and the neighbour of another one many times over.
 *
 * Candidates within cutoff + skin are kept between calls, and looked for again when atoms or cell may have moved far enough to matter: for
 * a strain F and displacements u beside it, no pair can have come within the cutoff while σ_min(F)·(cutoff + skin) − 2·max|u| ≥ cutoff.
 *
 * @param cutoff Å
 * @returns the search; it throws BraggscapeError `cell.impossible` for a cell without volume, with numbers that are not finite, or with more than `maxPairs` candidates
 */
export function neighbourSearch(cutoff: number, { skin = 0, maxPairs = 4e6 }: NeighbourSearchOptions = {}): NeighbourSearch {
  const reach = cutoff + skin;
  let candidates: Candidates | undefined;
  let list = emptyList(256);
  return (structure) => {
    if (candidates === undefined || skin === 0 || !stillValid(candidates, structure, cutoff, reach)) candidates = findCandidates(structure, reach, maxPairs, candidates);
    if (list.first.length < candidates.count) list = emptyList(candidates.first.length);
    return selectBonds(candidates, structure, cutoff, list);
  };
}

/** Pairs that may become bonds, with the structure they were found for. */
interface Candidates {
  readonly lattice: Float64Array;
  readonly frac: Float64Array;
  count: number;
  first: Int32Array;
  second: Int32Array;
  image: Int32Array;
}

function emptyList(capacity: number): NeighbourList {
  return {
    count: 0,
    first: new Int32Array(capacity),
    second: new Int32Array(capacity),
    image: new Int32Array(3 * capacity),
    vector: new Float64Array(3 * capacity),
    distance: new Float64Array(capacity),
  };
}

function findCandidates({ lattice, frac }: Points, reach: number, maxPairs: number, previous?: Candidates): Candidates {
  const n = frac.length / 3;
  const volume = Math.abs(determinant3(lattice));
  if (!(volume > 1e-6) || !frac.every(Number.isFinite)) throw impossible('The cell has no volume, or numbers that are not finite.');
  // Ball of radius `reach` around each atom, at the density of the cell: what the search would find.
  const expected = (n * n * ((4 * Math.PI) / 3) * reach ** 3) / volume / 2;
  if (expected > maxPairs) throw impossible(`The cell is too small: about ${expected.toPrecision(2)} neighbours within ${reach} Å.`);
  // Rows of the inverse's transpose are the reciprocal vectors; |a*|·reach images lie within reach along a.
  const inverse = inverse3(lattice);
  const spans = [0, 1, 2].map((k) => reach * Math.hypot(inverse[k], inverse[3 + k], inverse[6 + k]));
  if (spans.reduce((cells, span) => cells * (2 * span + 1), 1) * n * n > 64 * maxPairs) throw impossible('The cell is too flat or too skewed to look for neighbours.');
  const found: Candidates = {
    lattice: lattice.slice(),
    frac: frac.slice(),
    count: 0,
    first: previous?.first ?? new Int32Array(256),
    second: previous?.second ?? new Int32Array(256),
    image: previous?.image ?? new Int32Array(768),
  };
  const limit = reach * reach;
  for (let i = 0; i < n; i++)
    for (let j = i; j < n; j++) {
      const [dx, dy, dz] = [frac[3 * j] - frac[3 * i], frac[3 * j + 1] - frac[3 * i + 1], frac[3 * j + 2] - frac[3 * i + 2]];
      const aEnd = Math.floor(spans[0] - dx);
      // Of a bond to the atom's own image and its opposite one is enough: the first component that is not 0 is positive.
      for (let a = i === j ? 0 : Math.ceil(-spans[0] - dx); a <= aEnd; a++) {
        const bEnd = Math.floor(spans[1] - dy);
        for (let b = i === j && a === 0 ? 0 : Math.ceil(-spans[1] - dy); b <= bEnd; b++) {
          const cEnd = Math.floor(spans[2] - dz);
          for (let c = i === j && a === 0 && b === 0 ? 1 : Math.ceil(-spans[2] - dz); c <= cEnd; c++) {
            const [p, q, r] = [dx + a, dy + b, dz + c];
            const x = p * lattice[0] + q * lattice[3] + r * lattice[6];
            const y = p * lattice[1] + q * lattice[4] + r * lattice[7];
            const z = p * lattice[2] + q * lattice[5] + r * lattice[8];
            if (x * x + y * y + z * z > limit) continue;
            if (found.count === found.first.length) grow(found, maxPairs);
            const at = found.count++;
            found.first[at] = i;
            found.second[at] = j;
            found.image[3 * at] = a;
            found.image[3 * at + 1] = b;
            found.image[3 * at + 2] = c;
          }
        }
      }
    }
  return found;
}

function grow(candidates: Candidates, maxPairs: number): void {
  if (candidates.count >= maxPairs) throw impossible(`The cell is too small or too flat: more than ${maxPairs} pairs of neighbours.`);
  for (const key of ['first', 'second', 'image'] as const) {
    const larger = new Int32Array(2 * candidates[key].length);
    larger.set(candidates[key]);
    candidates[key] = larger;
  }
}

/** Whether no pair beyond reach then can be within the cutoff now. */
function stillValid(then: Candidates, { lattice, frac }: Points, cutoff: number, reach: number): boolean {
  if (frac.length !== then.frac.length) return false;
  let moved = 0;
  for (let i = 0; i < frac.length; i += 3) {
    const [p, q, r] = [frac[i] - then.frac[i], frac[i + 1] - then.frac[i + 1], frac[i + 2] - then.frac[i + 2]];
    const x = p * lattice[0] + q * lattice[3] + r * lattice[6];
    const y = p * lattice[1] + q * lattice[4] + r * lattice[7];
    const z = p * lattice[2] + q * lattice[5] + r * lattice[8];
    const square = x * x + y * y + z * z;
    if (!(square <= moved)) moved = square;
  }
  // ‖F − I‖ bounds how much a length can shrink; the Frobenius norm bounds it from above.
  const strain = multiply3(inverse3(then.lattice), lattice);
  let norm = 0;
  for (let k = 0; k < 9; k++) norm += (strain[k] - (k % 4 === 0 ? 1 : 0)) ** 2;
  return (1 - Math.sqrt(norm)) * reach - 2 * Math.sqrt(moved) >= cutoff;
}

function selectBonds(candidates: Candidates, { lattice, frac }: Points, cutoff: number, list: NeighbourList): NeighbourList {
  const limit = cutoff * cutoff;
  const { first, second, image } = candidates;
  let count = 0;
  for (let at = 0; at < candidates.count; at++) {
    const [i, j] = [first[at], second[at]];
    const p = frac[3 * j] - frac[3 * i] + image[3 * at];
    const q = frac[3 * j + 1] - frac[3 * i + 1] + image[3 * at + 1];
    const r = frac[3 * j + 2] - frac[3 * i + 2] + image[3 * at + 2];
    const x = p * lattice[0] + q * lattice[3] + r * lattice[6];
    const y = p * lattice[1] + q * lattice[4] + r * lattice[7];
    const z = p * lattice[2] + q * lattice[5] + r * lattice[8];
    const square = x * x + y * y + z * z;
    if (square > limit) continue;
    list.first[count] = i;
    list.second[count] = j;
    for (let k = 0; k < 3; k++) list.image[3 * count + k] = image[3 * at + k];
    list.vector[3 * count] = x;
    list.vector[3 * count + 1] = y;
    list.vector[3 * count + 2] = z;
    list.distance[count] = Math.sqrt(square);
    count++;
  }
  return { ...list, count };
}

function impossible(message: string): BraggscapeError {
  return new BraggscapeError('cell.impossible', message, { hint: 'A potential needs a cell near those it was made for; give a better start, or add a short-range repulsion.' });
}
