import type { TaskResult } from '../results/taskResult.js';

/** What came of one task. */
export type TaskOutcome =
  | { readonly kind: 'done'; readonly result: TaskResult }
  /** Given up after several attempts. */
  | { readonly kind: 'failed'; readonly index: number; readonly error: string; readonly attempts: number };

/** Where tasks are done: in processes of this machine, or by whoever works on a queue. */
export interface TaskExecutor {
  /**
   * Do tasks, given by their index in the protocol.
   * @param signal aborting it ends in good order: what is being done is finished, nothing new begun
   * @param onOutcome called once for each task that ends, in any order; the next ones wait for it. It resolves to whether the outcome is on record: until then a queue keeps it
   */
  execute(indices: readonly number[], signal: AbortSignal, onOutcome: (outcome: TaskOutcome) => Promise<boolean>): Promise<void>;
  /** Let processes and connections go. */
  close(): Promise<void>;
}
