import { BraggscapeError } from '@braggscape/core';
import { noiseModels } from '../protocol/noise.js';
import type { NoiseModel } from '../protocol/noise.js';
import type { BenchmarkRun, StartCell } from './benchmarkRun.js';
import { comparePair } from './comparePair.js';
import type { PairComparison } from './comparePair.js';
import type { Criterion } from './criterion.js';
import { entriesOf, entriesWithin, sharedStarts } from './entry.js';
import type { Entry } from './entry.js';
import { leaderboard } from './leaderboard.js';
import type { LeaderboardRow } from './leaderboard.js';

/** The comparison on all starts, on those of a noise model, or on those of one level of it. */
export interface ComparisonSection {
  /** Null: both. */
  readonly noise: NoiseModel | null;
  /** Null: all. */
  readonly level: number | null;
  /** Starts that all entries of this section share, which the leaderboard is made of. */
  readonly starts: number;
  /** The best first; none if no start is shared by all. */
  readonly rows: readonly LeaderboardRow[];
  /** Every two entries that share starts, on all that they share; the one that stands first in the leaderboard is A. */
  readonly pairs: readonly PairComparison[];
}

/** Runs compared. */
export interface Comparison {
  readonly criterion: Criterion;
  readonly runs: readonly { readonly name: string; readonly version: string; readonly starts: number; readonly settings: readonly string[]; readonly stray: number }[];
  /** What a reader must know to judge the comparison. */
  readonly notes: readonly string[];
  /** All starts first, then each noise model, and with detail each of its levels after it. */
  readonly sections: readonly ComparisonSection[];
}

/** Options of {@link compareRuns}. */
export interface CompareOptions {
  readonly criterion?: Criterion;
  /** Settings, or run/setting. */
  readonly settings?: readonly string[];
  /** Also by level. */
  readonly detail?: boolean;
}

/**
 * Compare the settings of one or more benchmarks on the starts that they share.
 * @throws BraggscapeError `comparison.disjoint` for two runs without a common start, `option.invalid` for settings that are unknown or fewer than two
 */
export function compareRuns(runs: readonly BenchmarkRun[], { criterion = 'match', settings, detail = false }: CompareOptions = {}): Comparison {
  const entries = entriesOf(runs, settings);
  requireCommonStarts(entries);
  const cells = new Map(runs.flatMap((run) => [...run.starts]));
  const section = (noise: NoiseModel | null, level: number | null): ComparisonSection => {
    const within = entriesWithin(entries, cells, (cell) => (noise === null || cell.noise === noise) && (level === null || cell.level === level));
    const { starts, rows } = leaderboard(within, criterion);
    return { noise, level, starts, rows, pairs: pairsOf(within, rows, criterion) };
  };
  const present = presentLevels(entries, cells);
  const sections = [section(null, null)];
  for (const [noise, levels] of present) {
    if (present.size > 1) sections.push(section(noise, null));
    if (detail) for (const level of levels) sections.push(section(noise, level));
  }
  return {
    criterion,
    runs: runs.map(({ name, version, starts, outcomes, stray }) => ({ name, version, starts: starts.size, settings: [...outcomes.keys()], stray })),
    notes: notesOn(runs, entries, { cells, present: [...present.keys()] }, criterion),
    sections,
  };
}

/** Whoever names two runs wants to compare them, whichever of their settings. */
function requireCommonStarts(entries: readonly Entry[]): void {
  const byRun = new Map<string, Set<string>>();
  for (const { run, outcomes } of entries) byRun.set(run, new Set([...(byRun.get(run) ?? []), ...outcomes.keys()]));
  const runs = [...byRun];
  for (const [i, [a, ofA]] of runs.entries()) {
    for (const [b, ofB] of runs.slice(i + 1)) {
      if ([...ofA].some((key) => ofB.has(key))) continue;
      throw new BraggscapeError('comparison.disjoint', `the runs "${a}" and "${b}" share no start`, {
        path: b,
        hint: 'starts are the same where the names and contents of structures, noise models, levels, samples, --seed and --distribution are: run both with the same ones',
      });
    }
  }
}

function presentLevels(entries: readonly Entry[], cells: ReadonlyMap<string, StartCell>): ReadonlyMap<NoiseModel, readonly number[]> {
  const found = new Map<NoiseModel, Set<number>>(noiseModels.map((noise) => [noise, new Set()]));
  for (const { outcomes } of entries) {
    for (const key of outcomes.keys()) {
      const { noise, level } = cells.get(key) as StartCell;
      found.get(noise)?.add(level);
    }
  }
  return new Map([...found].filter(([, levels]) => levels.size > 0).map(([noise, levels]) => [noise, [...levels].sort((a, b) => a - b)]));
}

function pairsOf(entries: readonly Entry[], rows: readonly LeaderboardRow[], criterion: Criterion): readonly PairComparison[] {
  const place = (name: string): number => rows.findIndex(({ entry }) => entry === name);
  const ordered = [...entries].sort((a, b) => place(a.name) - place(b.name) || (a.name < b.name ? -1 : 1));
  return ordered.flatMap((a, i) => ordered.slice(i + 1).flatMap((b) => comparePair(a, b, criterion) ?? []));
}

function notesOn(
  runs: readonly BenchmarkRun[],
  entries: readonly Entry[],
  { cells, present }: { readonly cells: ReadonlyMap<string, StartCell>; readonly present: readonly NoiseModel[] },
  criterion: Criterion,
): readonly string[] {
  const notes = runs.filter(({ stray }) => stray > 0).map(({ name, stray }) => `${stray} results of ${name} belong to no task of its protocol.json and are left out`);
  if (new Set(runs.map(({ version }) => version)).size > 1) notes.push(`the runs are of different versions of the program: ${runs.map(({ name, version }) => `${name} ${version}`).join(', ')}`);
  if (new Set(runs.map(({ instrument }) => instrument)).size > 1) notes.push('the runs differ in instrument or two-theta range: equal starts, but different patterns to recover them from');
  if (criterion === 'seconds' && runs.length > 1) notes.push('CPU seconds compare only where the runs were made on equal machines');
  if (criterion === 'evaluations') notes.push('an evaluation of one objective may take much longer than one of another: compare seconds too');
  const shared = sharedStarts(entries);
  if (shared.length === 0) return [...notes, 'no start is shared by all entries, so that there is no ranking of all: name fewer with --settings'];
  const sizes = entries.map(({ outcomes }) => outcomes.size);
  if (Math.max(...sizes) > shared.length) notes.push(`all entries are ranked on the ${shared.length} starts that they share; they have ${Math.min(...sizes)} to ${Math.max(...sizes)} each`);
  const covered = new Set(shared.map((key) => (cells.get(key) as StartCell).noise));
  for (const noise of present.filter((model) => !covered.has(model))) {
    const without = entries.filter(({ outcomes }) => [...outcomes.keys()].every((key) => (cells.get(key) as StartCell).noise !== noise)).map(({ name }) => name);
    notes.push(`the ranking of all has no ${noise} starts${without.length === 0 ? '' : `: ${without.join(', ')} ${without.length === 1 ? 'has' : 'have'} none`}`);
  }
  return notes;
}
