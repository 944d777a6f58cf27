import { BraggscapeError } from '@braggscape/core';
import type { NamedStructure, Source, StructureFormat } from '@braggscape/core';
import { atomicNumber, elementSymbol } from '../elements.js';
import { validateStructure } from '../validate.js';
import { structureOfPositions } from './assemble.js';
import { finiteNumber, linesOf, stemOf, wordsOf } from './numberText.js';
import { errorAt, excerpt, lineOf } from './textError.js';

/** One property of the atom lines: where its columns begin and how many there are. */
interface Column {
  readonly at: number;
  readonly width: number;
}

/**
 * Read extended XYZ: every frame with a `Lattice` becomes a structure. Of the properties, `species` (or `Z`), `pos` and, where
 * present, `occupancy` and `u_iso` (Å²) are taken; others such as forces are passed over. A frame is named by its `name` key.
 *
 * Format: libAtoms/extxyz specification; lattice vectors follow each other in `Lattice`, positions are Cartesian, Å.
 *
 * @throws BraggscapeError that names the line
 */
export function readExtxyz(text: string, source: Source): readonly NamedStructure[] {
  const lines = linesOf(text);
  const frames: { name: string | undefined; structure: NamedStructure['structure'] }[] = [];
  let at = 0;
  while (at < lines.length) {
    if (lines[at].trim() === '') {
      at++;
      continue;
    }
    const count = atomCount(lines[at], at, source);
    if (at + 1 + count >= lines.length) {
      const hint = 'the file may be truncated';
      throw errorAt(source, at + 1, `the frame announces ${count} atoms but the file ends after ${lines.length - at - 1} more lines`, hint);
    }
    frames.push(readFrame(lines, at, count, source));
    at += 2 + count;
  }
  if (frames.length === 0) throw errorAt(source, 1, 'the file has no frame', 'a frame begins with the number of its atoms');
  const stem = stemOf(source.name);
  return frames.map(({ name, structure }, i) => ({ name: name ?? (frames.length === 1 ? stem : `${stem}-${i + 1}`), structure }));
}

function atomCount(line: string, at: number, source: Source): number {
  const count = /^\s*\d{1,9}\s*$/.test(line) ? Number(line) : 0;
  if (count > 0) return count;
  throw errorAt(source, at + 1, `"${excerpt(line)}" is not a number of atoms`, 'each frame begins with one');
}

function readFrame(
  lines: readonly string[],
  at: number,
  count: number,
  source: Source,
): { name: string | undefined; structure: NamedStructure['structure'] } {
  const info = keyValues(lines[at + 1]);
  const lattice = latticeOf(info, at + 2, source);
  const columns = columnsOf(info.get('properties') ?? 'species:S:1:pos:R:3', at + 2, source);
  const numbers: number[] = [];
  const coordinates: number[] = [];
  const optional = { occupancy: [] as number[], uIso: [] as number[] };
  for (let line = at + 2; line < at + 2 + count; line++) {
    const words = wordsOf(lines[line]);
    const values = (column: Column, what: string): number[] =>
      Array.from({ length: column.width }, (_, k) => {
        const value = finiteNumber(words[column.at + k]);
        if (value !== undefined) return value;
        throw errorAt(source, line + 1, `${what} is "${excerpt(words[column.at + k] ?? '')}"`, 'a finite number is needed');
      });
    numbers.push(atomicNumber(speciesWord(words, columns.species), lineOf(source, line + 1)));
    coordinates.push(...values(columns.pos, 'a position'));
    if (columns.occupancy !== undefined) optional.occupancy.push(...values(columns.occupancy, 'the occupancy'));
    if (columns.uIso !== undefined) optional.uIso.push(...values(columns.uIso, 'u_iso'));
  }
  const structure = structureOfPositions(
    {
      lattice,
      numbers,
      coordinates,
      cartesian: true,
      occupancy: columns.occupancy === undefined ? undefined : optional.occupancy,
      uIso: columns.uIso === undefined ? undefined : optional.uIso,
    },
    lineOf(source, at + 2),
  );
  return { name: info.get('name') || undefined, structure };
}

/** The species of an atom line; numbers in a `Z` column are turned into symbols. */
function speciesWord(words: readonly string[], column: Column): string {
  const word = words[column.at] ?? '';
  const z = Number(word);
  return /^\d{1,3}$/.test(word) && z >= 1 && z <= 118 ? elementSymbol(z) : word;
}

/** The `key=value` pairs of a comment line, keys in lower case; values may stand in quotes or brackets. */
function keyValues(line: string): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  // The look-behind lets a key begin only where a word does: without it the time grows with the square of a long line.
  const pair = /(?<![^\s="'{}[\]])([^\s="'{}[\]]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|\{([^}]*)\}|(\[[^=]*\])|([^\s"']+))/g;
  for (const [, key, ...values] of line.matchAll(pair)) out.set(key.toLowerCase(), values.find((value) => value !== undefined) ?? '');
  return out;
}

function latticeOf(info: ReadonlyMap<string, string>, line: number, source: Source): number[] {
  const text = info.get('lattice');
  if (text === undefined) {
    const hint = 'the comment line must hold Lattice="ax ay az bx by bz cx cy cz"';
    throw errorAt(source, line, 'the frame has no Lattice, so it is no crystal', hint);
  }
  const pbc = info.get('pbc');
  if (pbc !== undefined && /\b(?:f|false|0)\b/i.test(pbc)) {
    const hint = 'a crystal repeats along all three axes: pbc="T T T"';
    throw errorAt(source, line, `the frame is not periodic: pbc="${excerpt(pbc)}"`, hint, 'structure.unsupported');
  }
  const values = wordsOf(text.replace(/[[\],]/g, ' ')).map(finiteNumber);
  if (values.length === 9 && values.every((value) => value !== undefined)) return values;
  throw errorAt(source, line, `the Lattice is "${excerpt(text)}"`, 'nine numbers are needed');
}

function columnsOf(
  properties: string,
  line: number,
  source: Source,
): { species: Column; pos: Column; occupancy: Column | undefined; uIso: Column | undefined } {
  const columns = new Map<string, Column>();
  const parts = properties.split(':');
  let at = 0;
  for (let i = 0; i + 2 < parts.length; i += 3) {
    const width = /^[1-9]\d{0,3}$/.test(parts[i + 2]) ? Number(parts[i + 2]) : 0;
    if (width === 0) throw errorAt(source, line, `the Properties are "${excerpt(properties)}"`, 'the form is name:type:width:...');
    columns.set(parts[i].toLowerCase(), { at, width });
    at += width;
  }
  const species = columns.get('species') ?? columns.get('z') ?? columns.get('numbers');
  const pos = columns.get('pos');
  if (species === undefined || pos?.width !== 3) {
    throw errorAt(source, line, `the Properties are "${excerpt(properties)}"`, 'species:S:1 and pos:R:3 are needed');
  }
  return { species, pos, occupancy: single(columns.get('occupancy')), uIso: single(columns.get('u_iso')) };
}

function single(column: Column | undefined): Column | undefined {
  return column?.width === 1 ? column : undefined;
}

/** A structure with what was computed for it; written where given, under the names that ASE reads. */
export interface ExtxyzFrame extends NamedStructure {
  /** eV per cell. */
  readonly energy?: number;
  /** [n][3] eV/Å. */
  readonly forces?: readonly (readonly number[])[];
  /** [3][3] eV/Å³. */
  readonly stress?: readonly (readonly number[])[];
}

/**
 * Write structures as extended XYZ, one frame each. Columns for occupancy and U_iso are added where they say something. Numbers are
 * written with all their digits; positions are as they are, not wrapped.
 */
export function writeExtxyz(structures: readonly ExtxyzFrame[]): string {
  if (structures.length === 0) {
    throw new BraggscapeError('structure.invalid', 'there is no structure to write', { hint: 'pass at least one' });
  }
  return structures.map(frameText).join('');
}

function frameText({ name, structure, energy, forces, stress }: ExtxyzFrame): string {
  validateStructure(structure, name);
  const { lattice, frac, occupancy, uIso } = structure;
  const partial = occupancy.some((value) => value !== 1);
  const moving = uIso.some((value) => value !== 0);
  const properties = `species:S:1:pos:R:3${partial ? ':occupancy:R:1' : ''}${moving ? ':u_iso:R:1' : ''}${forces === undefined ? '' : ':forces:R:3'}`;
  const rows = Array.from(structure.numbers, (z, i) => {
    const position = [0, 1, 2].map((x) => frac[3 * i] * lattice[x] + frac[3 * i + 1] * lattice[3 + x] + frac[3 * i + 2] * lattice[6 + x]);
    return [elementSymbol(z), ...position, ...(partial ? [occupancy[i]] : []), ...(moving ? [uIso[i]] : []), ...(forces?.[i] ?? [])].join(' ');
  });
  const title = name.replace(/["\r\n]/g, ' ').trim();
  const info = `Lattice="${[...lattice].join(' ')}" Properties=${properties} name="${title}"${energy === undefined ? '' : ` energy=${energy}`}${stress === undefined ? '' : ` stress="${stress.flat().join(' ')}"`} pbc="T T T"`;
  return [structure.numbers.length, info, ...rows, ''].join('\n');
}

/** Extended XYZ as ASE and many others write it. */
export const extxyzFormat: StructureFormat = {
  id: 'extxyz',
  extensions: ['.extxyz', '.xyz'],
  recognises: (text) => {
    const lines = linesOf(text.slice(0, 100_000));
    return /^\s*\d+\s*$/.test(lines[0]) && /\blattice\s*=/i.test(lines[1] ?? '');
  },
  read: readExtxyz,
  write: writeExtxyz,
};
