import { mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Piscina } from 'piscina';
import { BraggscapeError } from '@braggscape/core';
import type { PluginHost } from '@braggscape/core';
import { pointCount } from '@braggscape/landscape';
import { createScanEvaluator, scanGrid } from '@braggscape/pipeline';
import { writeFileAtomically } from '../files/writeFileAtomically.js';
import type { ScanWorkerData, Stretch } from './scanWorker.js';

/** Name of the folder, within the results, of what is computed but not put together yet. */
const FOLDER = 'scan-stretches';

/** A scan to be computed. */
export interface StretchedScan extends ScanWorkerData {
  /** Identity of what is computed: stretches of another key are not used. */
  readonly key: string;
  /** Folder of the results. */
  readonly output: string;
  /** Whether stretches that lie there are used. */
  readonly resume: boolean;
  /** Threads, this one included. Left out: one a core where the scan takes longer than threads take to start. */
  readonly workers?: number;
  /** Grid points in a stretch. */
  readonly size: number;
}

/** What became of a scan. */
export interface ScannedValues {
  /** [surfaces][points]; undefined if the scan was interrupted. */
  readonly values: readonly Float64Array[] | undefined;
  /** Unit of each surface. */
  readonly units: readonly string[];
  /** Points computed now, and taken from an earlier scan. */
  readonly computed: number;
  readonly resumed: number;
  /** Whether unfinished stretches of an earlier scan were removed. */
  readonly replaced: boolean;
}

/** Stretches of a grid in order. */
export function stretchesOf(points: number, size: number): readonly Stretch[] {
  return Array.from({ length: Math.ceil(points / size) }, (_, i) => ({ first: i * size, end: Math.min(points, (i + 1) * size) }));
}

/**
 * Compute all values of a scan, stretch by stretch, on several threads. Each stretch is written when it is done, whole or not at all, so that an interrupted scan goes on
 * where it was; the files are removed by {@link removeStretches}. The result does not depend on the number of threads, nor on interruptions.
 *
 * @param onProgress told the number of points that are done, of all, and of those computed now
 * @param signal aborting it hands out no more stretches and waits for those that are being computed
 * @throws BraggscapeError `checkpoint.mismatch` where it should go on and there are only stretches of another scan
 */
export async function computeScan(scan: StretchedScan, host: PluginHost, onProgress: (done: number, all: number, computed: number) => void, signal: AbortSignal): Promise<ScannedValues> {
  const points = pointCount(scanGrid(scan.setup));
  const values = scan.setup.surfaces.map(() => new Float64Array(points));
  const folder = join(scan.output, FOLDER);
  await mkdir(folder, { recursive: true });
  const left = (await readdir(folder)).length;
  const all = stretchesOf(points, scan.size);
  const known: ReadonlySet<number> = scan.resume ? await readStretches(folder, scan.key, values, all) : new Set();
  if (scan.resume && left > 0 && known.size === 0) {
    throw new BraggscapeError('checkpoint.mismatch', `--resume finds only stretches of another scan in ${folder}`, {
      hint: 'give the options that scan was started with, choose another folder with --output, or leave --resume out to replace it',
    });
  }
  const open = all.filter(({ first }) => !known.has(first));
  const resumed = points - open.reduce((sum, { first, end }) => sum + end - first, 0);
  let done = resumed;
  let computed = 0;
  const take = (stretch: Stretch, found: readonly Float64Array[]): Promise<void> => {
    found.forEach((part, s) => values[s].set(part, stretch.first));
    computed += stretch.end - stretch.first;
    done += stretch.end - stretch.first;
    onProgress(done, points, computed);
    return writeStretch(folder, scan.key, stretch, found);
  };
  // Faults of the choice are said here and in full, before any thread is started.
  const own = await createScanEvaluator(scan.setup, host);
  const replaced = !scan.resume && left > 0;
  if (replaced) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
  }
  /** One thread's share: `atOnce` stretches after the other. */
  const work = async (evaluate: (stretches: readonly Stretch[]) => Promise<readonly (readonly Float64Array[])[]>, atOnce: () => number, until: () => boolean = () => false): Promise<void> => {
    while (open.length > 0 && !signal.aborted && !until()) {
      const stretches = open.splice(0, atOnce());
      const found = await evaluate(stretches);
      for (const [i, stretch] of stretches.entries()) await take(stretch, found[i]);
      await setImmediate();
    }
  };
  const workHere = (until?: () => boolean): Promise<void> => work(async ([{ first, end }]) => [await own.evaluate(first, end)], () => 1, until);
  try {
    if (scan.workers === undefined) await workHere(slowness(() => open.length));
    const threads = Math.min(scan.workers ?? availableParallelism(), open.length);
    if (threads > 1 && !signal.aborted) {
      await withPool(scan, threads - 1, (evaluate) => {
        // This thread is busy for a stretch at a time, and hands out nothing meanwhile: the others get more at once.
        const several = (): number => Math.max(1, Math.min(AT_ONCE, Math.floor(open.length / (2 * threads))));
        return Promise.all([workHere(), ...Array.from({ length: threads - 1 }, () => work(evaluate, several))]);
      });
    } else await workHere();
  } finally {
    own.dispose();
  }
  return { values: done === points ? values : undefined, units: own.units, computed, resumed, replaced };
}

/** Remove the files of a scan whose result has been written. */
export async function removeStretches(output: string): Promise<void> {
  await rm(join(output, FOLDER), { recursive: true, force: true });
}

/** Seconds of computing that are left above which threads are worth their start. */
const WORTH_THREADS = 2;

/** Whether what is left takes long, judged by the last stretch (the first is slow for other reasons). */
function slowness(left: () => number): () => boolean {
  let [last, count] = [performance.now(), 0];
  return () => {
    const now = performance.now();
    const seconds = (now - last) / 1000;
    last = now;
    count++;
    return (count > 2 || seconds > WORTH_THREADS) && seconds * left() > WORTH_THREADS;
  };
}

/** Most stretches that another thread gets at once. */
const AT_ONCE = 4;

async function withPool({ setup, plugins, directory }: StretchedScan, threads: number, use: (evaluate: (stretches: readonly Stretch[]) => Promise<readonly (readonly Float64Array[])[]>) => Promise<unknown>): Promise<void> {
  const workerData: ScanWorkerData = { setup, plugins, directory };
  const pool = new Piscina({ filename: new URL('scanWorker.js', import.meta.url).href, workerData, minThreads: threads, maxThreads: threads, idleTimeout: 60_000 });
  try {
    await use((stretches) => pool.run(stretches, { name: 'evaluateStretches' }) as Promise<readonly (readonly Float64Array[])[]>);
  } finally {
    await pool.close();
  }
}

interface StretchFile {
  readonly key: string;
  readonly first: number;
  readonly end: number;
  readonly values: readonly (readonly (number | null)[])[];
}

async function writeStretch(folder: string, key: string, { first, end }: Stretch, values: readonly Float64Array[]): Promise<void> {
  const rows = values.map((row) => Array.from(row, (value) => (Number.isFinite(value) ? value : null)));
  const content: StretchFile = { key, first, end, values: rows };
  await writeFileAtomically(join(folder, `${String(first).padStart(8, '0')}.json`), JSON.stringify(content));
}

/** Fill in what an earlier scan of the same key has left; files of other scans, or broken ones, are not used. */
async function readStretches(folder: string, key: string, values: readonly Float64Array[], all: readonly Stretch[]): Promise<ReadonlySet<number>> {
  const known = new Set<number>();
  const ends = new Map(all.map(({ first, end }) => [first, end]));
  for (const name of await readdir(folder)) {
    const found = await readStretch(join(folder, name));
    if (found?.key !== key || ends.get(found.first) !== found.end || found.values.length !== values.length) continue;
    found.values.forEach((row, s) => values[s].set(row.map((value) => value ?? Number.NaN), found.first));
    known.add(found.first);
  }
  return known;
}

async function readStretch(path: string): Promise<StretchFile | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as StretchFile;
  } catch {
    return undefined;
  }
}
