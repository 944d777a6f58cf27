import type { DuckDBAppender, DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { BraggscapeError } from '@braggscape/core';
import type { Protocol } from '../protocol/protocol.js';
import { cellColumns } from '../tables/cellColumns.js';
import type { CellSummary } from '../tables/cellSummary.js';
import type { CellValue, Column } from '../tables/column.js';
import { replaceFile, unwritableFile } from './replaceFile.js';
import { resultColumns } from './resultColumns.js';
import type { TaskResult } from './taskResult.js';

/** The library, which is large (70 MB) and comes only where it is wanted. */
const LIBRARY = '@duckdb/node-api';

/** Rows that are held in memory and written together. */
const ROWS_TOGETHER = 2000;

const types = { text: 'VARCHAR', integer: 'INTEGER', real: 'DOUBLE', boolean: 'BOOLEAN' } as const;

/** What is used of the library. */
interface Library {
  readonly DuckDBInstance: typeof DuckDBInstance;
}

/** Why no DuckDB file can be written here, with the remedy; undefined if it can. */
export async function duckDbMissing(): Promise<string | undefined> {
  try {
    await load();
    return undefined;
  } catch (error) {
    const { message, hint } = error as BraggscapeError;
    return `${message}: ${hint ?? ''}`;
  }
}

/**
 * Write a DuckDB file with the tables `results` (a row for each task, {@link resultColumns}), `cells` (a row for each noise model, level and setting) and `protocol` (one row, `content` as JSON text).
 *
 * @throws BraggscapeError `backend.unavailable` if the library is not installed, `file.unwritable`, or what reading the results throws; there is no half file then
 */
export async function writeDuckDb(path: string, protocol: Protocol, results: AsyncIterable<TaskResult>, cells: readonly CellSummary[]): Promise<void> {
  const { DuckDBInstance } = await load();
  await replaceFile(path, async (temporary) => {
    let instance: DuckDBInstance | undefined;
    let connection: DuckDBConnection | undefined;
    try {
      // One thread: rows stay in their order, and memory small.
      instance = await DuckDBInstance.create(temporary, { threads: '1' });
      connection = await instance.connect();
      await fill(connection, 'results', resultColumns, results);
      await fill(connection, 'cells', cellColumns(protocol), cells);
      await fill(connection, 'protocol', protocolColumns, [protocol]);
      await connection.run('CHECKPOINT');
    } catch (error) {
      // The library's errors have no code but a message that begins with their kind.
      if (error instanceof Error && /^(IO|FATAL) Error|No space left|Could not write/.test(error.message)) throw unwritableFile(path, error.message.split('\n', 1)[0], error);
      throw error;
    } finally {
      connection?.closeSync();
      instance?.closeSync();
    }
  });
}

async function load(): Promise<Library> {
  try {
    return (await import(LIBRARY)) as Library;
  } catch (cause) {
    const missing = (cause as { code?: string }).code === 'ERR_MODULE_NOT_FOUND';
    throw new BraggscapeError('backend.unavailable', missing ? `a DuckDB file needs ${LIBRARY}, which is not installed` : `${LIBRARY} fails to load (${(cause as Error).message.split('\n', 1)[0]})`, {
      hint: `npm install ${LIBRARY} beside braggscape`,
      cause,
    });
  }
}

/** Make a table and fill it. */
async function fill<Row>(connection: DuckDBConnection, table: string, columns: readonly Column<Row>[], rows: AsyncIterable<Row> | Iterable<Row>): Promise<void> {
  await connection.run(`CREATE TABLE ${table} (${columns.map(({ name, type, nullable }) => `${name} ${types[type]}${nullable ? '' : ' NOT NULL'}`).join(', ')})`);
  const appender = await connection.createAppender(table);
  let count = 0;
  for await (const row of rows) {
    for (const { type, of } of columns) append(appender, type, of(row));
    appender.endRow();
    if (++count % ROWS_TOGETHER === 0) appender.flushSync();
  }
  appender.closeSync();
}

function append(appender: DuckDBAppender, type: Column<unknown>['type'], value: CellValue): void {
  if (value === null) appender.appendNull();
  else if (type === 'text') appender.appendVarchar(value as string);
  else if (type === 'boolean') appender.appendBoolean(value as boolean);
  else if (type === 'integer') appender.appendInteger(value as number);
  else appender.appendDouble(value as number);
}

const protocolColumns: readonly Column<Protocol>[] = [
  { name: 'version', type: 'text', nullable: false, of: ({ version }) => version },
  // Seeds go beyond 32 bits; a double holds them exactly.
  { name: 'seed', type: 'real', nullable: false, of: ({ seed }) => seed },
  { name: 'samples', type: 'integer', nullable: false, of: ({ samples }) => samples },
  { name: 'structures', type: 'integer', nullable: false, of: ({ structures }) => structures.length },
  { name: 'content', type: 'text', nullable: false, of: (protocol) => JSON.stringify(protocol) },
];
