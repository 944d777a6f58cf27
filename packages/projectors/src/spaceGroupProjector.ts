import type { Projector, Structure, StructureGradient } from '@braggscape/core';
import { BraggscapeError } from '@braggscape/core';
import { findSymmetry } from '@braggscape/crystal';
import type { SymmetryOperation } from '@braggscape/crystal';
import { latticeProjector } from './latticeProjector.js';
import { metricAverage } from './metricAverage.js';

/**
 * Projector onto the structures that have every symmetry operation of a given one, in the same setting and with the same sites mapped onto each other: the metric tensor is
 * averaged over the point group, coordinates, displacements and occupancies over the operations.
 *
 * @param reference structure whose space group is kept
 * @param symprec Å, distance within which its positions count as equivalent
 * @throws BraggscapeError `symmetry.failed` if none is found or sites are not mapped one to one
 */
export function spaceGroupProjector(reference: Structure, symprec = 0.01): Projector {
  const { operations, symprec: used } = findSymmetry(reference, { symprec });
  const images = operations.map((operation) => imagesOf(reference, operation, 2 * used));
  const rotations = operations.map(({ rotation }) => Float64Array.from(rotation));
  const free = metricFreedom(rotations);
  const cell = latticeProjector('spacegroup', metricAverage(rotations), 6 - free);
  const n = reference.numbers.length;
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
        for (let x = 0; x < 3; x++) for (let y = 0; y < 3; y++) out[3 * i + y] += share * w[3 * x + y] * gradient[3 * to[i] + x];
    });
    return out;
  };
  const project = (structure: Structure): Structure => {
    const projected = cell.project(structure);
    return { ...projected, frac: coordinates(structure.frac), uIso: averaged(structure.uIso), occupancy: averaged(structure.occupancy) };
  };
  return {
    id: 'spacegroup',
    project,
    projectGradient(structure, gradient): StructureGradient {
      return {
        ...cell.projectGradient(structure, gradient),
        frac: coordinatesTransposed(gradient.frac),
        // The mean over a group is its own transpose: the inverse of each operation is in it.
        ...(gradient.uIso === undefined ? {} : { uIso: averaged(gradient.uIso) }),
        ...(gradient.occupancy === undefined ? {} : { occupancy: averaged(gradient.occupancy) }),
      };
    },
    violation(structure) {
      const { frac } = structure;
      const moved = coordinates(frac).reduce((worst, value, i) => Math.max(worst, Math.abs(value - frac[i])), 0);
      return Math.max(cell.violation(structure), moved);
    },
    removedDof: () => 6 - free + 3 * n - coordinateFreedom(images, rotations, n),
  };
}

/** Where an operation takes each site: x_to = W·x_site + shift. */
interface Images {
  readonly to: Int32Array;
  /** [n,3] translation with the lattice vector that brings the image to its site. */
  readonly shift: Float64Array;
}

function imagesOf({ frac, lattice, numbers, occupancy }: Structure, { rotation: w, translation }: SymmetryOperation, tolerance: number): Images {
  const n = numbers.length;
  const to = new Int32Array(n).fill(-1);
  const shift = new Float64Array(3 * n);
  const taken = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const image = [0, 1, 2].map((x) => w[3 * x] * frac[3 * i] + w[3 * x + 1] * frac[3 * i + 1] + w[3 * x + 2] * frac[3 * i + 2] + translation[x]);
    let nearest = { distance: Infinity, site: -1, cells: [0, 0, 0] };
    for (let j = 0; j < n; j++) {
      if (numbers[j] !== numbers[i] || occupancy[j] !== occupancy[i] || taken[j] === 1) continue;
      const cells = image.map((value, x) => Math.round(frac[3 * j + x] - value));
      const d = image.map((value, x) => value + cells[x] - frac[3 * j + x]);
      const distance = Math.hypot(...[0, 1, 2].map((x) => d[0] * lattice[x] + d[1] * lattice[3 + x] + d[2] * lattice[6 + x]));
      if (distance < nearest.distance) nearest = { distance, site: j, cells };
    }
    if (!(nearest.distance <= tolerance)) throw new BraggscapeError('symmetry.failed', 'a symmetry operation maps a site onto no other', { hint: 'use a smaller tolerance' });
    taken[nearest.site] = 1;
    to[i] = nearest.site;
    for (let x = 0; x < 3; x++) shift[3 * i + x] = translation[x] + nearest.cells[x];
  }
  return { to, shift };
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
function coordinateFreedom(images: readonly Images[], rotations: readonly Float64Array[], n: number): number {
  let trace = 0;
  images.forEach(({ to }, k) => {
    for (let i = 0; i < n; i++) if (to[i] === i) trace += rotations[k][0] + rotations[k][4] + rotations[k][8];
  });
  return Math.round(trace / images.length);
}
