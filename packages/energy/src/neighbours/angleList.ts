import { BraggscapeError } from '@braggscape/core';
import type { NeighbourList } from './neighbourList.js';

/**
 * Pairs of bonds that share an atom, each ordered pair once: the line graph of the short bonds.
 * Arrays may be longer than needed and are work buffers: read them before the next call.
 */
export interface AngleList {
  /** Number of short bonds, and of angles. */
  readonly shortCount: number;
  readonly count: number;
  /** [shortCount] indices of the short bonds in the list of all. */
  readonly short: Int32Array;
  /** [count] atom at the vertex. */
  readonly centre: Int32Array;
  /** [count] first and second bond, as indices in `short`. */
  readonly first: Int32Array;
  readonly second: Int32Array;
  /** [count] 1 if both bonds start at the vertex or both end there, −1 if one does: the sign of u₁·u₂ as the cosine of the angle. */
  readonly sign: Float32Array;
}

/** Makes the angles of a list of bonds. */
export type AngleSearch = (bonds: NeighbourList, atoms: number) => AngleList;

/**
 * A search for the angles between bonds shorter than a cutoff. A bond of an atom to its own image leaves that atom twice, in opposite directions; the two make an angle.
 *
 * @param cutoff Å
 * @returns the search; it throws BraggscapeError `cell.impossible` for more than `maxAngles` angles
 */
export function angleSearch(cutoff: number, maxAngles = 4e6): AngleSearch {
  let lists = emptyLists(256, 256);
  let starts = new Int32Array(64);
  let outgoing = new Int32Array(512);
  return (bonds, atoms) => {
    let shortCount = 0;
    for (let b = 0; b < bonds.count; b++) if (bonds.distance[b] < cutoff) shortCount++;
    if (starts.length < atoms + 1) starts = new Int32Array(2 * atoms);
    if (outgoing.length < 2 * shortCount) outgoing = new Int32Array(4 * shortCount);
    // Directed bonds by the atom they leave: 2·(index of the short bond), plus 1 against its direction.
    starts.fill(0, 0, atoms + 1);
    for (let b = 0; b < bonds.count; b++) {
      if (!(bonds.distance[b] < cutoff)) continue;
      starts[bonds.first[b] + 1]++;
      starts[bonds.second[b] + 1]++;
    }
    let count = 0;
    for (let i = 0; i < atoms; i++) {
      count += starts[i + 1] * (starts[i + 1] - 1);
      starts[i + 1] += starts[i];
    }
    if (count > maxAngles) throw new BraggscapeError('cell.impossible', `The atoms are too close: ${count} angles between bonds shorter than ${cutoff} Å.`, { hint: 'Give a better start, or add a short-range repulsion.' });
    if (lists.short.length < shortCount || lists.centre.length < count) lists = emptyLists(2 * shortCount, 2 * count);
    let short = 0;
    for (let b = 0; b < bonds.count; b++) {
      if (!(bonds.distance[b] < cutoff)) continue;
      lists.short[short] = b;
      outgoing[starts[bonds.first[b]]++] = 2 * short;
      outgoing[starts[bonds.second[b]]++] = 2 * short + 1;
      short++;
    }
    // Filling has moved each start to the next atom's.
    let at = 0;
    for (let i = 0; i < atoms; i++) {
      const [from, to] = [i === 0 ? 0 : starts[i - 1], starts[i]];
      for (let p = from; p < to; p++)
        for (let q = from; q < to; q++) {
          if (p === q) continue;
          lists.centre[at] = i;
          lists.first[at] = outgoing[p] >> 1;
          lists.second[at] = outgoing[q] >> 1;
          lists.sign[at] = ((outgoing[p] ^ outgoing[q]) & 1) === 0 ? 1 : -1;
          at++;
        }
    }
    return { ...lists, shortCount, count };
  };
}

function emptyLists(bonds: number, angles: number): Omit<AngleList, 'shortCount' | 'count'> {
  return {
    short: new Int32Array(bonds),
    centre: new Int32Array(angles),
    first: new Int32Array(angles),
    second: new Int32Array(angles),
    sign: new Float32Array(angles),
  };
}
