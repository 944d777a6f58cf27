import type { CellMap } from './cellMap.js';
import { meanParameters } from './meanParameters.js';
import { generateGroup, metricAverage } from './metricAverage.js';

/** The seven lattice families, from the most to the least constrained. */
export const families = ['cubic', 'hexagonal', 'rhombohedral', 'tetragonal', 'orthorhombic', 'monoclinic', 'triclinic'] as const;
export type Family = (typeof families)[number];

/** Axis that a monoclinic cell keeps perpendicular to the two others. */
export type UniqueAxis = 'a' | 'b' | 'c';

/** Free cell parameters of each family. */
export const freeParameters: Readonly<Record<Family, number>> = {
  cubic: 1,
  hexagonal: 2,
  rhombohedral: 2,
  tetragonal: 2,
  orthorhombic: 3,
  monoclinic: 4,
  triclinic: 6,
};

/** Which average makes a cell symmetric. */
export type Average = 'parameters' | 'metric';

/**
 * The cell map of a family. Conventional settings: hexagonal γ = 120°, tetragonal a = b, rhombohedral on rhombohedral axes.
 *
 * `parameters`: means of equal lengths and angles, fixed angles set (the paper's projection). `metric`: mean of the metric tensor over the family's
 * point group, the nearest symmetric tensor in the Frobenius norm of all cell choices the group relates.
 */
export function familyCellMap(family: Family, average: Average, uniqueAxis: UniqueAxis): CellMap {
  return average === 'metric' ? metricAverage(generateGroup(generators(family, uniqueAxis))) : meanParameters(rule(family, uniqueAxis));
}

/** What {@link meanParameters} does: groups of parameters made equal, and parameters set. */
function rule(family: Family, uniqueAxis: UniqueAxis): Parameters<typeof meanParameters>[0] {
  switch (family) {
    case 'cubic':
      return { equal: [[0, 1, 2]], fixed: { 3: 90, 4: 90, 5: 90 } };
    case 'hexagonal':
      return { equal: [[0, 1]], fixed: { 3: 90, 4: 90, 5: 120 } };
    case 'rhombohedral':
      return { equal: [[0, 1, 2], [3, 4, 5]], fixed: {} };
    case 'tetragonal':
      return { equal: [[0, 1]], fixed: { 3: 90, 4: 90, 5: 90 } };
    case 'orthorhombic':
      return { equal: [], fixed: { 3: 90, 4: 90, 5: 90 } };
    case 'monoclinic': {
      const free = 3 + 'abc'.indexOf(uniqueAxis);
      return { equal: [], fixed: Object.fromEntries([3, 4, 5].filter((i) => i !== free).map((i) => [i, 90])) };
    }
    case 'triclinic':
      return { equal: [], fixed: {} };
  }
}

const rotation = (...rows: readonly (readonly number[])[]): Float64Array => Float64Array.from(rows.flat());
const twofold = { a: rotation([1, 0, 0], [0, -1, 0], [0, 0, -1]), b: rotation([-1, 0, 0], [0, 1, 0], [0, 0, -1]), c: rotation([-1, 0, 0], [0, -1, 0], [0, 0, 1]) };
const cyclic = rotation([0, 0, 1], [1, 0, 0], [0, 1, 0]);
const fourfold = rotation([0, -1, 0], [1, 0, 0], [0, 0, 1]);
const sixfold = rotation([1, -1, 0], [1, 0, 0], [0, 0, 1]);
/** Twofold axis along [1 −1 0] of a rhombohedral cell on its own axes. */
const rhombohedralTwofold = rotation([0, -1, 0], [-1, 0, 0], [0, 0, -1]);

/** Generators of the rotations of the family's holohedry (International Tables A), acting on columns of fractional coordinates. */
function generators(family: Family, uniqueAxis: UniqueAxis): readonly Float64Array[] {
  switch (family) {
    case 'cubic':
      return [cyclic, fourfold];
    case 'hexagonal':
      return [sixfold, rotation([0, 1, 0], [1, 0, 0], [0, 0, -1])];
    case 'rhombohedral':
      return [cyclic, rhombohedralTwofold];
    case 'tetragonal':
      return [fourfold, twofold.a];
    case 'orthorhombic':
      return [twofold.a, twofold.b];
    case 'monoclinic':
      return [twofold[uniqueAxis]];
    case 'triclinic':
      return [];
  }
}
