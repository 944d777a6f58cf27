import { BraggscapeError, nameHint } from '@braggscape/core';
import type { BenchmarkRun, Outcome, StartCell } from './benchmarkRun.js';

/** One line of a leaderboard: a setting of a run. */
export interface Entry {
  /** `setting` of the only run, `run/setting` of several. */
  readonly name: string;
  readonly run: string;
  readonly setting: string;
  /** By start key. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
}

/**
 * The entries of runs.
 * @param wanted settings, or run/setting; all if left out
 * @throws BraggscapeError `option.invalid` for a setting that no run has, and for fewer than two entries
 */
export function entriesOf(runs: readonly BenchmarkRun[], wanted?: readonly string[]): readonly Entry[] {
  const all = runs.flatMap((run) => [...run.outcomes].map(([setting, outcomes]) => ({ name: runs.length === 1 ? setting : `${run.name}/${setting}`, run: run.name, setting, outcomes })));
  const known = [...new Set(all.flatMap(({ name, setting }) => [setting, name]))];
  const missing = wanted?.find((name) => !known.includes(name));
  if (missing !== undefined) throw new BraggscapeError('option.invalid', `no run has results of a setting "${missing}"`, { path: '--settings', hint: nameHint(missing, known) });
  const entries = wanted === undefined ? all : all.filter(({ name, setting }) => wanted.includes(setting) || wanted.includes(name));
  if (entries.length < 2) {
    throw new BraggscapeError('option.invalid', `there is nothing to compare "${entries[0]?.name ?? ''}" with`, { path: '--settings', hint: 'give another folder, or settings of which there are two or more' });
  }
  return entries;
}

/** Keys of the starts that all entries share, sorted. */
export function sharedStarts(entries: readonly Entry[]): readonly string[] {
  const [first, ...others] = [...entries].sort((a, b) => a.outcomes.size - b.outcomes.size);
  return [...first.outcomes.keys()].filter((key) => others.every(({ outcomes }) => outcomes.has(key))).sort();
}

/** Entries with the starts of one part of the table alone; those without any are left out. */
export function entriesWithin(entries: readonly Entry[], cells: ReadonlyMap<string, StartCell>, belongs: (cell: StartCell) => boolean): readonly Entry[] {
  return entries
    .map((entry) => ({ ...entry, outcomes: new Map([...entry.outcomes].filter(([key]) => belongs(cells.get(key) as StartCell))) }))
    .filter(({ outcomes }) => outcomes.size > 0);
}
