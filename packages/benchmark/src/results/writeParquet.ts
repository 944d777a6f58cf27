import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { ByteWriter, parquetWriteRows } from 'hyparquet-writer';
import type { Writer } from 'hyparquet-writer';
import type { Column } from '../tables/column.js';
import { replaceFile } from './replaceFile.js';
import { resultColumns } from './resultColumns.js';
import type { TaskResult } from './taskResult.js';

/** Rows that are held in memory and written together. */
const ROW_GROUP = 2000;

const types = { text: 'STRING', integer: 'INT32', real: 'DOUBLE', boolean: 'BOOLEAN' } as const;

/**
 * Write results as a Parquet file with {@link resultColumns}, compressed by Snappy, which every reader knows.
 * @throws BraggscapeError `file.unwritable`, or what reading the results throws; there is no half file then
 */
export async function writeParquet(path: string, results: AsyncIterable<TaskResult>): Promise<void> {
  await replaceFile(path, async (temporary) => {
    const file = await open(temporary, 'wx');
    try {
      await parquetWriteRows({
        writer: writerTo(file),
        rows: rowsOf(results),
        columns: resultColumns.map(({ name, type, nullable }) => ({ name, type: types[type], nullable })),
        rowGroupSize: ROW_GROUP,
      });
      await file.sync();
    } finally {
      await file.close();
    }
  });
}

/** A writer that passes on what it has after each group of rows. */
function writerTo(file: FileHandle): Writer {
  const writer = new ByteWriter(1 << 20);
  const flush = async (): Promise<void> => {
    await file.writeFile(new Uint8Array(writer.buffer, 0, writer.index));
    writer.index = 0;
  };
  return Object.assign(writer, { flush, finish: flush });
}

async function* rowsOf(results: AsyncIterable<TaskResult>): AsyncGenerator<Record<string, unknown>> {
  for await (const result of results) yield Object.fromEntries(resultColumns.map(({ name, of }: Column<TaskResult>) => [name, of(result)]));
}
