import { inverse3, rowTimes3 } from '@braggscape/core';
import type { Source } from '@braggscape/core';
import { atomicNumber, atomicNumberFromLabel } from '../../elements.js';
import { errorAt, excerpt, lineOf } from '../textError.js';
import { displacementReader } from './displacement.js';
import { cifColumn, cifItem, cifLoop, isPlaceholder } from './document.js';
import type { CifBlock, CifValue } from './document.js';
import { cifNumber, requiredNumber } from './number.js';
import type { CifNumber } from './number.js';

/** A site as the file lists it, before symmetry. */
export interface ListedSite {
  readonly number: number;
  readonly label: string;
  /** [3] fractional. */
  readonly frac: Float64Array;
  /** Å within which an image of the site is the site itself. */
  readonly tolerance: number;
  readonly occupancy: number;
  /** Å². */
  readonly uIso: number;
  /** Number of images in the cell, if stated. */
  readonly multiplicity: number | undefined;
  readonly line: number;
}

/** Tags of coordinates, fractional first. */
const coordinateTags = ['fract', 'Cartn'].map((kind) => ['x', 'y', 'z'].map((axis) => `_atom_site_${kind}_${axis}`));

/** Whether the block lists sites with coordinates. */
export function hasSites(block: CifBlock): boolean {
  return coordinateTags.some(([x]) => (cifColumn(block, x)?.length ?? 0) > 0);
}

/** Occupancies that exceed 1 by rounding in a refinement are taken as 1. */
export const occupancySlack = 0.01;

/** Å; see {@link siteTolerance}. */
const [leastTolerance, mostTolerance] = [0.01, 0.1];

/**
 * The listed sites of a block: dummy sites (`_atom_site_calc_flag dum`) and sites of occupancy 0 left out.
 *
 * The element comes from `_atom_site_type_symbol`; only where that is missing or a placeholder is the label read, and the chemical
 * formula or the list of atom types decides between two readings of a label.
 *
 * @throws BraggscapeError with the line
 */
export function listedSites(block: CifBlock, lattice: Float64Array, source: Source): readonly ListedSite[] {
  const columns = coordinateTags.map((tags) => tags.map((tag) => cifColumn(block, tag)));
  const [fractional, cartesian] = columns.map((found) => found.every((column) => column !== undefined));
  if (!fractional && !cartesian) {
    const line = cifLoop(block, coordinateTags[0][0])?.line ?? cifLoop(block, coordinateTags[1][0])?.line ?? block.line;
    throw errorAt(source, line, 'the site list lacks one of its coordinates', 'x, y and z are needed');
  }
  const toFrac = fractional ? undefined : cartesianToFractional(block, lattice, source);
  const [xs, ys, zs] = columns[fractional ? 0 : 1] as (readonly CifValue[])[];
  const optional = (tag: string, ...more: string[]): ((row: number) => CifValue | undefined) => {
    const column = cifColumn(block, tag, ...more);
    return (row) => (column?.[row] !== undefined && !isPlaceholder(column[row]) ? column[row] : undefined);
  };
  const type = optional('_atom_site_type_symbol');
  const name = optional('_atom_site_label', '_atom_site_id');
  const occupancy = optional('_atom_site_occupancy');
  const multiplicity = optional('_atom_site_symmetry_multiplicity', '_atom_site_site_symmetry_multiplicity');
  const flag = optional('_atom_site_calc_flag');
  const uIso = displacementReader(block, lattice, source);
  const expected = statedElements(block);
  const sites: ListedSite[] = [];
  for (let row = 0; row < xs.length; row++) {
    if (flag(row)?.text.toLowerCase() === 'dum') continue;
    const values = [xs[row], ys[row], zs[row]];
    const line = values[0].line;
    const label = name(row) ?? type(row);
    const share = siteOccupancy(occupancy(row), source);
    if (share === 0) continue;
    const number = siteElement(type(row), label, expected, line, source);
    const coordinates = values.map((value, i) => coordinate(value, `coordinate ${'xyz'[i]} of ${label?.text ?? 'a site'}`, source));
    sites.push({
      number,
      label: label?.text ?? '',
      frac: toFrac === undefined ? Float64Array.from(coordinates, ({ value }) => value) : toFrac(coordinates),
      tolerance: toFrac === undefined ? siteTolerance(coordinates, lattice) : leastTolerance,
      occupancy: share,
      uIso: uIso(row, label?.text),
      multiplicity: wholeNumber(multiplicity(row)),
      line,
    });
  }
  return sites;
}

function coordinate(value: CifValue, what: string, source: Source): CifNumber {
  if (!isPlaceholder(value)) return requiredNumber(value, what, source);
  throw errorAt(source, value.line, `${what} is "${value.text}"`, 'every site needs coordinates: give them or remove the site');
}

/**
 * Å within which images of a site are one and the same. A coordinate stated to d digits is off by up to half a unit of the last
 * one, an operation moves it by up to three times that, and this times the longest axis is the distance between images that
 * should coincide. It is kept between 0.01 Å (rounding) and 0.1 Å (below the splitting of disordered sites). Multiples of 1/8
 * are taken as exact.
 */
function siteTolerance(coordinates: readonly CifNumber[], lattice: Float64Array): number {
  const coarsest = Math.max(...coordinates.map(({ value, resolution }) => (Number.isInteger(value * 8) ? 0 : resolution / 2)));
  const longest = Math.max(...[0, 3, 6].map((at) => Math.hypot(lattice[at], lattice[at + 1], lattice[at + 2])));
  return Math.min(mostTolerance, Math.max(leastTolerance, 3 * coarsest * longest));
}

function siteElement(
  type: CifValue | undefined,
  label: CifValue | undefined,
  expected: ReadonlySet<number> | undefined,
  line: number,
  source: Source,
): number {
  if (type !== undefined) return atomicNumber(type.text, lineOf(source, type.line));
  if (label !== undefined) return atomicNumberFromLabel(label.text, lineOf(source, label.line), expected);
  throw errorAt(source, line, 'a site has neither a type symbol nor a label', 'its element must be given');
}

function siteOccupancy(value: CifValue | undefined, source: Source): number {
  if (value === undefined) return 1;
  const occupancy = requiredNumber(value, 'the occupancy', source).value;
  if (occupancy >= 0 && occupancy <= 1 + occupancySlack) return Math.min(1, occupancy);
  throw errorAt(source, value.line, `the occupancy is ${value.text}`, 'it must lie between 0 and 1', 'structure.invalid');
}

/** Elements that the block says its compound contains, by the formula or else by the list of atom types. */
function statedElements(block: CifBlock): ReadonlySet<number> | undefined {
  const formula = statedFormula(block);
  if (formula !== undefined) return new Set(formula.keys());
  const types = cifColumn(block, '_atom_type_symbol')?.map((value) => elementOrNone(value.text));
  const known = types?.filter((z): z is number => z !== undefined) ?? [];
  return known.length > 0 ? new Set(known) : undefined;
}

/** Atoms of each element in `_chemical_formula_sum`; undefined if it is missing or of another form. */
export function statedFormula(block: CifBlock): ReadonlyMap<number, number> | undefined {
  const out = new Map<number, number>();
  for (const part of cifItem(block, '_chemical_formula_sum')?.text.trim().split(/\s+/) ?? []) {
    const [, symbol, count] = /^([A-Z][a-z]?)(\d*\.?\d*)$/.exec(part) ?? [];
    const z = symbol === undefined ? undefined : elementOrNone(symbol);
    if (z === undefined) return undefined;
    out.set(z, (out.get(z) ?? 0) + (count === '' ? 1 : Number(count)));
  }
  return out.size > 0 && [...out.values()].every((count) => count > 0) ? out : undefined;
}

function elementOrNone(symbol: string): number | undefined {
  try {
    return atomicNumber(symbol);
  } catch {
    return undefined;
  }
}

function wholeNumber(value: CifValue | undefined): number | undefined {
  const number = value === undefined ? undefined : cifNumber(value.text)?.value;
  return number !== undefined && Number.isInteger(number) && number > 0 ? number : undefined;
}

/**
 * The map from Cartesian to fractional coordinates: by `_atom_sites_fract_tran_matrix_ij` and `_vector_i` where all are given,
 * else with a along x and b in the xy plane.
 */
function cartesianToFractional(
  block: CifBlock,
  lattice: Float64Array,
  source: Source,
): (coordinates: readonly CifNumber[]) => Float64Array {
  const entry = (tag: string): number | undefined => {
    const value = cifItem(block, `_atom_sites_fract_tran_${tag}`);
    return value === undefined ? undefined : requiredNumber(value, tag, source).value;
  };
  const matrix = [1, 2, 3].flatMap((i) => [1, 2, 3].map((j) => entry(`matrix_${i}${j}`)));
  const vector = [1, 2, 3].map((i) => entry(`vector_${i}`) ?? 0);
  const inverse = inverse3(lattice);
  const stated = matrix.every((value): value is number => value !== undefined) ? matrix : undefined;
  return (coordinates) => {
    const x = coordinates.map(({ value }) => value);
    if (stated === undefined) return rowTimes3(x, inverse);
    return Float64Array.from([0, 1, 2], (i) => stated[3 * i] * x[0] + stated[3 * i + 1] * x[1] + stated[3 * i + 2] * x[2] + vector[i]);
  };
}

/** For messages: `label "O1"`, or the line where there is none. */
export function siteName(site: ListedSite): string {
  return site.label === '' ? `the site of line ${site.line}` : `"${excerpt(site.label)}"`;
}
