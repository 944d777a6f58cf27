import type { FailedTask } from '../execute/runTasks.js';
import type { QueueConnection } from './connection.js';
import { openQueue } from './jobs.js';

/** What there is in the queue. */
export interface Board {
  readonly waiting: number;
  readonly active: number;
  /** Waiting for another try. */
  readonly delayed: number;
  /** Done, and not collected by a coordinator yet. */
  readonly completed: number;
  readonly failed: number;
  /** The newest of those that failed. */
  readonly failures: readonly FailedTask[];
  /** Workers connected, as `host:process`. */
  readonly workers: readonly string[];
}

/** Most failures that are listed. */
const FAILURES_LISTED = 100;

/** Read the state of the queue. */
export async function readBoard(connection: QueueConnection): Promise<Board> {
  const queue = openQueue(connection);
  try {
    const counts = await queue.getJobCounts('wait', 'active', 'delayed', 'completed', 'failed');
    const failed = await queue.getJobs(['failed'], 0, FAILURES_LISTED - 1);
    const workers = await queue.getWorkers();
    return {
      waiting: counts.wait,
      active: counts.active,
      delayed: counts.delayed,
      completed: counts.completed,
      failed: counts.failed,
      failures: failed.map(({ id, name, attemptsMade, failedReason }) => ({ key: id ?? '', task: name, attempts: attemptsMade, error: failedReason })),
      workers: workers.map(({ rawname, addr }) => /:w:(.*)$/.exec(rawname ?? '')?.[1] ?? addr ?? '?').sort(),
    };
  } finally {
    await queue.close();
  }
}
