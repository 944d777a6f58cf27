import type { Protocol } from '../protocol/protocol.js';
import { tasksOf } from './task.js';
import type { Task } from './task.js';
import { taskKeys } from './taskKey.js';

/** The tasks of a protocol in their order, by the keys of their results. */
export function tasksByKey(protocol: Protocol): ReadonlyMap<string, Task> {
  const keyOf = taskKeys(protocol);
  return new Map(tasksOf(protocol).map((task) => [keyOf(task), task]));
}
