import { BraggscapeError } from '@braggscape/core';
import type { NamedStructure, Structure } from '@braggscape/core';
import { cellFromLattice, cellVolume } from '../../cell.js';
import { elementSymbol } from '../../elements.js';
import { validateStructure } from '../../validate.js';
import { compositionOf } from '../composition.js';
import { decimal, wrappedDecimal } from '../decimal.js';
import { formatSymmetryOperation } from './symmetryOperation.js';
import type { SymmetryOperation } from './symmetryOperation.js';

/** The symmetry of a structure as a CIF states it. */
export interface CifSymmetry {
  /** All operations of the group, centring included. */
  readonly operations: readonly SymmetryOperation[];
  /** The sites that the operations expand into the structure, on its cell. */
  readonly asymmetricUnit: Structure;
  /** Hermann-Mauguin symbol, with the setting where it has several, such as `F d -3 m :2`. */
  readonly symbol?: string;
  /** Hall symbol. */
  readonly hall?: string;
  /** Number in the International Tables. */
  readonly number?: number;
}

/** What to write beside the structures. */
export interface CifWriteOptions {
  /** Written as comment lines at the top. */
  readonly comment?: string;
  /** Further tags of every block, such as `_computing_structure_refinement`; values are quoted as needed. */
  readonly extra?: Readonly<Record<string, string | number>>;
  /** Symmetry of the structure, instead of the full listing in P 1. For a single structure only. */
  readonly symmetry?: CifSymmetry;
}

/**
 * Write structures as a CIF, one block each. By default all sites are listed in P 1. Lengths, angles, coordinates, occupancies and U_iso
 * have ten decimals, and coordinates lie in [0, 1), so reading the file gives the structure back to 1e-9; the orientation of
 * the lattice is not kept, for a CIF has none. Equal structures give equal texts.
 *
 * @throws BraggscapeError `structure.invalid` or `cell.impossible` for what is no structure, `option.invalid` for options that make no sense
 */
export function writeCif(structures: readonly NamedStructure[], options: CifWriteOptions = {}): string {
  if (structures.length === 0) {
    throw new BraggscapeError('structure.invalid', 'there is no structure to write', { hint: 'pass at least one' });
  }
  if (options.symmetry !== undefined && structures.length !== 1) {
    throw new BraggscapeError('option.invalid', `symmetry is given for ${structures.length} structures`, {
      hint: 'write structures with symmetry one at a time',
      path: 'symmetry',
    });
  }
  const names = uniqueNames(structures.map(({ name }) => blockName(name)));
  const comment = options.comment === undefined ? [] : options.comment.split(/\r\n?|\n/).map((line) => `# ${line}`.trimEnd());
  const blocks = structures.map(({ structure }, i) => blockLines(structure, names[i], options).join('\n'));
  return `${[...comment, ...blocks].join('\n')}\n`;
}

function blockLines(structure: Structure, name: string, options: CifWriteOptions): string[] {
  validateStructure(structure, name);
  const { symmetry } = options;
  if (symmetry !== undefined) validateStructure(symmetry.asymmetricUnit, `${name}, asymmetric unit`);
  const cell = cellFromLattice(structure.lattice);
  const { formula, formulaUnits } = compositionOf(structure);
  return [
    `data_${name}`,
    ...Object.entries(options.extra ?? {}).map(([tag, value]) => item(checkedTag(tag), value)),
    item('_chemical_formula_sum', formula),
    item('_cell_length_a', decimal(cell[0])),
    item('_cell_length_b', decimal(cell[1])),
    item('_cell_length_c', decimal(cell[2])),
    item('_cell_angle_alpha', decimal(cell[3])),
    item('_cell_angle_beta', decimal(cell[4])),
    item('_cell_angle_gamma', decimal(cell[5])),
    item('_cell_volume', decimal(cellVolume(structure.lattice), 6)),
    item('_cell_formula_units_Z', formulaUnits),
    ...symmetryLines(symmetry),
    ...siteLines(symmetry?.asymmetricUnit ?? structure),
  ];
}

function symmetryLines(symmetry: CifSymmetry | undefined): string[] {
  const { symbol, hall, number, operations } = symmetry ?? { symbol: 'P 1', hall: 'P 1', number: 1, operations: undefined };
  return [
    ...(symbol === undefined ? [] : [item('_space_group_name_H-M_alt', symbol)]),
    ...(hall === undefined ? [] : [item('_space_group_name_Hall', hall)]),
    ...(number === undefined ? [] : [item('_space_group_IT_number', number)]),
    'loop_',
    '_space_group_symop_id',
    '_space_group_symop_operation_xyz',
    ...(operations?.map(formatSymmetryOperation) ?? ['x,y,z']).map((text, i) => `${i + 1} '${text}'`),
  ];
}

function siteLines(structure: Structure): string[] {
  const labels = siteLabels(structure);
  const rows = labels.map((label, i) => {
    const frac = [0, 1, 2].map((k) => wrappedDecimal(structure.frac[3 * i + k]));
    // An occupancy of 0 would mean no site.
    const numbers = [...frac, decimal(Math.max(structure.occupancy[i], 1e-10)), decimal(structure.uIso[i])];
    return [quoted(label), elementSymbol(structure.numbers[i]), ...numbers].join(' ');
  });
  return [
    'loop_',
    '_atom_site_label',
    '_atom_site_type_symbol',
    '_atom_site_fract_x',
    '_atom_site_fract_y',
    '_atom_site_fract_z',
    '_atom_site_occupancy',
    '_atom_site_U_iso_or_equiv',
    ...rows,
  ];
}

/** The structure's own labels if they are all there and all different, else symbol and running number of the element. */
function siteLabels(structure: Structure): readonly string[] {
  const { labels } = structure;
  if (labels !== undefined && labels.every((label) => label !== '') && new Set(labels).size === labels.length) return labels;
  const counts = new Map<number, number>();
  return Array.from(structure.numbers, (z) => {
    const count = (counts.get(z) ?? 0) + 1;
    counts.set(z, count);
    return `${elementSymbol(z)}${count}`;
  });
}

function item(tag: string, value: string | number): string {
  const text = quoted(String(value));
  return text.startsWith(';') ? `${tag}\n${text}` : `${tag.padEnd(34)} ${text}`;
}

function checkedTag(tag: string): string {
  if (/^_[!-~]+$/.test(tag)) return tag;
  throw new BraggscapeError('option.invalid', `"${tag}" is not a CIF tag`, {
    hint: 'a tag begins with an underscore and has no blanks',
    path: 'extra',
  });
}

/** A value with the delimiters it needs, which may be those of a text field. */
function quoted(text: string): string {
  if (/[\r\n]/.test(text)) return textField(text);
  const bare = /^[^\s_#$'"[\]{};][^\s]*$/.test(text) && !/^(?:data_|save_|loop_$|global_$|stop_$)/i.test(text);
  if (bare && text !== '?' && text !== '.') return text;
  for (const quote of ["'", '"']) if (!new RegExp(`${quote}(?=\\s)`).test(text) && !text.endsWith(quote)) return quote + text + quote;
  return textField(text);
}

/** A text field; a blank before each semicolon at the beginning of a line keeps it from ending the field. */
function textField(text: string): string {
  return `;${text.replace(/\r\n?/g, '\n').replace(/\n;/g, '\n ;')}\n;`;
}

/** A block code: printing characters only. */
function blockName(name: string): string {
  return name.trim().replace(/[^!-~]+/g, '_') || 'structure';
}

/** Block codes must differ, also in more than their case. */
function uniqueNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let n = 2; taken.has(unique.toLowerCase()); n++) unique = `${name}_${n}`;
    taken.add(unique.toLowerCase());
    return unique;
  });
}
