import type { Queue } from 'bullmq';
import type { TaskResult } from '../results/taskResult.js';
import type { QueueConnection } from './connection.js';

/** What a job says: the protocol by its hash, and which of its tasks. The job's id is the task's key, so that a task enqueued twice counts once. */
export interface JobData {
  readonly protocol: string;
  readonly index: number;
}

/** The queue that coordinators, workers and boards share. */
export type TaskQueue = Queue<JobData, TaskResult>;

/** Name of the queue, and what the keys of it and of protocols begin with. */
export const queueName = 'benchmark';
export const prefix = 'braggscape';

/** Times that a task that throws is tried, and milliseconds before the second time; each further pause is twice as long. */
export const ATTEMPTS = 3;
export const FIRST_PAUSE = 2000;

/**
 * Milliseconds that a job belongs to a worker that does not say that it is alive, and between two looks for jobs of dead ones: a killed worker's tasks are taken over after 16 s at the latest.
 * A worker that was only held up for so long does its task in vain, which costs time and changes nothing: equal tasks have equal results.
 */
export const LOCK_DURATION = 10_000;
export const STALLED_INTERVAL = 3000;

/** Times that a task may lose its worker. Workers are killed for many reasons that are no fault of the task. */
export const MOST_LOSSES = 20;

/** Finished jobs that failed and are kept for people to look at. */
export const FAILURES_KEPT = 10_000;

/** Open the queue. */
export function openQueue({ bullmq, redis }: QueueConnection): TaskQueue {
  const queue: TaskQueue = new bullmq.Queue<JobData, TaskResult>(queueName, { connection: redis, prefix });
  // The connection's own listener tells what there is to tell.
  queue.on('error', () => undefined);
  return queue;
}
