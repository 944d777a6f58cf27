import { judgedMetrics, taskKeys } from '@braggscape/benchmark';
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

/** Take the numbers of a protocol's results, each task once, and let go of everything else. Sorted, so that figures do not depend on the order in which tasks ended. */
export async function resultNumbers(protocol: Protocol, results: AsyncIterable<TaskResult> | Iterable<TaskResult>): Promise<readonly ResultNumbers[]> {
  const keyOf = taskKeys(protocol);
  const structures = new Map(protocol.structures.map((structure) => [structure.name, structure]));
  const settings = new Map(protocol.settings.map((setting) => [setting.name, setting]));
  const found = new Map<string, ResultNumbers>();
  for await (const { key, structure: structureName, noise, level, sample, setting: settingName, seconds, final } of results) {
    const [structure, setting] = [structures.get(structureName), settings.get(settingName)];
    if (structure === undefined || setting === undefined || keyOf({ structure, noise, level, sample, setting }) !== key) continue;
    const metric = judgedMetrics.find((id) => id === setting.similarity) ?? 'cosine';
    found.set(key, { noise, level, setting: settingName, similarity: 1 - (final.losses[metric] ?? NaN), amd: final.amd ?? NaN, seconds });
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, numbers]) => numbers);
}
