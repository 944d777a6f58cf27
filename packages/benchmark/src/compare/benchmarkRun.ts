import { basename, resolve } from 'node:path';
import { BraggscapeError, canonicalJson } from '@braggscape/core';
import { readJournal } from '../journal/journal.js';
import type { NoiseModel } from '../protocol/noise.js';
import type { Protocol } from '../protocol/protocol.js';
import { readProtocol } from '../protocol/readProtocol.js';
import type { TaskResult } from '../results/taskResult.js';
import { tasksByKey } from '../tasks/tasksByKey.js';
import { startKeys } from './startKey.js';

/** What a comparison needs to know of a result. */
export interface Outcome {
  readonly match: boolean;
  readonly strict: boolean;
  /** Normalized displacement; null without a match. */
  readonly rms: number | null;
  readonly evaluations: number;
  /** CPU seconds. */
  readonly seconds: number;
}

/** Where a start belongs in tables. */
export interface StartCell {
  readonly noise: NoiseModel;
  readonly level: number;
}

/** The results of one benchmark as they are compared. */
export interface BenchmarkRun {
  /** As it is called in tables. */
  readonly name: string;
  readonly version: string;
  /** What patterns are simulated with, as canonical JSON: runs that differ in it solve different problems from equal starts. */
  readonly instrument: string;
  /** By start key. */
  readonly starts: ReadonlyMap<string, StartCell>;
  /** By setting in the protocol's order, then by start key; settings without results are left out. */
  readonly outcomes: ReadonlyMap<string, ReadonlyMap<string, Outcome>>;
  /** Results that are no task of the protocol, as those of settings that a later run of the folder did not name. */
  readonly stray: number;
}

/** Collect the results of a protocol for comparison; what is not needed is let go, so that a journal of any length can be streamed. */
export async function collectRun(name: string, protocol: Protocol, results: AsyncIterable<TaskResult> | Iterable<TaskResult>): Promise<BenchmarkRun> {
  const [tasks, startOf] = [tasksByKey(protocol), startKeys(protocol)];
  const starts = new Map<string, StartCell>();
  const collected = new Map<string, Map<string, Outcome>>(protocol.settings.map((setting) => [setting.name, new Map<string, Outcome>()]));
  let stray = 0;
  for await (const { key, evaluations, seconds, final } of results) {
    const task = tasks.get(key);
    if (task === undefined) {
      stray++;
      continue;
    }
    const start = startOf(task);
    const { match, strict, rms } = final;
    starts.set(start, { noise: task.noise, level: task.level });
    collected.get(task.setting.name)?.set(start, { match, strict, rms, evaluations, seconds });
  }
  const outcomes = new Map([...collected].filter(([, found]) => found.size > 0));
  const { version, instrument, twoTheta } = protocol;
  return { name, version, instrument: canonicalJson({ instrument, twoTheta }), starts, outcomes, stray };
}

/**
 * Read the folders of benchmarks, named by their last part, or by the whole path where that is not unique.
 * @throws BraggscapeError `file.missing` without protocol.json, `format.invalid` for one that is none, `file.empty` without results, `option.invalid` for a folder that is named twice
 */
export async function readRuns(folders: readonly string[]): Promise<readonly BenchmarkRun[]> {
  const whole = folders.map((folder) => resolve(folder));
  const twice = whole.findIndex((folder, i) => whole.indexOf(folder) !== i);
  if (twice >= 0) throw new BraggscapeError('option.invalid', `${folders[twice]} is named twice`, { path: folders[twice], hint: 'name each folder once' });
  const short = whole.map((folder) => basename(folder));
  const runs: BenchmarkRun[] = [];
  for (const [i, folder] of folders.entries()) runs.push(await readRun(folder, short.filter((name) => name === short[i]).length > 1 ? folder : short[i]));
  return runs;
}

async function readRun(folder: string, name: string): Promise<BenchmarkRun> {
  const run = await collectRun(name, await readProtocol(folder), readJournal(folder));
  if (run.starts.size === 0) throw new BraggscapeError('file.empty', 'the folder holds no results of its protocol', { path: folder, hint: 'run the benchmark, or go on with --resume' });
  return run;
}
