import { setTimeout as pause } from 'node:timers/promises';
import type { TaskExecutor, TaskOutcome } from '../execute/executor.js';
import type { Protocol } from '../protocol/protocol.js';
import { taskName, tasksOf } from '../tasks/task.js';
import { taskKeys } from '../tasks/taskKey.js';
import type { QueueConnection } from './connection.js';
import { ATTEMPTS, FAILURES_KEPT, FIRST_PAUSE, openQueue } from './jobs.js';
import { putProtocol, storedProtocol } from './protocolStore.js';
import { isRedisFault, noteOnce } from './redisFault.js';

/** Most tasks that are enqueued or done and not collected, so that Redis stays small however long the benchmark is; and how many are sent or read at a time. */
const MOST_SENT = 2000;
const CHUNK = 200;

/** Milliseconds between two looks for results, between two comparisons of what was enqueued with what is there, and after a fault of Redis. */
const POLL = 200;
const RECONCILE = 4000;
const AFTER_FAULT = 1000;

/**
 * An executor that lets the workers of a queue do the tasks. Results stay in Redis until they are on record here, so that a coordinator that dies finds them when it is started again;
 * what Redis loses is enqueued again. Aborted, it takes back what no worker has begun, and waits for the rest while there are workers.
 */
export function queueExecutor(connection: QueueConnection, protocol: Protocol, givenNote: (text: string) => void): TaskExecutor {
  const { redis } = connection;
  const queue = openQueue(connection);
  const note = noteOnce(givenNote);
  const stored = storedProtocol(protocol);
  const tasks = tasksOf(protocol);
  const keyOf = taskKeys(protocol);

  return {
    async execute(indices, signal, onOutcome) {
      /** Tasks without an outcome by key; keys to enqueue, the next one last; keys enqueued. */
      const open = new Map(indices.map((index) => [keyOf(tasks[index]), index]));
      const unsent = [...open.keys()].reverse();
      const sent = new Set<string>();
      let reconciled = -Infinity;
      let ended = false;

      const send = async (): Promise<void> => {
        while (unsent.length > 0 && sent.size < MOST_SENT) {
          const keys = unsent.splice(-Math.min(CHUNK, MOST_SENT - sent.size)).reverse().filter((key) => open.has(key));
          // Counted first: if the connection breaks in between, reconciling finds out what is there.
          for (const key of keys) sent.add(key);
          await queue.addBulk(keys.map(jobOf));
        }
      };
      const jobOf = (key: string): Parameters<typeof queue.addBulk>[0][number] => {
        const index = open.get(key) as number;
        return {
          name: taskName(tasks[index]),
          data: { protocol: stored.hash, index },
          opts: { jobId: key, attempts: ATTEMPTS, backoff: { type: 'exponential', delay: FIRST_PAUSE }, removeOnComplete: false, removeOnFail: { count: FAILURES_KEPT } },
        };
      };
      const collect = async (state: 'completed' | 'failed'): Promise<void> => {
        const keys = (await queue.getRanges([state], 0, -1, true)).filter((key) => open.has(key));
        for (let i = 0; i < keys.length; i += CHUNK) {
          const jobs = await Promise.all(keys.slice(i, i + CHUNK).map((key) => queue.getJob(key)));
          const kept: string[] = [];
          for (const job of jobs) {
            if (job?.id === undefined || ended) continue;
            const key = job.id;
            const index = open.get(key) as number;
            const outcome: TaskOutcome =
              state === 'failed' || job.returnvalue?.key !== key
                ? { kind: 'failed', index, error: state === 'failed' ? job.failedReason : 'a worker gave a result that is not of this task', attempts: job.attemptsMade }
                : { kind: 'done', result: job.returnvalue };
            const isKept = await onOutcome(outcome);
            open.delete(key);
            sent.delete(key);
            // Failed ones stay for people to look at.
            if (isKept && outcome.kind === 'done') kept.push(key);
          }
          await Promise.all(kept.map((key) => queue.remove(key)));
        }
      };
      const reconcile = async (): Promise<void> => {
        if (performance.now() - reconciled < RECONCILE) return;
        await putProtocol(redis, stored);
        const present = new Set(await queue.getRanges(['wait', 'active', 'delayed', 'completed', 'failed'], 0, -1));
        const lost = [...sent].filter((key) => !present.has(key));
        for (const key of lost) sent.delete(key);
        if (signal.aborted) for (const key of lost) open.delete(key);
        else if (lost.length > 0) {
          unsent.push(...lost.reverse());
          note(`the queue has lost ${lost.length} tasks; they are enqueued again`);
        }
        reconciled = performance.now();
      };
      /** Take back what no worker has begun; whether there is still something to wait for. */
      const withdraw = async (): Promise<boolean> => {
        for (const key of unsent.splice(0)) open.delete(key);
        const waiting = (await queue.getRanges(['wait', 'delayed'], 0, -1)).filter((key) => sent.has(key));
        const removed = await Promise.all(waiting.map(async (key) => ((await queue.remove(key)) === 1 ? key : undefined)));
        for (const key of removed) {
          if (key === undefined) continue;
          sent.delete(key);
          open.delete(key);
        }
        return sent.size > 0 && (await queue.getWorkersCount()) > 0;
      };
      const work = async (): Promise<void> => {
        let begun = false;
        while (open.size > 0 && !ended) {
          try {
            if (!begun) {
              await putProtocol(redis, stored);
              // What was given up in an earlier run gets another chance.
              for (const key of await queue.getRanges(['failed'], 0, -1)) if (open.has(key)) await queue.remove(key);
              begun = true;
            }
            await collect('completed');
            await collect('failed');
            await reconcile();
            if (!signal.aborted) await send();
            else if (!(await withdraw())) return;
          } catch (error) {
            if (ended) return;
            if (!isRedisFault(error)) throw error;
            note(`Redis: ${error.message}; trying again`);
            await pause(AFTER_FAULT);
          }
          await pause(POLL);
        }
      };
      // Commands wait for a server that is away; somebody who wants to stop does not.
      const leave = async (): Promise<void> => {
        while (!ended && !(signal.aborted && redis.status !== 'ready')) await pause(POLL);
      };
      try {
        await Promise.race([work(), leave()]);
      } finally {
        ended = true;
      }
    },
    async close() {
      await queue.close().catch(() => undefined);
      connection.close();
    },
  };
}
