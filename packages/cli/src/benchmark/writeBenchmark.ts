import { join } from 'node:path';
import type { PluginHost } from '@braggscape/core';
import { duckDbMissing, matchTable, orderedResults, summarize, tableFiles, writeDuckDb, writeParquet } from '@braggscape/benchmark';
import type { CellSummary, FailedTask, Protocol } from '@braggscape/benchmark';
import { writeFileAtomically } from '../files/writeFileAtomically.js';
import { table } from '../terminal.js';
import type { Terminal } from '../terminal.js';

/** Samples that intervals of dependence are made from, where a run ended by itself and where somebody waits for it to end. */
const RESAMPLES = { complete: 1000, interrupted: 100 } as const;

/** What was written. */
export interface BenchmarkFiles {
  /** Empty for a shard. */
  readonly cells: readonly CellSummary[];
  /** Paths in the order of writing. */
  readonly files: readonly string[];
}

/** How a run ended, as far as its files depend on it. */
export interface BenchmarkEnd {
  readonly state: 'complete' | 'interrupted';
  readonly failed: readonly FailedTask[];
  /** Whether the folder holds one shard: it gets no tables then. */
  readonly shard: boolean;
  /** Whether figures are drawn; those of an interrupted run are left to `--resume` or `benchmark merge`. */
  readonly figures: boolean;
}

/** Say, before anything is done, that a file will be left out. */
export async function noteMissingDuckDb(terminal: Terminal): Promise<void> {
  const missing = await duckDbMissing();
  if (missing !== undefined) terminal.note(`results.duckdb will be left out: ${missing}`);
}

/**
 * Write what a folder's journal holds as tables: results.parquet, results.duckdb, table.csv, tables.md, tables.tex, summary.json, failures.json and figures; and print the match rates.
 * Of a shard only results.parquet and failures.json.
 *
 * @throws BraggscapeError `file.unwritable`; each file is whole or as it was, and the journal is not touched
 */
export async function writeBenchmark(protocol: Protocol, output: string, { state, failed, shard, figures }: BenchmarkEnd, host: PluginHost, terminal: Terminal): Promise<BenchmarkFiles> {
  const files: string[] = [];
  terminal.progress('writing results and tables');
  const write = async (name: string, writer: (path: string) => Promise<void>): Promise<void> => {
    const path = join(output, name);
    await writer(path);
    files.push(path);
  };
  await write('results.parquet', (path) => writeParquet(path, orderedResults(protocol, output)));
  await write('failures.json', (path) => writeFileAtomically(path, `${JSON.stringify(failed, null, 1)}\n`));
  if (shard) {
    terminal.note('tables are made of all shards together: braggscape benchmark merge FOLDER… -o FOLDER');
    return { cells: [], files };
  }
  const resamples = RESAMPLES[state];
  const cells = await summarize(protocol, orderedResults(protocol, output), { resamples });
  for (const [name, content] of tableFiles(protocol, cells, resamples)) await write(name, (path) => writeFileAtomically(path, content));
  if ((await duckDbMissing()) === undefined) await write('results.duckdb', (path) => writeDuckDb(path, protocol, orderedResults(protocol, output), cells));
  if (figures && state === 'complete') {
    // The drawing libraries take a third of a second to load.
    const { benchmarkFigures } = await import('./benchmarkFigures.js');
    files.push(...(await benchmarkFigures(protocol, cells, orderedResults(protocol, output), output, host, { onProgress: (text) => terminal.progress(text) })));
  }
  const { title, head, rows } = matchTable(protocol, cells, 'match');
  terminal.line(`${title}, % [95 % interval]`);
  terminal.line(table([head, ...rows]));
  return { cells, files };
}
