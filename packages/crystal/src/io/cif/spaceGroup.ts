import type { BraggscapeError } from '@braggscape/core';
import type { Source } from '@braggscape/core';
import { errorAt, excerpt, lineOf } from '../textError.js';
import { cifColumn, cifItem, isPlaceholder } from './document.js';
import type { CifBlock, CifValue } from './document.js';
import { normalizeHall, normalizeSymbol, settingOperations, spaceGroupSettings } from './hallTable.js';
import type { SpaceGroupSetting } from './hallTable.js';
import { missingProduct, sameOperation } from './operationGroup.js';
import { formatSymmetryOperation, parseSymmetryOperation } from './symmetryOperation.js';
import type { SymmetryOperation } from './symmetryOperation.js';

/** One reading of a block's symmetry. */
export interface SpaceGroupReading {
  readonly operations: readonly SymmetryOperation[];
  /** Symbol and setting for people; absent where the file lists operations. */
  readonly name?: string;
  /** Line of the statement. */
  readonly line: number;
}

/** More operations than any group in a sensible cell has; 192 is the most in a conventional one. */
const mostOperations = 768;

/**
 * Largest relative change of a metric-tensor entry, over the lengths of its two axes, that an operation may make in a cell it is meant
 * for: leaves room for rounded cells, not for another setting.
 */
const metricTolerance = 0.03;

/**
 * The possible readings of the symmetry of a block, nearly always one. Listed operations come first, then the Hall symbol, then the
 * Hermann-Mauguin symbol, then the number; without any of them the structure is taken as listed in full (P 1). Where a
 * symbol leaves the axes open (`P 21/n`, `R -3 m`), the cell decides, and among equals the first setting of the International
 * Tables is taken; where it leaves the origin open, both are returned for the caller to decide.
 *
 * @param metric [3,3] metric tensor of the cell, Å²
 * @throws BraggscapeError with the line, if the statements are malformed, unknown or do not fit the cell
 */
export function spaceGroupReadings(block: CifBlock, metric: Float64Array, source: Source): readonly SpaceGroupReading[] {
  return [listedOperations(block, metric, source) ?? settingsBySymbol(block, metric, source) ?? [identityOnly(block)]].flat();
}

function identityOnly(block: CifBlock): SpaceGroupReading {
  return { operations: [{ rotation: [1, 0, 0, 0, 1, 0, 0, 0, 1], translation: [0, 0, 0] }], line: block.line };
}

const operationTags = [
  '_space_group_symop_operation_xyz',
  '_symmetry_equiv_pos_as_xyz',
  '_space_group_symop_as_xyz',
  '_symmetry_equiv_as_xyz',
] as const;

function listedOperations(block: CifBlock, metric: Float64Array, source: Source): SpaceGroupReading | undefined {
  const column = operationTags
    .map((tag) => cifColumn(block, tag)?.filter((value) => !isPlaceholder(value) && value.text.trim() !== ''))
    .find((values) => values !== undefined && values.length > 0);
  if (column === undefined) return undefined;
  const line = column[0].line;
  if (column.length > mostOperations) {
    throw errorAt(source, line, `${column.length} symmetry operations are listed`, `at most ${mostOperations} make sense`);
  }
  const operations: SymmetryOperation[] = [];
  for (const value of column) {
    const operation = parseSymmetryOperation(value.text, lineOf(source, value.line));
    const mismatch = metricMismatch(operation, metric);
    if (!(mismatch <= metricTolerance)) throw misfit(operation, source, value.line);
    if (!operations.some((other) => sameOperation(other, operation))) operations.push(operation);
  }
  const [identity] = identityOnly(block).operations;
  if (!operations.some((operation) => sameOperation(operation, identity))) operations.unshift(identity);
  checkGroup(operations, source, line);
  return { operations, line };
}

function misfit(operation: SymmetryOperation, source: Source, line: number): BraggscapeError {
  const message = `the symmetry operation "${formatSymmetryOperation(operation)}" does not map the cell onto itself`;
  return errorAt(source, line, message, 'cell and operations must be in the same setting', 'structure.invalid');
}

/** Operations that are closed under composition, or an error that names two whose product is missing. */
function checkGroup(operations: readonly SymmetryOperation[], source: Source, line: number): void {
  const missing = missingProduct(operations)?.map(formatSymmetryOperation);
  if (missing === undefined) return;
  const [first, second, product] = missing;
  throw errorAt(
    source,
    line,
    `the symmetry operations are no group: ${first} after ${second} gives ${product}, which is not listed`,
    'list all operations, centring included, or remove the list and state the space group',
  );
}

/** Largest entry of |WᵀGW − G| relative to the lengths of the axes. */
function metricMismatch({ rotation: w }: SymmetryOperation, g: Float64Array): number {
  let worst = 0;
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < 3; k++) for (let l = 0; l < 3; l++) sum += w[3 * k + i] * g[3 * k + l] * w[3 * l + j];
      worst = Math.max(worst, Math.abs(sum - g[3 * i + j]) / Math.sqrt(g[4 * i] * g[4 * j]));
    }
  }
  return worst;
}

function settingsBySymbol(block: CifBlock, metric: Float64Array, source: Source): readonly SpaceGroupReading[] | undefined {
  const hall = cifItem(block, '_space_group_name_Hall', '_symmetry_space_group_name_Hall');
  const symbol = cifItem(
    block,
    '_space_group_name_H-M_alt',
    '_symmetry_space_group_name_H-M',
    '_space_group_name_H-M_full',
    '_symmetry_space_group_name_H-M_full',
    '_space_group_name_H-M_ref',
  );
  const number = cifItem(block, '_space_group_IT_number', '_symmetry_Int_Tables_number');
  const stated = hall ?? symbol ?? number;
  if (stated === undefined) {
    checkNotMagnetic(block, source);
    return undefined;
  }
  const code = cifItem(block, '_space_group_IT_coordinate_system_code')?.text.toLowerCase();
  const settings = spaceGroupSettings();
  const attempts: readonly [CifValue | undefined, () => readonly SpaceGroupSetting[]][] = [
    [hall, () => settings.filter((setting) => setting.hall === normalizeHall(hall?.text ?? '')).slice(0, 1)],
    [symbol, () => settingsOfSymbol(symbol?.text ?? '', code)],
    // A symbol in a setting that is not known must not be overruled by the number, which would mean the standard setting.
    [symbol === undefined ? number : undefined, () => withCode(settings.filter((setting) => String(setting.number) === number?.text.trim()), code)],
  ];
  for (const [value, candidates] of attempts) {
    const found = value === undefined ? [] : candidates();
    if (value !== undefined && found.length > 0) return fitting(found, metric, value, source);
  }
  throw errorAt(
    source,
    stated.line,
    `the space group "${excerpt(stated.text)}" is not known in this setting`,
    'use a symbol of the International Tables, or list the symmetry operations',
    'structure.unsupported',
  );
}

function checkNotMagnetic(block: CifBlock, source: Source): void {
  const magnetic = cifColumn(block, '_space_group_symop_magn_operation_xyz', '_space_group_magn_number_BNS', '_space_group_magn_name_BNS');
  if (magnetic?.[0] === undefined) return;
  const hint = 'give the operations of the nuclear structure as _space_group_symop_operation_xyz';
  throw errorAt(source, magnetic[0].line, 'only a magnetic space group is given', hint, 'structure.unsupported');
}

/** Settings that a symbol means, with the origin or the axes it states behind a colon (`:2`, `:R`) or as a last letter (ICSD: S, Z, H, R). */
function settingsOfSymbol(text: string, statedCode: string | undefined): readonly SpaceGroupSetting[] {
  const parts = /^([^:]*?)(?::(.*)|([hrsz])|o([12]))?$/.exec(normalizeSymbol(text));
  if (parts === null) return [];
  const [, symbol, colon, letter, origin] = parts;
  const code = colon ?? letter ?? origin ?? statedCode;
  const named = spaceGroupSettings().filter((setting) => setting.symbols.has(symbol));
  return withCode(named, code);
}

/** The settings with a code, if any has it: a code that says nothing about the group is ignored. */
function withCode(settings: readonly SpaceGroupSetting[], code: string | undefined): readonly SpaceGroupSetting[] {
  const wanted = code === 's' ? '1' : code === 'z' ? '2' : code;
  if (wanted === undefined) return settings;
  const exact = settings.filter((setting) => setting.code.toLowerCase() === wanted);
  if (exact.length > 0) return exact;
  const sameOrigin = settings.filter((setting) => /^[12]$/.test(wanted) && setting.code.startsWith(wanted));
  return sameOrigin.length > 0 ? sameOrigin : settings;
}

/** The settings whose operations keep the cell, on the axes of the first such setting. */
function fitting(
  settings: readonly SpaceGroupSetting[],
  metric: Float64Array,
  stated: CifValue,
  source: Source,
): readonly SpaceGroupReading[] {
  const rated = settings.map((setting) => {
    const operations = settingOperations(setting);
    return { setting, operations, mismatch: Math.max(...operations.map((operation) => metricMismatch(operation, metric))) };
  });
  const least = Math.min(...rated.map(({ mismatch }) => mismatch));
  if (!(least <= metricTolerance)) {
    const message = `the cell does not have the symmetry of "${excerpt(stated.text)}"`;
    throw errorAt(source, stated.line, message, 'check the cell parameters and the setting of the symbol', 'structure.invalid');
  }
  // Rounded cell parameters must not decide between settings.
  const best = rated.filter(({ mismatch }) => mismatch <= least + 1e-4);
  const axes = (setting: SpaceGroupSetting): string => `${setting.number}${setting.code.replace(/^[12]/, '')}`;
  return best
    .filter(({ setting }) => axes(setting) === axes(best[0].setting))
    .map(({ setting, operations }) => ({
      operations,
      name: setting.code === '' ? setting.name : `${setting.name}:${setting.code}`,
      line: stated.line,
    }));
}
