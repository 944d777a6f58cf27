import type { NoiseModel } from '../protocol/noise.js';
import type { BenchmarkStructure, Protocol } from '../protocol/protocol.js';
import type { Setting } from '../protocol/setting.js';

/** One start recovered in one setting. Starts are the same in all settings, so that these can be compared in pairs. */
export interface Task {
  readonly structure: BenchmarkStructure;
  readonly noise: NoiseModel;
  readonly level: number;
  readonly sample: number;
  readonly setting: Setting;
}

/** A task for people: `lattice 0.05 #3 U2Ti cosine`. */
export function taskName({ structure, noise, level, sample, setting }: Task): string {
  return `${noise} ${level} #${sample} ${structure.name} ${setting.name}`;
}

/**
 * The tasks of a protocol in their order: sample by sample, so that an unfinished run has a little of everything, and the settings of a start one after the other.
 */
export function tasksOf({ structures, levels, samples, settings }: Protocol): readonly Task[] {
  const tasks: Task[] = [];
  for (let sample = 0; sample < samples; sample++) {
    for (const [noise, given] of Object.entries(levels) as [NoiseModel, readonly number[]][]) {
      for (const level of given) {
        for (const structure of structures) {
          for (const setting of settings) {
            if (setting.noise.includes(noise) && (setting.samples === null || sample < setting.samples)) tasks.push({ structure, noise, level, sample, setting });
          }
        }
      }
    }
  }
  return tasks;
}

/** Every n-th task, for machines that share the work without talking to each other: shard i of n, i from 1. Settings of one start stay together. */
export function shardOf(tasks: readonly Task[], index: number, count: number): readonly Task[] {
  const starts = new Map<string, number>();
  return tasks.filter((task) => {
    const start = `${task.noise} ${task.level} ${task.sample} ${task.structure.name}`;
    if (!starts.has(start)) starts.set(start, starts.size);
    return (starts.get(start) as number) % count === index - 1;
  });
}
