import { taskKeys } from '../tasks/taskKey.js';
import { taskName } from '../tasks/task.js';
import type { Task } from '../tasks/task.js';
import type { Protocol } from '../protocol/protocol.js';
import type { Journal } from '../journal/journal.js';
import type { TaskExecutor } from './executor.js';
import { progressEstimate } from './progressEstimate.js';
import type { BenchmarkProgress } from './progressEstimate.js';

/** A task that was given up. */
export interface FailedTask {
  readonly key: string;
  readonly task: string;
  readonly error: string;
  readonly attempts: number;
}

/** How a run ended. */
export interface RunOutcome {
  /** Tasks asked for, results there before, results of this run. */
  readonly total: number;
  readonly before: number;
  readonly done: number;
  readonly failed: readonly FailedTask[];
  /** `complete`: nothing is left to do but what failed. */
  readonly state: 'complete' | 'interrupted';
}

/**
 * Do the tasks whose results are not in the journal yet.
 *
 * @param tasks all tasks of the protocol
 * @param chosen those to be done here, such as a shard
 * @throws BraggscapeError `file.unwritable` when a result cannot be written; the executor has been told to stop then
 */
export async function runTasks(
  protocol: Protocol,
  tasks: readonly Task[],
  chosen: readonly Task[],
  executor: TaskExecutor,
  journal: Journal,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress?: (progress: BenchmarkProgress) => void },
): Promise<RunOutcome> {
  const keyOf = taskKeys(protocol);
  const indexOf = new Map(tasks.map((task, i) => [task, i]));
  const open = chosen.filter((task) => !journal.keys.has(keyOf(task)));
  const before = chosen.length - open.length;
  const failed: FailedTask[] = [];
  const estimate = progressEstimate(open, before);
  let done = 0;
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  onProgress?.(estimate.now());
  let fault: Error | undefined;
  try {
    await executor.execute(
      open.map((task) => indexOf.get(task) as number),
      stop.signal,
      async (outcome) => {
        if (fault !== undefined) return;
        if (outcome.kind === 'failed') {
          const task = tasks[outcome.index];
          failed.push({ key: keyOf(task), task: taskName(task), error: outcome.error, attempts: outcome.attempts });
          estimate.failed(task);
        } else {
          try {
            if (!(await journal.append(outcome.result))) return;
          } catch (error) {
            fault = error instanceof Error ? error : new Error(String(error));
            abort();
            return;
          }
          done++;
          estimate.done(outcome.result);
        }
        onProgress?.(estimate.now());
      },
    );
  } finally {
    signal.removeEventListener('abort', abort);
  }
  if (fault !== undefined) throw fault;
  return { total: chosen.length, before, done, failed, state: before + done + failed.length < chosen.length ? 'interrupted' : 'complete' };
}
