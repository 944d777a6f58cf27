import type { TaskResult } from '../results/taskResult.js';
import type { Task } from '../tasks/task.js';

/** How far a benchmark is. */
export interface BenchmarkProgress {
  readonly total: number;
  /** Results there, those of earlier runs too. */
  readonly done: number;
  readonly failed: number;
  /** Tasks a second since the beginning of this run; 0 before the first. */
  readonly rate: number;
  /** Estimated seconds left; undefined before there is anything to go by. */
  readonly secondsLeft: number | undefined;
}

/** Estimates the time left from what tasks of each setting took: a plan takes ten times as long as a descent, and comes in the first samples only. */
export function progressEstimate(open: readonly Task[], before: number): { done(result: TaskResult): void; failed(task: Task): void; now(): BenchmarkProgress } {
  const began = performance.now();
  const left = new Map<string, number>();
  for (const { setting } of open) left.set(setting.name, (left.get(setting.name) ?? 0) + 1);
  const spent = new Map<string, { count: number; seconds: number }>();
  const all = { count: 0, seconds: 0 };
  let failures = 0;
  const leave = (setting: string): void => void left.set(setting, (left.get(setting) ?? 1) - 1);
  return {
    done({ setting, seconds }) {
      leave(setting);
      const own = spent.get(setting) ?? { count: 0, seconds: 0 };
      for (const sum of [own, all]) {
        sum.count++;
        sum.seconds += seconds;
      }
      spent.set(setting, own);
    },
    failed({ setting }) {
      leave(setting.name);
      failures++;
    },
    now() {
      const elapsed = (performance.now() - began) / 1000;
      let work = 0;
      for (const [setting, count] of left) {
        const { count: known, seconds } = spent.get(setting) ?? all;
        work += known === 0 ? 0 : (count * seconds) / known;
      }
      return {
        total: open.length + before,
        done: before + all.count,
        failed: failures,
        rate: all.count === 0 ? 0 : all.count / elapsed,
        secondsLeft: all.seconds === 0 ? undefined : (work * elapsed) / all.seconds,
      };
    },
  };
}
