import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { structureFromJson } from '@braggscape/core';
import type { PluginHost } from '@braggscape/core';
import type { BenchmarkStructure, Protocol } from '@braggscape/benchmark';
import { analyseSurfaces, computedSurfaces } from '@braggscape/pipeline';
import type { Choice, LandscapeSurface, ObjectiveChoice, ScanSetup } from '@braggscape/pipeline';
import { writeFileAtomically } from '../../files/writeFileAtomically.js';
import { independentScales, slicePanel } from '../../figures/slicePanel.js';
import { theme } from '../../figures/theme.js';
import type { FigureSpec } from '../../figures/writeFigure.js';
import { prepareScan } from '../../scan/prepareScan.js';
import { computeScan, removeStretches } from '../../scan/stretches.js';
import { drawnValues, surfacePanel } from '../../scan/surfaceDrawing.js';

/** Points along each axis. */
const GRID = 41;
/** Numbers of the drawn landscape, beside its figure: computed once, however often a benchmark goes on. */
const FILE = 'energy-landscape.json';

/** A landscape with what it took. */
interface ComputedLandscape {
  readonly setup: ScanSetup;
  readonly surfaces: readonly LandscapeSurface[];
  /** CPU seconds of all threads. */
  readonly cpuSeconds: number;
}

/** The structure of the paper's landscapes, by its name among a benchmark's. */
function landscapeStructure({ structures }: Protocol): BenchmarkStructure | undefined {
  return structures.find(({ name }) => /^U2Ti\b|^U2Ti_/.test(name));
}

/** The first potential that is benched. */
function landscapePotential({ settings }: Protocol): Choice | undefined {
  return settings.flatMap((setting) => (setting.kind === 'relaxation' ? [setting.potential] : []))[0];
}

/**
 * The energy of U2Ti over a and c beside the cosine distance of its patterns (the paper's Fig. 6, bottom).
 * @param folder keeps the numbers, and is looked into for those of an earlier time
 * @returns undefined if U2Ti is not among the structures or no potential is benched
 */
export async function energyLandscape(protocol: Protocol, folder: string, host: PluginHost, onProgress?: (text: string) => void): Promise<FigureSpec | undefined> {
  const [structure, potential] = [landscapeStructure(protocol), landscapePotential(protocol)];
  if (structure === undefined || potential === undefined) return undefined;
  const computed = await compute(structure, potential, protocol, folder, host, onProgress);
  const { setup, surfaces, cpuSeconds } = computed;
  const analyses = analyseSurfaces(setup, surfaces);
  return {
    config: theme,
    title: {
      text: `${structure.name}: pattern and energy over a and c`,
      subtitle: [`cross: the true cell; dots: local minima; ${GRID} × ${GRID} points, which took ${cpuSeconds.toPrecision(2)} CPU seconds`, 'cosine: distance from the true pattern, peaks as sharp as the instrument; energies less their lowest value'],
      fontSize: 15,
    },
    hconcat: surfaces.map((surface) => slicePanel(surfacePanel(setup, surface, analyses.get(surface.id) as NonNullable<ReturnType<typeof analyses.get>>, { title: `${surface.id}: ${drawnValues(surface).title}` }), 325)),
    spacing: 40,
    resolve: independentScales,
  };
}

async function compute(structure: BenchmarkStructure, potential: Choice, protocol: Protocol, folder: string, host: PluginHost, onProgress?: (text: string) => void): Promise<ComputedLandscape> {
  const metric = { ...(host.registry('metrics').get('cosine').normalize({}, 'cosine') as object), use: 'cosine', weight: 1 } as ObjectiveChoice;
  const scan = await prepareScan(
    {
      structure: structureFromJson(structure.structure),
      axes: ['a', 'c'],
      grid: [GRID],
      objectives: [metric, { ...potential, weight: 1 }],
      instrument: protocol.instrument,
      twoTheta: protocol.twoTheta,
      widths: [],
      seed: protocol.seed,
    },
    host,
  );
  const known = await readKnown(join(folder, FILE), scan.key);
  if (known !== undefined) return { setup: scan.setup, surfaces: computedSurfaces(scan.setup, known.units, known.values.map((row) => Float64Array.from(row, (value) => value ?? NaN))), cpuSeconds: known.cpuSeconds };
  const before = process.cpuUsage();
  const { values, units } = await computeScan(
    { setup: scan.setup, plugins: protocol.plugins, directory: process.cwd(), key: scan.key, output: folder, resume: false, size: scan.stretch },
    host,
    (done, all) => onProgress?.(`landscape of ${structure.name}: ${done} of ${all} points`),
    new AbortController().signal,
  );
  const { user, system } = process.cpuUsage(before);
  await removeStretches(folder);
  if (values === undefined) throw new Error('the scan ended before its last point');
  const cpuSeconds = (user + system) / 1e6;
  const kept: KnownLandscape = { key: scan.key, axes: scan.setup.axes.map(({ name, unit, values: at }) => ({ name, unit, values: at })), surfaces: scan.setup.surfaces.map(({ id }) => id), units, values: values.map((row) => Array.from(row, (value) => (Number.isFinite(value) ? value : null))), cpuSeconds };
  await writeFileAtomically(join(folder, FILE), `${JSON.stringify(kept)}\n`);
  return { setup: scan.setup, surfaces: computedSurfaces(scan.setup, units, values), cpuSeconds };
}

/** The numbers as they are kept. */
interface KnownLandscape {
  readonly key: string;
  readonly axes: readonly { readonly name: string; readonly unit: string; readonly values: readonly number[] }[];
  readonly surfaces: readonly string[];
  readonly units: readonly string[];
  /** [surfaces][points] the first axis runs fastest; null where there is none. */
  readonly values: readonly (readonly (number | null)[])[];
  readonly cpuSeconds: number;
}

async function readKnown(path: string, key: string): Promise<KnownLandscape | undefined> {
  try {
    const known = JSON.parse(await readFile(path, 'utf8')) as KnownLandscape;
    return known.key === key ? known : undefined;
  } catch {
    // None, or one that was cut: computed anew.
    return undefined;
  }
}
