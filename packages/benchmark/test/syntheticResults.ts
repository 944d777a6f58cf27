import { randomFromSeed } from '@braggscape/core';
import { judgedMetrics, taskKeys, tasksOf } from '@braggscape/benchmark';
import type { Judgement, Protocol, Task, TaskResult } from '@braggscape/benchmark';

/** Results for all tasks of a protocol in their order, with made-up numbers: the further a structure is from the truth, the larger its losses tend to be. */
export function syntheticResults(protocol: Protocol, seed = 1): readonly TaskResult[] {
  const keyOf = taskKeys(protocol);
  return tasksOf(protocol).map((task) => syntheticResult(task, keyOf(task), seed));
}

function syntheticResult({ structure, noise, level, sample, setting }: Task, key: string, seed: number): TaskResult {
  const random = randomFromSeed(seed).derive(key);
  const judgement = (scale: number): Judgement => {
    const amd = scale * random.uniform();
    const match = amd < 0.4;
    return {
      structure: structure.structure,
      match,
      strict: amd < 0.1,
      rms: match ? amd / 10 : null,
      maxDist: match ? amd / 5 : null,
      amd,
      losses: Object.fromEntries(judgedMetrics.map((id, i) => [id, amd ** 2 * (i + 1) + 0.1 * random.uniform()])) as Judgement['losses'],
      energyPerAtom: match ? amd - 5 : null,
    };
  };
  return {
    key,
    structure: structure.name,
    noise,
    level,
    sample,
    setting: setting.name,
    stopReason: 'stalled',
    message: 'stalled: the value no longer improves',
    steps: random.integer(100),
    evaluations: 1 + random.integer(100),
    seconds: random.uniform(),
    initial: judgement(1),
    final: judgement(0.8),
    objectives: { cosine: random.uniform(), energy: null },
    verdict: sample % 2 === 0 ? 'confident' : null,
  };
}

/** The same results in another order. */
export function shuffled<Value>(values: readonly Value[], seed = 5): readonly Value[] {
  const random = randomFromSeed(seed);
  return values.map((value) => [random.uniform(), value] as const).sort(([a], [b]) => a - b).map(([, value]) => value);
}
