import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournal } from '@braggscape/benchmark';
import type { TaskResult } from '@braggscape/benchmark';

/** A temporary folder for one test. */
export async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'benchmark-'));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Write results into the journal of a folder. */
export async function writeJournal(folder: string, results: Iterable<TaskResult>): Promise<void> {
  const journal = await openJournal(folder);
  for (const result of results) await journal.append(result);
  await journal.close();
}
