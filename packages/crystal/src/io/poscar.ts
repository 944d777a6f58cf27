import { BraggscapeError, determinant3 } from '@braggscape/core';
import type { NamedStructure, Source, StructureFormat } from '@braggscape/core';
import { atomicNumber, elementSymbol } from '../elements.js';
import { validateStructure } from '../validate.js';
import { structureOfPositions } from './assemble.js';
import { decimal, wrappedDecimal } from './decimal.js';
import { finiteNumber, linesOf, stemOf, wordsOf } from './numberText.js';
import { errorAt, excerpt, lineOf } from './textError.js';

/**
 * Read a POSCAR or CONTCAR of VASP 5 (line 6 names the species) or VASP 4 (it does not: then the comment line must list as many
 * elements as there are counts). A negative scale is the volume, three scales stretch x, y and z; selective dynamics is
 * passed over, and so is what follows the positions: velocities, predictor-corrector data.
 *
 * Format: VASP manual, POSCAR.
 *
 * @throws BraggscapeError that names the line
 */
export function readPoscar(text: string, source: Source): readonly NamedStructure[] {
  const lines = withoutBlankEnd(linesOf(text));
  const lattice = scaledLattice(lines, source);
  const { species, counts, next } = readSpecies(lines, source);
  let at = next;
  if (/^\s*s/i.test(lines[at] ?? '')) at++;
  const mode = (lines[at] ?? '').trim();
  if (mode === '' || /^[\d.+-]/.test(mode)) {
    const hint = 'the line before the positions must be Direct or Cartesian';
    throw errorAt(source, at + 1, `the coordinate mode is "${excerpt(mode)}"`, hint);
  }
  const cartesian = /^[ck]/i.test(mode);
  const numbers = species.flatMap((z, i) => Array.from({ length: counts[i] }, () => z));
  const coordinates = numbers.flatMap((_, i) => threeNumbers(lines, at + 1 + i, `position ${i + 1}`, source));
  const positions = {
    lattice: lattice.values,
    numbers,
    coordinates: cartesian ? coordinates.map((x, i) => x * lattice.scales[i % 3]) : coordinates,
    cartesian,
  };
  const name = lines[0].trim() || stemOf(source.name);
  return [{ name, structure: structureOfPositions(positions, lineOf(source, 3)) }];
}

/** Blank lines to the end are no data. */
function withoutBlankEnd(lines: readonly string[]): readonly string[] {
  return lines.slice(0, lines.findLastIndex((line) => line.trim() !== '') + 1);
}

/** Lattice in Å and the scales that Cartesian positions share with it. */
function scaledLattice(lines: readonly string[], source: Source): { values: number[]; scales: number[] } {
  const words = wordsOf(lines[1]);
  const given = words.map(finiteNumber).filter((value): value is number => value !== undefined);
  const [scale] = given;
  const triple = given.length >= 3 ? given.slice(0, 3) : undefined;
  if (scale === undefined || scale === 0 || triple?.some((value) => value <= 0) === true) {
    throw errorAt(source, 2, `the scale is "${excerpt(lines[1] ?? '')}"`, 'it must be a number: a factor, or minus the volume');
  }
  const raw = [2, 3, 4].flatMap((at, i) => threeNumbers(lines, at, `lattice vector ${'abc'[i]}`, source));
  const volume = Math.abs(determinant3(Float64Array.from(raw)));
  if (!(volume > 0 && Number.isFinite(volume))) {
    const hint = 'the three lattice vectors must not lie in a plane or vanish';
    throw errorAt(source, 3, 'the lattice vectors enclose no volume', hint, 'cell.impossible');
  }
  const factor = scale > 0 ? scale : Math.cbrt(-scale / volume);
  const scales = triple ?? [factor, factor, factor];
  return { values: raw.map((x, i) => x * scales[i % 3]), scales };
}

function threeNumbers(lines: readonly string[], at: number, what: string, source: Source): number[] {
  if (at >= lines.length) throw errorAt(source, Math.min(at, lines.length), `the file ends before ${what}`, 'it may be truncated');
  const values = wordsOf(lines[at]).slice(0, 3).map(finiteNumber);
  if (values.length === 3 && values.every((value) => value !== undefined)) return values;
  throw errorAt(source, at + 1, `${what} is "${excerpt(lines[at])}"`, 'three numbers are needed');
}

/** More atoms than any POSCAR holds: keeps a slipped digit from filling the memory. */
const mostAtoms = 1_000_000;

function readSpecies(lines: readonly string[], source: Source): { species: number[]; counts: number[]; next: number } {
  const named = !/^\d/.test(wordsOf(lines[5])[0] ?? '0');
  const counts = countsOf(lines, named ? 6 : 5, source);
  const line = named ? 6 : 1;
  const symbols = wordsOf(lines[line - 1]);
  const species = symbols.slice(0, counts.length).map((symbol) => {
    try {
      // POTCAR names such as Fe_pv and hashes such as Fe_pv/4b6ef begin with the element.
      return atomicNumber(symbol.split(/[_/]/)[0], lineOf(source, line));
    } catch (error) {
      if (named) throw error;
      return undefined;
    }
  });
  if (species.length === counts.length && species.every((z) => z !== undefined)) {
    return { species, counts, next: named ? 7 : 6 };
  }
  if (named) throw errorAt(source, 6, `${symbols.length} species but ${counts.length} counts are given`, 'give a count for each species');
  throw errorAt(
    source,
    6,
    'the file names no species (VASP 4)',
    `put a line with ${counts.length} element symbols before the counts, or name them on the first line`,
  );
}

function countsOf(lines: readonly string[], at: number, source: Source): number[] {
  const counts: number[] = [];
  for (const word of wordsOf(lines[at])) {
    if (!/^\d{1,7}$/.test(word)) break;
    counts.push(Number(word));
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total > 0 && total <= mostAtoms) return counts;
  const hint = 'the number of atoms of each species is needed';
  throw errorAt(source, Math.min(at, lines.length - 1) + 1, `the atom counts are "${excerpt(lines[at] ?? '')}"`, hint);
}

/**
 * Write one structure as a VASP 5 POSCAR in direct coordinates; runs of one element share a count, so the order is kept.
 * @throws BraggscapeError `structure.unsupported` for several structures or partial occupancies, which the format cannot hold
 */
export function writePoscar(structures: readonly NamedStructure[]): string {
  if (structures.length !== 1) throw unsupported(`a POSCAR holds one structure, not ${structures.length}`, 'write one file for each');
  const [{ name, structure }] = structures;
  validateStructure(structure, name);
  const partial = structure.occupancy.findIndex((occupancy) => occupancy < 1);
  if (partial >= 0) {
    throw unsupported(`site ${partial + 1} has the occupancy ${structure.occupancy[partial]}`, 'a POSCAR cannot hold it: write a CIF');
  }
  const runs: { z: number; count: number }[] = [];
  for (const z of structure.numbers) {
    const last = runs.at(-1);
    if (last?.z === z) last.count++;
    else runs.push({ z, count: 1 });
  }
  const triple = (values: Float64Array, i: number, format: (x: number) => string): string =>
    [0, 1, 2].map((k) => format(values[3 * i + k])).join(' ');
  return [
    name.replace(/\s+/g, ' ').trim(),
    '1.0',
    ...[0, 1, 2].map((i) => triple(structure.lattice, i, (x) => decimal(x, 12))),
    runs.map(({ z }) => elementSymbol(z)).join(' '),
    runs.map(({ count }) => count).join(' '),
    'Direct',
    ...Array.from(structure.numbers, (_, i) => triple(structure.frac, i, (x) => wrappedDecimal(x, 12))),
    '',
  ].join('\n');
}

function unsupported(message: string, hint: string): BraggscapeError {
  return new BraggscapeError('structure.unsupported', message, { hint });
}

/** VASP's POSCAR and CONTCAR. */
export const poscarFormat: StructureFormat = {
  id: 'poscar',
  extensions: ['.poscar', '.contcar', '.vasp'],
  recognises: (text) => {
    const lines = linesOf(text);
    const numeric = (at: number, count: number): boolean => {
      const values = wordsOf(lines[at]).slice(0, count).map(finiteNumber);
      return values.length === count && values.every((value) => value !== undefined);
    };
    return numeric(1, 1) && [2, 3, 4].every((at) => numeric(at, 3));
  },
  read: readPoscar,
  write: writePoscar,
};
