import { similarityOf, tasksByKey } from '@braggscape/benchmark';
import type { NoiseModel, Protocol, TaskResult } from '@braggscape/benchmark';

/** What figures need to know of a result beside the summaries. */
export interface ResultNumbers {
  readonly noise: NoiseModel;
  readonly level: number;
  readonly setting: string;
  /** One minus the final value of the setting's metric; NaN where there is none. */
  readonly similarity: number;
  /** Å; NaN where there is none. */
  readonly amd: number;
  /** CPU seconds. */
  readonly seconds: number;
}

/** Take the numbers of a protocol's results, each task once, and let go of everything else. In the protocol's order, so that figures do not depend on the order in which tasks ended. */
export async function resultNumbers(protocol: Protocol, results: AsyncIterable<TaskResult> | Iterable<TaskResult>): Promise<readonly ResultNumbers[]> {
  const tasks = tasksByKey(protocol);
  const found = new Map<string, ResultNumbers>();
  for await (const { key, seconds, final } of results) {
    const task = tasks.get(key);
    if (task === undefined) continue;
    const { noise, level, setting } = task;
    found.set(key, { noise, level, setting: setting.name, similarity: 1 - (final.losses[similarityOf(setting)] ?? NaN), amd: final.amd ?? NaN, seconds });
  }
  return [...tasks.keys()].flatMap((key) => found.get(key) ?? []);
}
