import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Job, Worker } from 'bullmq';
import { taskPool } from '../execute/processPool.js';
import type { TaskResult } from '../results/taskResult.js';
import type { QueueConnection } from './connection.js';
import { LOCK_DURATION, MOST_LOSSES, STALLED_INTERVAL, prefix, queueName } from './jobs.js';
import type { JobData } from './jobs.js';
import { protocolFiles } from './protocolFiles.js';
import { noteOnce } from './redisFault.js';

/** Milliseconds that a worker which refused a task takes no other one, so that it does not keep tasks from those that can do them; and until the task may be taken again. */
const REFUSAL_PAUSE = 10_000;
const REFUSAL_DELAY = 500;

/** Milliseconds between two looks at the clock and the signal, and that a worker waits for a server that is away before it ends. */
const TICK = 100;
const PATIENCE = 5000;

/** What a worker is to do. */
export interface QueueWorkerOptions {
  /** Module that calls `servePool`. */
  readonly script: string;
  /** Version of this program; protocols of another one are refused. */
  readonly version: string;
  /** Plugins that protocols may ask for. What a queue says is not loaded just so. */
  readonly plugins: readonly string[];
  /** Tasks at a time, each in a process of its own. */
  readonly concurrency: number;
  /** Seconds without a task after which the worker ends; undefined: never. */
  readonly idleSeconds: number | undefined;
  /** Aborting it lets the worker end after the tasks it has. */
  readonly signal: AbortSignal;
  note(text: string): void;
  onProgress?(progress: WorkerProgress): void;
}

/** What a worker has done. */
export interface WorkerProgress {
  readonly done: number;
  /** Attempts that ended with an error. */
  readonly failed: number;
  /** Tasks given back because of their version or plugins. */
  readonly refused: number;
  readonly active: number;
  readonly seconds: number;
}

/** A worker at work. */
export interface QueueWorker {
  /** Resolves when it has ended in good order. */
  readonly ended: Promise<WorkerProgress & { readonly reason: 'stopped' | 'idle' }>;
  /** Give the tasks it has back to the queue, for a worker that leaves at once. */
  giveBack(): Promise<void>;
}

/** Let this process be a worker of the queue: it takes tasks of any protocol and does them in processes of its own, so that it can always say that it is alive. */
export function startQueueWorker({ bullmq, redis }: QueueConnection, options: QueueWorkerOptions): QueueWorker {
  const { script, version, plugins, concurrency, idleSeconds, signal, onProgress } = options;
  const note = noteOnce((text) => options.note(text));
  const pool = taskPool(script, concurrency);
  const files = protocolFiles(redis, { version, plugins });
  const began = performance.now();
  const active = new Map<Job<JobData, TaskResult>, string>();
  let [done, failed, refused] = [0, 0, 0];
  let lastTask = began;
  let resumeAt = Infinity;
  const progress = (): WorkerProgress => ({ done, failed, refused, active: active.size, seconds: (performance.now() - began) / 1000 });

  const worker: Worker<JobData, TaskResult> = new bullmq.Worker<JobData, TaskResult>(
    queueName,
    async (job, token = '') => {
      const file = await files.of(job.data.protocol);
      if (file.refused !== undefined) {
        refused++;
        note(`refused tasks of the protocol ${job.data.protocol.slice(0, 8)}: ${file.refused}; they are left to other workers`);
        // A pause first, or the next one would be fetched along with giving this one back.
        await worker.pause(true);
        resumeAt = performance.now() + REFUSAL_PAUSE;
        await job.moveToDelayed(Date.now() + REFUSAL_DELAY, token);
        throw new bullmq.DelayedError();
      }
      active.set(job, token);
      try {
        const outcome = await pool.run(file.path, job.data.index);
        if (outcome.kind === 'failed') throw new Error(outcome.error);
        return outcome.result;
      } finally {
        active.delete(job);
        lastTask = performance.now();
      }
    },
    {
      connection: redis,
      prefix,
      name: `${hostname()}:${process.pid}`,
      concurrency,
      lockDuration: LOCK_DURATION,
      stalledInterval: STALLED_INTERVAL,
      maxStalledCount: MOST_LOSSES,
      // Seconds to wait for a job in one go; milliseconds before asking again after a fault.
      drainDelay: 2,
      runRetryDelay: 1000,
    },
  );
  worker.on('completed', () => {
    done++;
    onProgress?.(progress());
  });
  worker.on('failed', (job, error) => {
    failed++;
    note(`failed (attempt ${job?.attemptsMade ?? '?'}): ${job?.name ?? 'a task'}: ${error.message.split('\n')[0]}`);
  });
  worker.on('error', (error) => {
    // A connection that is away says so itself.
    if (!/ECONN|ENOTFOUND|EPIPE|ETIMEDOUT|connection is closed/i.test(`${(error as { code?: string }).code ?? ''} ${error.message}`)) note(`queue: ${error.message}`);
  });

  const watch = async (): Promise<'stopped' | 'idle'> => {
    let shown = -1;
    for (;;) {
      if (signal.aborted) return 'stopped';
      const now = performance.now();
      if (active.size > 0) lastTask = now;
      if (idleSeconds !== undefined && now - lastTask > idleSeconds * 1000) return 'idle';
      if (now > resumeAt) {
        resumeAt = Infinity;
        await worker.resume();
      }
      if (active.size !== shown) onProgress?.(progress());
      shown = active.size;
      await pause(TICK);
    }
  };
  /** Resolves when the worker has closed, or when the server has been away for too long to wait for it. */
  const closed = async (): Promise<void> => {
    let isClosed = false;
    void worker.close().then(() => (isClosed = true));
    let since = performance.now();
    while (!isClosed && performance.now() - since < PATIENCE) {
      await pause(TICK);
      if (redis.status === 'ready' || active.size > 0) since = performance.now();
    }
    if (!isClosed) note('what could not be handed in will be done by others');
  };
  const end = async (): ReturnType<typeof startQueueWorker>['ended'] => {
    const reason = await watch();
    await closed();
    await pool.close();
    await files.remove();
    return { ...progress(), reason };
  };
  return {
    ended: end(),
    async giveBack() {
      const given = Promise.allSettled([...active].map(([job, token]) => job.moveToWait(token)));
      await Promise.race([given, pause(2000)]);
      await files.remove();
    },
  };
}
