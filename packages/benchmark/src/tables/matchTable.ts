import type { Protocol } from '../protocol/protocol.js';
import type { CellSummary, Rate } from './cellSummary.js';
import { noNumber, withInterval } from './textTable.js';
import type { TextTable } from './textTable.js';

/** How strictly structures are compared: at the paper's tolerances, or at narrow ones. */
export type Strictness = 'match' | 'strict';

const titles: Readonly<Record<Strictness, string>> = { match: 'Match rates', strict: 'Strict match rates' };

const tolerances: Readonly<Record<Strictness, string>> = {
  match: 'at the tolerances of Segal et al.',
  strict: 'at narrow tolerances (0.01, 0.02, 0.5°, cells not rescaled)',
};

/**
 * Match rates in percent with their 95 % intervals: a row for each noise model and level, a column for each setting, and one for the starts as they are.
 * The last row counts the runs in a cell.
 */
export function matchTable({ settings }: Protocol, cells: readonly CellSummary[], strictness: Strictness): TextTable {
  const names = settings.map(({ name }) => name);
  const rows = new Map<string, CellSummary[]>();
  for (const cell of cells) {
    const id = `${cell.noise} ${cell.level}`;
    const row = rows.get(id);
    if (row === undefined) rows.set(id, [cell]);
    else row.push(cell);
  }
  return {
    title: titles[strictness],
    caption: `Percent of runs that end in the true structure ${tolerances[strictness]}, with 95 % Jeffreys intervals; start: of the starts as they are.`,
    head: ['noise', 'level', 'start', ...names],
    rows: [
      ...[...rows.values()].map((row) => [row[0].noise, String(row[0].level), startText(row, strictness), ...names.map((name) => rateText(row.find(({ setting }) => setting === name), (cell) => cell[strictness]))]),
      ['runs', '', '', ...names.map((name) => countText(cells.filter(({ setting }) => setting === name).map(({ runs }) => runs)))],
    ],
  };
}

/** Starts are the same in all settings; the one with the most runs knows them best. */
function startText(row: readonly CellSummary[], strictness: Strictness): string {
  const best = row.reduce((most, cell) => (cell.runs > most.runs ? cell : most));
  return rateText(best, strictness === 'match' ? (cell) => cell.initialMatch : (cell) => cell.initialStrict);
}

function rateText(cell: CellSummary | undefined, of: (cell: CellSummary) => Rate): string {
  if (cell === undefined || cell.runs === 0) return noNumber;
  const { rate, low, high } = of(cell);
  return withInterval(100 * rate, 100 * low, 100 * high, 1);
}

function countText(counts: readonly number[]): string {
  if (counts.length === 0) return noNumber;
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? String(least) : `${least}–${most}`;
}
