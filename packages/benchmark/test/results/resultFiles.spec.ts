import { expect } from 'chai';
import { DuckDBInstance } from '@duckdb/node-api';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { duckDbMissing, orderedResults, resultColumns, summarize, writeDuckDb, writeParquet } from '@braggscape/benchmark';
import type { TaskResult } from '@braggscape/benchmark';
import { rejectionOf } from '@braggscape/testing';
import { smallProtocol } from '../smallProtocol.js';
import { shuffled, syntheticResults } from '../syntheticResults.js';
import { withFolder, writeJournal } from '../withFolder.js';

const protocol = smallProtocol(['cosine', 'mse+constraint'], { samples: 4 });
const results = syntheticResults(protocol);

type Row = Readonly<Record<string, unknown>>;

async function readParquet(path: string): Promise<readonly Row[]> {
  const file = await readFile(path);
  return parquetReadObjects({ file: file.buffer.slice(file.byteOffset, file.byteOffset + file.length) });
}

async function readDuckDb(path: string, table: string): Promise<readonly Row[]> {
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(`SELECT * FROM ${table}`)).getRowObjectsJS();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function* from(given: readonly TaskResult[]): AsyncGenerator<TaskResult> {
  for (const result of given) {
    await Promise.resolve();
    yield result;
  }
}

describe('the files of results', () => {
  it('read a journal in the order of tasks, without strangers', () =>
    withFolder(async (folder) => {
      const strangers = syntheticResults({ ...protocol, seed: 99 }).slice(0, 5);
      await writeJournal(folder, shuffled([...results, ...strangers]));
      const found: TaskResult[] = [];
      for await (const result of orderedResults(protocol, folder)) found.push(result);
      expect(found).to.deep.equal(results);
    }));

  it('read back from Parquet and from DuckDB as the same rows', () =>
    withFolder(async (folder) => {
      const [parquet, duckDb] = [join(folder, 'results.parquet'), join(folder, 'results.duckdb')];
      const cells = await summarize(protocol, results, { resamples: 20 });
      await writeParquet(parquet, from(results));
      expect(await duckDbMissing()).to.equal(undefined);
      await writeDuckDb(duckDb, protocol, from(results), cells);
      const rows = await readParquet(parquet);
      expect(rows).to.deep.equal(results.map((result) => Object.fromEntries(resultColumns.map(({ name, of }) => [name, of(result)]))));
      expect(rows.some(({ final_rms }) => final_rms === null)).to.equal(true);
      expect(JSON.parse(rows[0].final_structure as string)).to.deep.equal(results[0].final.structure);
      expect(await readDuckDb(duckDb, 'results')).to.deep.equal(rows);
      expect((await readDuckDb(duckDb, 'cells')).map(({ noise, level, setting, match, spearman_high }) => ({ noise, level, setting, match, spearman_high }))).to.deep.equal(
        cells.map(({ noise, level, setting, match, spearman }) => ({ noise, level, setting, match: match.rate, spearman_high: spearman.high })),
      );
      const [row] = await readDuckDb(duckDb, 'protocol');
      expect(row).to.include({ version: '0.1.0', seed: 3, samples: 4, structures: 2 });
      expect(JSON.parse(row.content as string)).to.deep.equal(JSON.parse(JSON.stringify(protocol)));
      expect((await readdir(folder)).sort()).to.deep.equal(['results.duckdb', 'results.parquet']);
    }));

  it('hold more rows than are written together, and none', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'results.parquet');
      const many = Array.from({ length: 4100 }, (_, i) => ({ ...results[i % results.length], steps: i }));
      await writeParquet(path, from(many));
      await writeDuckDb(join(folder, 'results.duckdb'), protocol, from(many), []);
      const steps = many.map((result) => result.steps);
      expect((await readParquet(path)).map((row) => row.steps)).to.deep.equal(steps);
      expect((await readDuckDb(join(folder, 'results.duckdb'), 'results')).map((row) => row.steps)).to.deep.equal(steps);
      await writeParquet(path, from([]));
      expect(await readParquet(path)).to.deep.equal([]);
    }));

  it('are equal bytes of equal results', () =>
    withFolder(async (folder) => {
      await writeParquet(join(folder, 'a'), from(results));
      await writeParquet(join(folder, 'b'), from(results));
      expect((await readFile(join(folder, 'a'))).equals(await readFile(join(folder, 'b')))).to.equal(true);
    }));

  it('stay as they were where writing fails, and leave nothing half behind', () =>
    withFolder(async (folder) => {
      async function* breaking(): AsyncGenerator<TaskResult> {
        yield* from(results);
        throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      }
      for (const name of ['results.parquet', 'results.duckdb']) {
        const path = join(folder, name);
        await writeFile(path, 'as it was');
        const write = (source: AsyncIterable<TaskResult>, to: string): Promise<void> => (name.endsWith('parquet') ? writeParquet(to, source) : writeDuckDb(to, protocol, source, []));
        const full = await rejectionOf(write(breaking(), path));
        expect(full.code).to.equal('file.unwritable');
        expect(full.message).to.include('ENOSPC');
        expect(await readFile(path, 'utf8')).to.equal('as it was');
        expect((await rejectionOf(write(from(results), join(folder, 'missing', name)))).code).to.equal('file.unwritable');
        expect((await stat(path)).size).to.equal(9);
      }
      expect((await readdir(folder)).sort()).to.deep.equal(['results.duckdb', 'results.parquet']);
    }));
});
