import { BraggscapeError, inverse3, rowTimes3 } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import { cellVolume, rightHanded } from './cell.js';
import { triangularBasis, visitBall } from './latticeBall.js';
import { niggliReduce } from './niggli.js';
import { positionsOf } from './sharedSites.js';
import { validateStructure } from './validate.js';

/**
 * Average minimum distances: entry i is the mean over all positions of the distance to the (i+1)-th nearest position, species
 * disregarded. A continuous, isometry-invariant fingerprint of the point set: Widdowson, Mosca, Pulido, Cooper & Kurlin, MATCH 87
 * (2022) 529. Neighbours are found by growing balls whose completeness is certain in any cell.
 *
 * @param k number of neighbours
 * @returns [k] Å, ascending
 * @throws BraggscapeError `option.invalid` if k is not a positive integer, `structure.invalid` or `cell.impossible` for a malformed structure
 */
export function averageMinimumDistances(structure: Structure, k = 100): Float64Array {
  if (!(Number.isInteger(k) && k > 0)) {
    throw new BraggscapeError('option.invalid', `the number of neighbours is ${k}`, { hint: 'give a positive integer' });
  }
  validateStructure(rightHanded(structure));
  const { lattice, frac } = reducedPositions(structure);
  const count = frac.length / 3;
  // A ball expected to hold k + 1 points and a third more; too few anywhere, and it grows.
  let radius = Math.cbrt((3 * (1.35 * k + 6) * Math.abs(cellVolume(lattice))) / (4 * Math.PI * count));
  let neighbours = squaredDistances(lattice, frac, radius);
  while (neighbours.some((list) => list.length < k)) {
    radius *= 1.3;
    neighbours = squaredDistances(lattice, frac, radius);
  }
  const mean = new Float64Array(k);
  for (const list of neighbours) {
    const sorted = Float64Array.from(list).sort();
    for (let i = 0; i < k; i++) mean[i] += Math.sqrt(sorted[i]);
  }
  return mean.map((sum) => sum / count);
}

/**
 * Largest difference of two structures' average minimum distances, Å: the Chebyshev (L∞) distance of the two fingerprints.
 *
 * @throws BraggscapeError as {@link averageMinimumDistances}
 */
export function amdDistance(a: Structure, b: Structure, k = 100): number {
  const [first, second] = [averageMinimumDistances(a, k), averageMinimumDistances(b, k)];
  return first.reduce((largest, value, i) => Math.max(largest, Math.abs(value - second[i])), 0);
}

/** Positions in the Niggli basis, where balls need the fewest planes and rows. */
function reducedPositions(structure: Structure): { lattice: Float64Array; frac: Float64Array } {
  const { lattice, transformation } = niggliReduce(structure.lattice);
  const change = inverse3(transformation);
  return { lattice, frac: Float64Array.from(positionsOf(structure).flatMap(({ frac }) => [...rowTimes3(frac, change)])) };
}

/** Squared distances within the radius from each position to all others, unsorted. */
function squaredDistances(lattice: Float64Array, frac: Float64Array, radius: number): number[][] {
  const basis = triangularBasis(lattice);
  const count = frac.length / 3;
  const lists: number[][] = Array.from({ length: count }, () => []);
  const offset = new Float64Array(3);
  for (let i = 0; i < count; i++) {
    const own = lists[i];
    visitBall(basis, [0, 0, 0], radius, (n1, n2, n3, squared) => {
      if (n1 !== 0 || n2 !== 0 || n3 !== 0) own.push(squared);
    });
    for (let j = i + 1; j < count; j++) {
      const other = lists[j];
      for (let x = 0; x < 3; x++) offset[x] = frac[3 * j + x] - frac[3 * i + x];
      visitBall(basis, offset, radius, (_n1, _n2, _n3, squared) => {
        own.push(squared);
        other.push(squared);
      });
    }
  }
  return lists;
}
