import { BraggscapeError, DEGREES_PER_RADIAN, inverse3, multiply3, nameHint, transpose3 } from '@braggscape/core';
import type { Parameterization, Structure, StructureGradient } from '@braggscape/core';
import { cellFromLattice, cellParameterNames, latticeFromCell, latticeFromCellPullback, rightHanded } from './cell.js';
import { elementSymbol } from './elements.js';
import { positionsOf } from './sharedSites.js';
import { validateStructure } from './validate.js';

/** What may be refined of a structure. */
export type VariedBlock = 'cell' | 'coords' | 'uIso' | 'occupancy';

/** All blocks in the order they take in x. */
export const variedBlocks: readonly VariedBlock[] = ['cell', 'coords', 'uIso', 'occupancy'];

/** Choice of x. */
export interface ParameterizationOptions {
  /** Blocks to vary; everything else stays as it is in the start. At least one. Their order does not matter. */
  readonly vary: readonly VariedBlock[];
  /**
   * Scale of x. `natural`: Å, degrees, fractions, Å², occupancies. `angstrom` (default): lengths and displacements in Å, so that
   * one step size suits them all: an angle as the arc it spans on the mean axis of the start (radians × (a+b+c)/3), a fractional
   * coordinate times the start's axis. `uIso` (Å²) and occupancy keep their natural scale in both.
   */
  readonly units?: 'angstrom' | 'natural';
}

/** One component of x. */
interface Component {
  readonly name: string;
  readonly unit: string;
  /** Change of x per natural unit. */
  readonly scale: number;
}

/**
 * The map between a structure and the vector an optimizer moves: the six cell parameters, the fractional coordinates of every
 * position, displacement parameters, occupancies, as asked for.
 *
 * The orientation of the start's lattice is kept: L = L₀(a, b, c, α, β, γ)·R with L₀ the standard setting of
 * {@link latticeFromCell} and R the start's orthogonal frame, of determinant −1 for a left-handed lattice. Species that share a
 * position in the start share its coordinates in x.
 *
 * `unpack` throws `cell.impossible` where x describes no cell; `pack` throws `structure.invalid` for another number of sites.
 * @throws BraggscapeError `option.invalid` for unknown or missing blocks, `structure.invalid` or `cell.impossible` for the start
 */
export function structureParameterization(start: Structure, options: ParameterizationOptions): Parameterization {
  const vary = checkBlocks(options.vary);
  // A left-handed lattice is legal here: the frame takes it up.
  validateStructure(rightHanded(start));
  const angstrom = checkUnits(options.units ?? 'angstrom') === 'angstrom';
  const blocks = variedBlocks.filter((block) => vary.has(block)).map((block) => makeBlock(block, start, angstrom));
  const components = blocks.flatMap((block) => block.components);
  const scales = Float64Array.from(components, ({ scale }) => scale);
  const offsets = blocks.map((_, b) => blocks.slice(0, b).reduce((sum, block) => sum + block.components.length, 0));
  const slice = (natural: Float64Array, b: number): Float64Array =>
    natural.subarray(offsets[b], offsets[b] + blocks[b].components.length);
  return {
    size: components.length,
    names: components.map(({ name }) => name),
    units: components.map(({ unit }) => unit),
    pack(structure) {
      checkSites(structure, start);
      const x = new Float64Array(scales.length);
      blocks.forEach((block, b) => x.set(block.read(structure), offsets[b]));
      for (let i = 0; i < x.length; i++) x[i] *= scales[i];
      return x;
    },
    unpack(x) {
      const natural = naturalUnits(x, scales);
      return blocks.reduce<Structure>((structure, block, b) => ({ ...structure, ...block.write(slice(natural, b)) }), start);
    },
    pullback(x, gradient) {
      const natural = naturalUnits(x, scales);
      const out = new Float64Array(scales.length);
      blocks.forEach((block, b) => out.set(block.pullback(slice(natural, b), gradient), offsets[b]));
      for (let i = 0; i < out.length; i++) out[i] /= scales[i];
      return out;
    },
  };
}

function naturalUnits(x: Float64Array, scales: Float64Array): Float64Array {
  const out = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) out[i] = x[i] / scales[i];
  return out;
}

/** A block of x in natural units. */
interface Block {
  readonly components: readonly Component[];
  read(structure: Structure): Float64Array;
  write(values: Float64Array): Partial<Structure>;
  pullback(values: Float64Array, gradient: StructureGradient): Float64Array;
}

function makeBlock(block: VariedBlock, start: Structure, angstrom: boolean): Block {
  if (block === 'cell') return cellBlock(start, angstrom);
  if (block === 'coords') return coordinateBlock(start, angstrom);
  const unit = block === 'uIso' ? 'Å²' : '1';
  return {
    components: siteNames(start).map((site) => ({ name: `${site}.${block}`, unit, scale: 1 })),
    read: (structure) => structure[block],
    write: (values) => ({ [block]: Float64Array.from(values) }),
    pullback: (values, gradient) => gradient[block] ?? new Float64Array(values.length),
  };
}

function cellBlock(start: Structure, angstrom: boolean): Block {
  const cell = cellFromLattice(start.lattice);
  const frame = multiply3(inverse3(latticeFromCell(cell)), start.lattice);
  const arc = angstrom ? (cell[0] + cell[1] + cell[2]) / 3 / DEGREES_PER_RADIAN : 1;
  const angleUnit = angstrom ? 'Å' : 'degrees';
  return {
    components: cellParameterNames.map((name, i) => ({
      name: `cell.${name}`,
      unit: i < 3 ? 'Å' : angleUnit,
      scale: i < 3 ? 1 : arc,
    })),
    read: (structure) => cellFromLattice(structure.lattice),
    write: (values) => ({ lattice: multiply3(latticeFromCell(values), frame) }),
    pullback: (values, gradient) => latticeFromCellPullback(values, multiply3(gradient.lattice, transpose3(frame))),
  };
}

function coordinateBlock(start: Structure, angstrom: boolean): Block {
  const positions = positionsOf(start);
  const names = siteNames(start);
  const axes = angstrom ? cellFromLattice(start.lattice) : [1, 1, 1];
  const forEachCoordinate = (visit: (site: number, first: number, x: number, p: number) => void): void => {
    positions.forEach(({ sites }, p) => {
      for (const site of sites) for (let x = 0; x < 3; x++) visit(3 * site + x, 3 * sites[0] + x, x, p);
    });
  };
  return {
    components: positions.flatMap(({ sites }) =>
      ['x', 'y', 'z'].map((axis, x) => ({ name: `${names[sites[0]]}.${axis}`, unit: angstrom ? 'Å' : '1', scale: axes[x] })),
    ),
    read: (structure) => Float64Array.from(positions.flatMap(({ sites }) => [0, 1, 2].map((x) => structure.frac[3 * sites[0] + x]))),
    write: (values) => {
      const frac = new Float64Array(start.frac.length);
      forEachCoordinate((at, first, x, p) => {
        // Sharers may be listed in different unit cells, or with rounding of their own.
        frac[at] = values[3 * p + x] + (at === first ? 0 : start.frac[at] - start.frac[first]);
      });
      return { frac };
    },
    pullback: (values, gradient) => {
      const out = new Float64Array(values.length);
      forEachCoordinate((at, _first, x, p) => {
        out[3 * p + x] += gradient.frac[at];
      });
      return out;
    },
  };
}

/** A distinct name for every site: its label where it has one, else symbol and serial number. */
function siteNames(structure: Structure): string[] {
  const uses = new Map<string, number>();
  return Array.from(structure.numbers, (number, i) => {
    const name = structure.labels?.[i] ?? `${elementSymbol(number)}${i + 1}`;
    const use = (uses.get(name) ?? 0) + 1;
    uses.set(name, use);
    return use === 1 ? name : `${name}#${use}`;
  });
}

function checkBlocks(vary: readonly string[]): ReadonlySet<VariedBlock> {
  if (vary.length === 0) {
    throw new BraggscapeError('option.invalid', 'nothing is to be varied', { hint: `name at least one of ${variedBlocks.join(', ')}`, path: 'vary' });
  }
  for (const name of vary) {
    if ((variedBlocks as readonly string[]).includes(name)) continue;
    throw new BraggscapeError('option.invalid', `"${name}" cannot be varied`, { hint: nameHint(name, variedBlocks), path: 'vary' });
  }
  return new Set(vary as readonly VariedBlock[]);
}

function checkUnits(units: string): string {
  if (units === 'angstrom' || units === 'natural') return units;
  throw new BraggscapeError('option.invalid', `the units are "${units}"`, { hint: nameHint(units, ['angstrom', 'natural']), path: 'units' });
}

function checkSites(structure: Structure, start: Structure): void {
  if (structure.numbers.length === start.numbers.length) return;
  throw new BraggscapeError('structure.invalid', `the structure has ${structure.numbers.length} sites`, {
    hint: `the parameterization was made for ${start.numbers.length}`,
  });
}
