import { mkdir, open, stat, truncate } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { BraggscapeError } from '@braggscape/core';
import type { TaskResult } from '../results/taskResult.js';
import { journalLines } from './journalLines.js';
import { lockFolder } from './lock.js';

/** Folder of the journal within the folder of results, and its file. */
const FOLDER = 'journal';
const FILE = 'results.jsonl';

/** Milliseconds after which appended results are flushed to the disk. */
const FLUSH_INTERVAL = 1000;

/** Finished results on disk, a line each, appended as they come: whatever dies, and whenever, loses none of them. */
export interface Journal {
  /** Keys of the results in it. */
  readonly keys: ReadonlySet<string>;
  /** Lines that are no results, as a loss of power may leave them; their tasks are done again. */
  readonly broken: number;
  /**
   * Append a result; one whose key is there already is dropped, so that a task done twice counts once.
   * @returns whether it was new
   * @throws BraggscapeError `file.unwritable`, as on a full disk; earlier results are kept, and a line that was written in part is cut off
   */
  append(result: TaskResult): Promise<boolean>;
  close(): Promise<void>;
}

/** File of the journal in a folder of results. */
export function journalFile(output: string): string {
  return join(output, FOLDER, FILE);
}

/**
 * Open the journal of a folder of results for appending; only one process may have it open.
 * @param options.patience milliseconds to wait for a sign of life of a process elsewhere that has it open; default 75 s
 * @throws BraggscapeError `file.unwritable` if it cannot be written or another process writes it
 */
export async function openJournal(output: string, { patience }: { readonly patience?: number } = {}): Promise<Journal> {
  const path = journalFile(output);
  await failing(path, () => mkdir(join(output, FOLDER), { recursive: true }));
  const unlock = await lockFolder(join(output, FOLDER), patience);
  let file: FileHandle;
  const keys = new Set<string>();
  let broken = 0;
  let length: number;
  try {
    length = await cutTornLine(path);
    for await (const { result } of placedResults(output, () => broken++)) keys.add(result.key);
    file = await failing(path, () => open(path, 'a'));
  } catch (error) {
    await unlock();
    throw error;
  }
  let flushed = performance.now();
  let last: Promise<unknown> = Promise.resolve();
  const write = async (result: TaskResult): Promise<boolean> => {
    if (keys.has(result.key)) return false;
    const line = Buffer.from(`${JSON.stringify(result)}\n`);
    try {
      await file.appendFile(line);
      if (performance.now() - flushed > FLUSH_INTERVAL) {
        await file.datasync();
        flushed = performance.now();
      }
    } catch (cause) {
      // Half a line would be glued to the next one.
      await truncate(path, length).catch(() => undefined);
      throw unwritable(path, cause);
    }
    length += line.length;
    keys.add(result.key);
    return true;
  };
  return {
    keys,
    broken,
    append(result) {
      const now = last.then(() => write(result));
      last = now.catch(() => undefined);
      return now;
    },
    async close() {
      await last;
      await file.datasync().catch(() => undefined);
      await file.close();
      await unlock();
    },
  };
}

/**
 * The results of a folder in the order they were written, each key once. A last line without its end, which a killed process leaves, is none, nor is any other that
 * cannot be read: its task is one without a result.
 */
export async function* readJournal(output: string): AsyncGenerator<TaskResult> {
  for await (const { result } of placedResults(output)) yield result;
}

/** {@link readJournal} with the place of each result in the file, in bytes; told of each line that is no result. */
export async function* placedResults(output: string, onBroken?: () => void): AsyncGenerator<{ readonly result: TaskResult; readonly offset: number; readonly length: number }> {
  const path = journalFile(output);
  if ((await sizeOf(path)) === undefined) return;
  const keys = new Set<string>();
  for await (const { text, offset, length } of journalLines(path)) {
    if (text.trim() === '') continue;
    const result = parseLine(text);
    if (result === undefined) onBroken?.();
    if (result === undefined || keys.has(result.key)) continue;
    keys.add(result.key);
    yield { result, offset, length };
  }
}

function parseLine(line: string): TaskResult | undefined {
  try {
    const result = JSON.parse(line) as TaskResult | null;
    return typeof result?.key === 'string' ? result : undefined;
  } catch {
    return undefined;
  }
}

/** Cut off what follows the last end of a line; the length that is left. */
async function cutTornLine(path: string): Promise<number> {
  const size = await sizeOf(path);
  if (size === undefined) return 0;
  const whole = await wholeLength(path, size);
  if (whole < size) await failing(path, () => truncate(path, whole));
  return whole;
}

async function wholeLength(path: string, size: number): Promise<number> {
  const file = await open(path, 'r');
  try {
    const block = Buffer.alloc(65536);
    for (let end = size; end > 0; ) {
      const from = Math.max(0, end - block.length);
      const { bytesRead } = await file.read(block, 0, end - from, from);
      const at = block.subarray(0, bytesRead).lastIndexOf(10);
      if (at >= 0) return from + at + 1;
      end = from;
    }
    return 0;
  } finally {
    await file.close();
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function failing<Value>(path: string, write: () => Promise<Value>): Promise<Value> {
  try {
    return await write();
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

function unwritable(path: string, cause: unknown): BraggscapeError {
  const { code = 'unknown error' } = cause as { code?: string };
  return new BraggscapeError('file.unwritable', `results cannot be written (${code})`, {
    path,
    hint: code === 'ENOSPC' ? 'make room on the disk, and go on with --resume: what is written is kept' : 'check the permissions of the folder, and go on with --resume',
    cause,
  });
}
