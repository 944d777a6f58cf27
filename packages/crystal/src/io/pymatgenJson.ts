import { BraggscapeError } from '@braggscape/core';
import type { NamedStructure, Source, Structure, StructureFormat } from '@braggscape/core';
import { latticeFromCell } from '../cell.js';
import { atomicNumber, elementSymbol } from '../elements.js';
import { validateStructure } from '../validate.js';
import { structureOfPositions } from './assemble.js';
import { stemOf } from './numberText.js';
import { excerpt } from './textError.js';

/** Collects the sites of one structure. */
interface Sites {
  readonly numbers: number[];
  readonly coordinates: number[];
  readonly occupancy: number[];
  readonly uIso: number[];
  readonly labels: string[];
}

/**
 * Read structures from pymatgen's JSON: what `Structure.as_dict` writes, or the bare form `{ lattice, species, frac_coords }`; one,
 * a list of them, or entries that hold one under `structure`, named by their `name`. A site with several species becomes one entry
 * for each. The site property `u_iso` (Å²) is read, others are passed over.
 *
 * @throws BraggscapeError that names the place, in the notation of JSONPath (RFC 9535), such as `file.json:$[2].sites[0].abc`
 */
export function readPymatgenJson(text: string, source: Source): readonly NamedStructure[] {
  let data: unknown;
  try {
    data = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new BraggscapeError('format.invalid', `the text is not JSON: ${(cause as Error).message}`, {
      hint: 'it may be truncated',
      path: source.name,
      cause,
    });
  }
  const list = Array.isArray(data);
  const entries = list ? (data as readonly unknown[]) : [data];
  if (entries.length === 0) throw invalid('the list is empty', 'at least one structure is needed', source.name);
  return entries.map((entry, i) => {
    const path = `${source.name}:$${list ? `[${i}]` : ''}`;
    const fallback = entries.length === 1 ? stemOf(source.name) : `${stemOf(source.name)}-${i + 1}`;
    return readEntry(record(entry, path), path, fallback);
  });
}

function readEntry(entry: Readonly<Record<string, unknown>>, path: string, fallback: string): NamedStructure {
  const inner = entry.structure === undefined ? entry : record(entry.structure, `${path}.structure`);
  const where = inner === entry ? path : `${path}.structure`;
  const name = [entry.name, inner.name].find((value) => typeof value === 'string' && value !== '') as string | undefined;
  const lattice = latticeOf(inner.lattice, `${where}.lattice`);
  const sites: Sites = { numbers: [], coordinates: [], occupancy: [], uIso: [], labels: [] };
  const cartesian = Array.isArray(inner.sites)
    ? readSites(inner.sites, sites, `${where}.sites`)
    : readColumns(inner, sites, where);
  const labels = sites.labels.length === sites.numbers.length ? sites.labels : undefined;
  return { name: name ?? fallback, structure: structureOfPositions({ lattice, cartesian, ...sites, labels }, where) };
}

/** Lattice as rows: a matrix, an object with a matrix, or an object with the six cell parameters. */
function latticeOf(value: unknown, path: string): readonly number[] {
  if (Array.isArray(value)) return matrix(value, path);
  const lattice = record(value, path);
  if (lattice.matrix !== undefined) return matrix(lattice.matrix, `${path}.matrix`);
  const cell = ['a', 'b', 'c', 'alpha', 'beta', 'gamma'].map((key) => number(lattice[key], `${path}.${key}`));
  return [...latticeFromCell(cell)];
}

function matrix(value: unknown, path: string): readonly number[] {
  return numberArray(Array.isArray(value) ? value.flat() : value, 9, path);
}

/** Sites of `as_dict`; whether their coordinates are Cartesian. */
function readSites(list: readonly unknown[], out: Sites, path: string): boolean {
  const cartesian = list.some((site) => record(site, path).abc === undefined);
  list.forEach((value, i) => {
    const at = `${path}[${i}]`;
    const site = record(value, at);
    const position = cartesian ? numberArray(site.xyz, 3, `${at}.xyz`) : numberArray(site.abc, 3, `${at}.abc`);
    const species: readonly unknown[] = Array.isArray(site.species) ? site.species : [];
    if (species.length === 0) throw invalid('the site has no species', 'a list of { element, occu } is needed', `${at}.species`);
    species.forEach((one, k) => {
      const { element, occu } = record(one, `${at}.species[${k}]`);
      out.numbers.push(symbol(element, `${at}.species[${k}].element`));
      out.occupancy.push(occu === undefined ? 1 : number(occu, `${at}.species[${k}].occu`));
      out.coordinates.push(...position);
      const properties = site.properties as Readonly<Record<string, unknown>> | null | undefined;
      out.uIso.push(typeof properties?.u_iso === 'number' ? properties.u_iso : 0);
      if (typeof site.label === 'string' && site.label !== '') out.labels.push(site.label);
    });
  });
  return cartesian;
}

/** Sites of the bare form; whether their coordinates are Cartesian. */
function readColumns(entry: Readonly<Record<string, unknown>>, out: Sites, path: string): boolean {
  const { species } = entry;
  const cartesian = entry.frac_coords === undefined && entry.cart_coords !== undefined;
  const key = cartesian ? 'cart_coords' : 'frac_coords';
  const rows = entry[key];
  if (!Array.isArray(species) || !Array.isArray(rows) || species.length !== rows.length) {
    const hint = 'sites, or species and frac_coords of one length, are needed';
    throw invalid('the structure has no sites that can be read', hint, path);
  }
  species.forEach((element, i) => {
    out.numbers.push(symbol(element, `${path}.species[${i}]`));
    out.coordinates.push(...numberArray(rows[i], 3, `${path}.${key}[${i}]`));
    out.occupancy.push(1);
    out.uIso.push(0);
  });
  return cartesian;
}

function record(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  throw invalid(`${spelled(value)} is not an object`, 'a structure as pymatgen writes it is needed', path);
}

function number(value: unknown, path: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw invalid(`${spelled(value)} is not a number`, 'a finite number is needed', path);
}

function numberArray(value: unknown, length: number, path: string): readonly number[] {
  if (Array.isArray(value) && value.length === length) return value.map((entry, i) => number(entry, `${path}[${i}]`));
  throw invalid(`${spelled(value)} is not a list of ${length} numbers`, 'numbers are needed', path);
}

function symbol(value: unknown, path: string): number {
  if (typeof value === 'string') return atomicNumber(value, path);
  throw invalid(`${spelled(value)} is not an element`, 'an element symbol is needed', path);
}

/** A value in a message. What is nested may be nested deeper than the stack is, so it is named and not spelled. */
function spelled(value: unknown): string {
  if (Array.isArray(value)) return value.every((entry) => typeof entry !== 'object') ? excerpt(JSON.stringify(value)) : 'a nested list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return excerpt(JSON.stringify(value) ?? 'nothing');
}

function invalid(message: string, hint: string, path: string): BraggscapeError {
  return new BraggscapeError('format.invalid', message, { hint, path });
}

/**
 * Write structures in the form of `Structure.as_dict`: an object for one, a list for several. Numbers survive exactly. Neighbouring entries
 * on one position become one site with several species.
 */
export function writePymatgenJson(structures: readonly NamedStructure[]): string {
  if (structures.length === 0) throw new BraggscapeError('structure.invalid', 'there is no structure to write', { hint: 'pass at least one' });
  const objects = structures.map(({ name, structure }) => {
    validateStructure(structure, name);
    return { '@module': 'pymatgen.core.structure', '@class': 'Structure', name, charge: 0, lattice: latticeJson(structure), sites: sitesJson(structure) };
  });
  return `${JSON.stringify(objects.length === 1 ? objects[0] : objects)}\n`;
}

function latticeJson({ lattice }: Structure): unknown {
  return { matrix: [0, 3, 6].map((at) => [...lattice.subarray(at, at + 3)]), pbc: [true, true, true] };
}

function sitesJson({ lattice, frac, numbers, occupancy, uIso, labels }: Structure): unknown[] {
  const sites: { species: { element: string; occu: number }[]; abc: number[]; xyz: number[]; label: string; properties: object }[] = [];
  numbers.forEach((z, i) => {
    const abc = [...frac.subarray(3 * i, 3 * i + 3)];
    const element = elementSymbol(z);
    const label = labels?.[i] ?? element;
    const last = sites.at(-1);
    const joins =
      last !== undefined &&
      last.abc.every((x, k) => x === abc[k]) &&
      uIso[i] === uIso[i - 1] &&
      last.species.every((one) => one.element !== element);
    if (joins) {
      last.species.push({ element, occu: occupancy[i] });
      return;
    }
    const xyz = [0, 1, 2].map((x) => abc[0] * lattice[x] + abc[1] * lattice[3 + x] + abc[2] * lattice[6 + x]);
    sites.push({ species: [{ element, occu: occupancy[i] }], abc, xyz, label, properties: uIso[i] === 0 ? {} : { u_iso: uIso[i] } });
  });
  return sites;
}

/** pymatgen's `Structure.as_dict` as JSON. */
export const pymatgenJsonFormat: StructureFormat = {
  id: 'pymatgen-json',
  extensions: ['.json'],
  recognises: (text) => /^\s*[[{]/.test(text.replace(/^\uFEFF/, '')),
  read: readPymatgenJson,
  write: writePymatgenJson,
};
