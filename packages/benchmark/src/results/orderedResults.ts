import { open } from 'node:fs/promises';
import { BraggscapeError } from '@braggscape/core';
import { journalFile, placedResults } from '../journal/journal.js';
import type { Protocol } from '../protocol/protocol.js';
import { tasksOf } from '../tasks/task.js';
import { taskKeys } from '../tasks/taskKey.js';
import type { TaskResult } from './taskResult.js';

/**
 * The results of a folder in the order of the protocol's tasks, so that equal results make equal tables whichever came first. Results of no task are left out. Only places of results are kept in memory;
 * each is read when its turn comes.
 *
 * @param output folder of results
 * @throws BraggscapeError `format.invalid` for a line of the journal that is not a result
 */
export async function* orderedResults(protocol: Protocol, output: string): AsyncGenerator<TaskResult> {
  const places = new Map<string, { readonly offset: number; readonly length: number }>();
  for await (const { result, offset, length } of placedResults(output)) places.set(result.key, { offset, length });
  if (places.size === 0) return;
  const path = journalFile(output);
  const file = await open(path, 'r');
  try {
    const keyOf = taskKeys(protocol);
    for (const task of tasksOf(protocol)) {
      const place = places.get(keyOf(task));
      if (place === undefined) continue;
      const line = Buffer.alloc(place.length);
      const { bytesRead } = await file.read(line, 0, place.length, place.offset);
      if (bytesRead < place.length) throw new BraggscapeError('format.invalid', 'the results became shorter while they were read', { path, hint: 'let one process at a time write the folder' });
      yield JSON.parse(line.toString()) as TaskResult;
    }
  } finally {
    await file.close();
  }
}
