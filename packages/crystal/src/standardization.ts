import { BraggscapeError } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import { analyse } from './symmetry.js';
import type { Analysis, SymmetryOptions } from './symmetry.js';

/**
 * The conventional cell in the standard setting of the space group (moyo with spglib's choices), idealized: sites moved onto their special positions
 * and the metric made symmetric, both within the tolerance; axes in the standard orientation. Displacements and labels come along.
 *
 * @throws BraggscapeError as `findSymmetry` does
 */
export function conventionalCell(structure: Structure, options: SymmetryOptions = {}): Structure {
  const analysis = analyse(structure, options);
  const { std_cell: cell, std_linear: linear, std_origin_shift: shift } = analysis.dataset;
  return rebuild(analysis, cell, linear, shift);
}

/**
 * A primitive cell of the standardized structure: the conventional cell with its centring taken out, idealized likewise.
 *
 * @throws BraggscapeError as `findSymmetry` does
 */
export function primitiveCell(structure: Structure, options: SymmetryOptions = {}): Structure {
  const analysis = analyse(structure, options);
  const { prim_std_cell: cell, prim_std_linear: linear, prim_std_origin_shift: shift } = analysis.dataset;
  return rebuild(analysis, cell, linear, shift);
}

interface StandardCell {
  readonly lattice: { readonly basis: readonly number[] };
  readonly positions: readonly (readonly number[])[];
  readonly numbers: readonly number[];
}

/** A structure of a standardized cell; every position takes species, displacements and labels from the input position it came from. */
function rebuild(analysis: Analysis, cell: StandardCell, linear: readonly number[], shift: readonly number[]): Structure {
  const { structure } = analysis;
  const entries = cell.positions.flatMap((position, p) => {
    const frac = position.map(wrap);
    // x = P·x_std + p on columns of coordinates; moyo's P comes column by column.
    const x = [0, 1, 2].map((i) => linear[i] * frac[0] + linear[3 + i] * frac[1] + linear[6 + i] * frac[2] + shift[i]);
    return originOf(analysis, x, cell.numbers[p] - 1).sites.map((site) => ({ site, frac }));
  });
  const pick = (values: Float64Array): Float64Array => Float64Array.from(entries, ({ site }) => values[site]);
  const { labels } = structure;
  return {
    lattice: Float64Array.from(cell.lattice.basis),
    frac: Float64Array.from(entries.flatMap(({ frac }) => frac)),
    numbers: Uint8Array.from(entries, ({ site }) => structure.numbers[site]),
    occupancy: pick(structure.occupancy),
    uIso: pick(structure.uIso),
    ...(labels === undefined ? {} : { labels: entries.map(({ site }) => labels[site]) }),
  };
}

/** The input position of a kind nearest to a point of the input cell. */
function originOf({ positions, kinds, structure, dataset }: Analysis, x: readonly number[], kind: number): Analysis['positions'][number] {
  const { lattice } = structure;
  let nearest: Analysis['positions'][number] | undefined;
  let least = Infinity;
  for (const position of positions) {
    if (position.kind !== kinds[kind]) continue;
    const [u, v, w] = position.frac.map((value, i) => value - x[i] - Math.round(value - x[i]));
    const distance = Math.hypot(...[0, 1, 2].map((k) => u * lattice[k] + v * lattice[3 + k] + w * lattice[6 + k]));
    if (distance < least) [least, nearest] = [distance, position];
  }
  // Idealization moves sites by about symprec; several times that means that the cells have been confused.
  if (nearest !== undefined && least < 10 * dataset.symprec + 1e-6) return nearest;
  throw new BraggscapeError('symmetry.failed', 'a standardized site has no origin in the structure', { hint: 'try another symprec' });
}

/** Into [0, 1), with the dust of rotations at 0 and 1 removed. */
function wrap(u: number): number {
  const inside = u - Math.floor(u);
  return inside > 1 - 1e-12 || inside < 1e-12 ? 0 : inside;
}
