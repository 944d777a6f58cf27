import { BraggscapeError, randomFromSeed } from '@braggscape/core';
import type { Projector, Structure, StructureGradient } from '@braggscape/core';
import { imagesWithin, siteMap } from '@braggscape/crystal';
import type { SiteImages, SymmetryOperation } from '@braggscape/crystal';
import { latticeProjector } from './latticeProjector.js';
import { metricAverage } from './metricAverage.js';

/** Options of {@link operationsProjector}. */
export interface OperationsProjectorOptions {
  /** Distance in Å within which an operation must bring each site of the structure to another. Default 0.01. */
  readonly tolerance?: number;
  /** Default `operations`. */
  readonly id?: string;
}

/** What of {@link operationsProjector} the symmetry leaves free. */
export interface FreeParameters {
  readonly cell: number;
  readonly coordinates: number;
}

/**
 * Projector onto the structures that have given symmetry operations, in any setting and any cell, primitive or centred: the metric tensor is averaged over the point group, and every site over the
 * operations, that is over its orbit and its site symmetry, as are displacements and occupancies. The orientation of the cell is kept.
 *
 * Which sites the operations map onto each other is read off the structure given, once; other structures are projected with the same map, so that atoms may cross. The translations count as they are
 * given: rough ones are mended by `fitOperations` of `@braggscape/crystal`.
 *
 * @param operations a whole group, lattice translations apart, the centring included
 * @throws BraggscapeError `symmetry.failed` if an operation does not map the sites onto each other within the tolerance, `option.invalid` if the operations are no group
 */
export function operationsProjector(structure: Structure, operations: readonly SymmetryOperation[], { tolerance = 0.01, id = 'operations' }: OperationsProjectorOptions = {}): Projector & { readonly free: FreeParameters } {
  const map = siteMap(structure);
  const images = operations.map((operation) => imagesWithin(map, operation, tolerance));
  const rotations = operations.map(({ rotation }) => Float64Array.from(rotation));
  const group = [...new Map(rotations.map((w) => [w.join(), w])).values()];
  const free = { cell: metricFreedom(group), coordinates: coordinateFreedom(images, rotations) };
  const cell = latticeProjector(id, metricAverage(group), 6 - free.cell);
  const n = structure.numbers.length;
  const share = 1 / operations.length;

  /** Mean over the sites that operations map onto each other; by differences, so that equal numbers stay what they are. */
  const averaged = (values: Float64Array): Float64Array => {
    const out = values.slice();
    for (const { to } of images) for (let i = 0; i < n; i++) out[to[i]] += share * (values[i] - values[to[i]]);
    return out;
  };
  const coordinates = (frac: Float64Array): Float64Array => {
    const out = new Float64Array(3 * n);
    images.forEach(({ to, shift }, k) => {
      const w = rotations[k];
      for (let i = 0; i < n; i++)
        for (let x = 0; x < 3; x++) {
          const turned = w[3 * x] * frac[3 * i] + w[3 * x + 1] * frac[3 * i + 1] + w[3 * x + 2] * frac[3 * i + 2];
          out[3 * to[i] + x] += share * (turned + shift[3 * i + x]);
        }
    });
    return out;
  };
  const coordinatesTransposed = (gradient: Float64Array): Float64Array => {
    const out = new Float64Array(3 * n);
    images.forEach(({ to }, k) => {
      const w = rotations[k];
      for (let i = 0; i < n; i++)
        for (let y = 0; y < 3; y++)
          out[3 * i + y] += share * (w[y] * gradient[3 * to[i]] + w[3 + y] * gradient[3 * to[i] + 1] + w[6 + y] * gradient[3 * to[i] + 2]);
    });
    return out;
  };
  checkGroup(structure, coordinates, cell, images, rotations);
  return {
    id,
    free,
    project: (given) => ({ ...cell.project(given), frac: coordinates(given.frac), uIso: averaged(given.uIso), occupancy: averaged(given.occupancy) }),
    projectGradient(given, gradient): StructureGradient {
      return {
        ...cell.projectGradient(given, gradient),
        frac: coordinatesTransposed(gradient.frac),
        // The mean over a group is its own transpose: the inverse of each operation is in it.
        ...(gradient.uIso === undefined ? {} : { uIso: averaged(gradient.uIso) }),
        ...(gradient.occupancy === undefined ? {} : { occupancy: averaged(gradient.occupancy) }),
      };
    },
    violation({ frac, ...rest }) {
      const moved = coordinates(frac).reduce((worst, value, i) => Math.max(worst, Math.abs(value - frac[i])), 0);
      return Math.max(cell.violation({ frac, ...rest }), moved);
    },
    removedDof: () => 6 - free.cell + 3 * n - free.coordinates,
  };
}

/** Whether the mean over the operations has each of them: at one general point, which tells a group from a list that is none. */
function checkGroup(structure: Structure, coordinates: (frac: Float64Array) => Float64Array, cell: Projector, images: readonly SiteImages[], rotations: readonly Float64Array[]): void {
  const random = randomFromSeed(1).derive('operations');
  const strained = { ...structure, lattice: structure.lattice.map((x) => x * (1 + random.between(-0.02, 0.02))) };
  const x = coordinates(structure.frac.map((value) => value + random.between(-0.1, 0.1)));
  const kept = images.every(({ to, shift }, k) => {
    const w = rotations[k];
    for (let i = 0; i < to.length; i++)
      for (let c = 0; c < 3; c++) {
        const turned = w[3 * c] * x[3 * i] + w[3 * c + 1] * x[3 * i + 1] + w[3 * c + 2] * x[3 * i + 2] + shift[3 * i + c];
        if (!(Math.abs(turned - x[3 * to[i] + c]) < 1e-9)) return false;
      }
    return true;
  });
  if (kept && cell.violation(cell.project(strained)) < 1e-9) return;
  throw new BraggscapeError('option.invalid', 'the symmetry operations are no group, or the sites do not follow it', {
    hint: 'give every product of theirs too; for operations found with a tolerance use fitOperations, with a smaller one if that does not help',
    path: 'operations',
  });
}

/** Dimension of the metric tensors that every rotation keeps: the trace of the projection onto them. */
function metricFreedom(rotations: readonly Float64Array[]): number {
  let trace = 0;
  for (const w of rotations) {
    const character = w[0] + w[4] + w[8];
    let square = 0;
    for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) square += w[3 * i + j] * w[3 * j + i];
    // Character of the symmetric square.
    trace += (character * character + square) / 2;
  }
  return Math.round(trace / rotations.length);
}

/** Number of free coordinates: the trace of the projection onto the displacements that every operation keeps. */
function coordinateFreedom(images: readonly SiteImages[], rotations: readonly Float64Array[]): number {
  let trace = 0;
  images.forEach(({ to }, k) => {
    to.forEach((end, i) => {
      if (end === i) trace += rotations[k][0] + rotations[k][4] + rotations[k][8];
    });
  });
  return Math.round(trace / images.length);
}
