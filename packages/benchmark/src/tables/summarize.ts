import type { Protocol } from '../protocol/protocol.js';
import type { Setting } from '../protocol/setting.js';
import { judgedMetrics } from '../results/taskResult.js';
import type { JudgedMetric, TaskResult } from '../results/taskResult.js';
import { dependence } from '../statistics/dependence.js';
import { jeffreysInterval } from '../statistics/jeffreys.js';
import { median } from '../statistics/quantile.js';
import { tasksOf } from '../tasks/task.js';
import type { Task } from '../tasks/task.js';
import { taskKeys } from '../tasks/taskKey.js';
import type { CellSummary, Estimate, Rate } from './cellSummary.js';

/** Options of {@link summarize}. */
export interface SummaryOptions {
  /** Samples that intervals of dependence are made from. @default 1000 */
  readonly resamples?: number;
}

/** Fewest rows that dependence is computed from: half of them must do for an estimate by three nearest neighbours. */
const LEAST_ROWS = 8;

const undefinedEstimate: Estimate = { value: null, low: null, high: null };

/** What is kept of the results: a few numbers for each task, at its place in the protocol. */
interface Numbers {
  readonly done: Uint8Array;
  readonly initialMatch: Uint8Array;
  readonly initialStrict: Uint8Array;
  readonly match: Uint8Array;
  readonly strict: Uint8Array;
  readonly evaluations: Float64Array;
  /** NaN where there is none. */
  readonly similarity: Float64Array;
  readonly amd: Float64Array;
}

/**
 * A row for each noise model, level and setting of a protocol, in its order.
 *
 * Rows depend on the set of results only, not on the order that they come in. Results that are of no task of the protocol are left out, and of two for one task the first one. A task without a result
 * is no run: an unfinished benchmark gives what is there. Only numbers are kept in memory. Intervals are seeded by the protocol.
 *
 * @throws BraggscapeError what reading the results throws
 */
export async function summarize(protocol: Protocol, results: AsyncIterable<TaskResult> | Iterable<TaskResult>, { resamples = 1000 }: SummaryOptions = {}): Promise<readonly CellSummary[]> {
  const tasks = tasksOf(protocol);
  const numbers = await collect(protocol, tasks, results);
  return [...cellsOf(protocol, tasks)].map(({ first: { noise, level, setting }, places }) => {
    const own = places.filter((i) => numbers.done[i] === 1);
    const rate = (of: Uint8Array): Rate => rateOf(own.reduce((sum, i) => sum + of[i], 0), own.length);
    return {
      noise,
      level,
      setting: setting.name,
      runs: own.length,
      initialMatch: rate(numbers.initialMatch),
      initialStrict: rate(numbers.initialStrict),
      match: rate(numbers.match),
      strict: rate(numbers.strict),
      similarity: similarityOf(setting),
      ...dependenceOf(numbers, own, resamples, protocol.seed),
      medianEvaluations: median(own.map((i) => numbers.evaluations[i])) ?? 0,
    };
  });
}

/** Runs that a cell has once all is done. */
export function expectedRuns({ structures, samples }: Protocol, setting: Setting): number {
  return structures.length * Math.min(samples, setting.samples ?? samples);
}

/** The metric that a setting's similarity is one minus: its own where results are judged by it, the cosine distance otherwise. */
export function similarityOf({ similarity }: Setting): JudgedMetric {
  return judgedMetrics.find((id) => id === similarity) ?? 'cosine';
}

async function collect(protocol: Protocol, tasks: readonly Task[], results: AsyncIterable<TaskResult> | Iterable<TaskResult>): Promise<Numbers> {
  const flags = (): Uint8Array => new Uint8Array(tasks.length);
  const values = (): Float64Array => new Float64Array(tasks.length).fill(NaN);
  const numbers: Numbers = { done: flags(), initialMatch: flags(), initialStrict: flags(), match: flags(), strict: flags(), evaluations: values(), similarity: values(), amd: values() };
  const keyOf = taskKeys(protocol);
  const places = new Map(tasks.map((task, i) => [keyOf(task), i]));
  for await (const { key, initial, final, evaluations } of results) {
    const i = places.get(key);
    if (i === undefined || numbers.done[i] === 1) continue;
    numbers.done[i] = 1;
    numbers.initialMatch[i] = Number(initial.match);
    numbers.initialStrict[i] = Number(initial.strict);
    numbers.match[i] = Number(final.match);
    numbers.strict[i] = Number(final.strict);
    numbers.evaluations[i] = evaluations;
    numbers.similarity[i] = 1 - (final.losses[similarityOf(tasks[i].setting)] ?? NaN);
    numbers.amd[i] = final.amd ?? NaN;
  }
  return numbers;
}

/** Places of the tasks of each cell. */
function cellsOf({ levels, settings }: Protocol, tasks: readonly Task[]): Iterable<{ readonly first: Task; readonly places: readonly number[] }> {
  const cells = new Map<string, { first: Task; places: number[] }>();
  const name = (noise: string, level: number, setting: string): string => `${noise} ${level} ${setting}`;
  for (const [i, task] of tasks.entries()) {
    const id = name(task.noise, task.level, task.setting.name);
    const cell = cells.get(id);
    if (cell === undefined) cells.set(id, { first: task, places: [i] });
    else cell.places.push(i);
  }
  const ids = Object.entries(levels).flatMap(([noise, given]) => given.flatMap((level) => settings.map((setting) => name(noise, level, setting.name))));
  return ids.flatMap((id) => cells.get(id) ?? []);
}

/** No runs say nothing: 0, between 0 and 1. */
function rateOf(successes: number, runs: number): Rate {
  return { successes, rate: runs === 0 ? 0 : successes / runs, ...jeffreysInterval(successes, runs) };
}

function dependenceOf({ similarity, amd }: Numbers, own: readonly number[], resamples: number, seed: number): Pick<CellSummary, 'mutualInformation' | 'pearson' | 'spearman'> {
  const rows = own.filter((i) => Number.isFinite(similarity[i]) && Number.isFinite(amd[i]));
  if (rows.length < LEAST_ROWS) return { mutualInformation: undefinedEstimate, pearson: undefinedEstimate, spearman: undefinedEstimate };
  const { mutualInformation, pearson, spearman } = dependence(
    rows.map((i) => similarity[i]),
    rows.map((i) => amd[i]),
    { resamples, seed },
  );
  return { mutualInformation, pearson: pearson ?? undefinedEstimate, spearman: spearman ?? undefinedEstimate };
}
