import workerpool from 'workerpool';
import type { TaskResult } from '../results/taskResult.js';
import type { TaskExecutor, TaskOutcome } from './executor.js';

/** A process that dies takes its task along; it is done again this many times in all before it is given up. */
const ATTEMPTS = 5;

/** What a process of the pool offers: the task with an index, of the protocol in a file. */
export type RunTask = (protocolFile: string, index: number) => Promise<TaskResult>;

/** Processes of this machine that do tasks of any protocol. */
export interface TaskPool {
  /** Do a task; it waits for a process that is free. Its outcome says what went wrong, nothing is thrown. */
  run(protocolFile: string, index: number): Promise<TaskOutcome>;
  /** Let the processes go, and what they are doing with them. */
  close(): Promise<void>;
}

/**
 * Processes of this machine, each with models of its own, so that one that dies or is killed costs nothing but its task.
 *
 * @param script module that calls {@link servePool}
 */
export function taskPool(script: string, workers: number): TaskPool {
  const pool = workerpool.pool(script, { workerType: 'process', minWorkers: 0, maxWorkers: workers, workerTerminateTimeout: 2000 });
  return {
    async run(protocolFile, index) {
      for (let attempts = 1; ; attempts++) {
        try {
          return { kind: 'done', result: (await pool.exec('runTask', [protocolFile, index])) as TaskResult };
        } catch (error) {
          // An error that the task itself throws would come again.
          if (attempts < ATTEMPTS && isDeath(error)) continue;
          return { kind: 'failed', index, error: error instanceof Error ? (error.stack ?? error.message) : String(error), attempts };
        }
      }
    },
    async close() {
      await pool.terminate(true);
    },
  };
}

/** An executor on processes of this machine. */
export function processPool(script: string, protocolFile: string, workers: number): TaskExecutor {
  const pool = taskPool(script, workers);
  return {
    async execute(indices, signal, onOutcome) {
      let next = 0;
      const work = async (): Promise<void> => {
        while (next < indices.length && !signal.aborted) await onOutcome(await pool.run(protocolFile, indices[next++]));
      };
      await Promise.all(Array.from({ length: Math.min(workers, indices.length) }, work));
    },
    close: () => pool.close(),
  };
}

function isDeath(error: unknown): boolean {
  return error instanceof Error && /terminated unexpectedly|Worker is terminated/i.test(error.message);
}
