import type { Protocol } from '../protocol/protocol.js';
import { cellColumns } from './cellColumns.js';
import type { CellSummary } from './cellSummary.js';
import { csvTable } from './csv.js';
import { dependenceTable } from './dependenceTable.js';
import { latexTables } from './latex.js';
import { markdownTable } from './markdown.js';
import { matchTable } from './matchTable.js';
import { expectedRuns } from './summarize.js';

/**
 * The tables of a benchmark by the names of their files: `table.csv`, `tables.md`, `tables.tex`, `summary.json`. Times are in none of them, so that equal results give equal files.
 * @param resamples that the intervals of dependence are from
 */
export function tableFiles(protocol: Protocol, cells: readonly CellSummary[], resamples: number): ReadonlyMap<string, string> {
  const tables = [matchTable(protocol, cells, 'match'), matchTable(protocol, cells, 'strict'), dependenceTable(cells)];
  const title = `# Benchmark of structure recovery\n\n${description(protocol, cells)}\n`;
  return new Map([
    ['table.csv', csvTable(cellColumns(protocol), cells)],
    ['tables.md', [title, ...tables.map(markdownTable)].join('\n')],
    ['tables.tex', latexTables(tables)],
    ['summary.json', `${JSON.stringify(summaryOf(protocol, cells, resamples), null, 1)}\n`],
  ]);
}

function description(protocol: Protocol, cells: readonly CellSummary[]): string {
  const { version, structures, samples, seed } = protocol;
  const [runs, expected] = totals(protocol, cells);
  return `Braggscape ${version}, ${structures.length} structures, ${samples} samples, seed ${seed}; ${runs === expected ? `${runs} runs` : `${runs} of ${expected} runs, the others are not done`}.`;
}

/** Runs that there are, and that there are to be. */
function totals(protocol: Protocol, cells: readonly CellSummary[]): readonly [number, number] {
  const expected = new Map(protocol.settings.map((setting) => [setting.name, expectedRuns(protocol, setting)]));
  return [cells.reduce((sum, { runs }) => sum + runs, 0), cells.reduce((sum, { setting }) => sum + (expected.get(setting) ?? 0), 0)];
}

function summaryOf(protocol: Protocol, cells: readonly CellSummary[], resamples: number): unknown {
  const { version, seed, samples, structures } = protocol;
  const [runs, expected] = totals(protocol, cells);
  return { format: 'braggscape-benchmark-summary/1', version, seed, samples, structures: structures.map(({ name }) => name), runs, expected, resamples, cells };
}
