import { setImmediate } from 'node:timers/promises';
import { BraggscapeError, canonicalJson, dot, randomFromSeed, sha256, structureFromJson, structureToJson } from '@braggscape/core';
import type { CreateContext, Objective, Pattern, PluginHost, Potential, Structure } from '@braggscape/core';
import { withoutBackground } from '@braggscape/diffraction';
import { gridAxis } from '@braggscape/landscape';
import { axisLimits, createObjective, energyObjective, makeSlice, objectiveEntry, optionsOf, scanAxis, scanPattern, softModes, structureCurvature } from '@braggscape/pipeline';
import type { Choice, ObjectiveChoice, RangeText, ScanAxis, ScanSetup, ScanSurface } from '@braggscape/pipeline';
import { programVersion } from '../compositionRoot.js';
import { loadPattern } from '../files/loadPattern.js';
import { loadStructure } from '../files/loadStructure.js';
import { rangesFor } from './scanOptions.js';

/** What a scan is asked for, names resolved. */
export interface ScanRequest {
  readonly structure: Structure;
  readonly axes: readonly string[];
  readonly ranges?: readonly RangeText[];
  readonly grid?: readonly number[];
  readonly objectives: readonly ObjectiveChoice[];
  readonly instrument: Choice;
  readonly twoTheta: { readonly start: number; readonly stop: number; readonly count: number };
  /** Measured pattern, or structure to simulate the target from; the structure itself if left out. */
  readonly target?: { readonly file: string } | { readonly structure: string };
  readonly subtractBackground?: number;
  readonly repairs?: string[];
  /** FWHM in degrees, metrics at each of which are surfaces of their own. */
  readonly widths: readonly number[];
  readonly seed: number;
}

/** A scan with everything read and checked. */
export interface PreparedScan {
  readonly setup: ScanSetup;
  readonly axes: readonly ScanAxis[];
  /** As given for each axis; undefined where its default holds. */
  readonly ranges: readonly (RangeText | undefined)[];
  /** Identity of what is computed. */
  readonly key: string;
  /** Points in a stretch: many of what is quick, few of what is slow. */
  readonly stretch: number;
}

/** Points in a stretch of metrics alone, and of potentials too. */
const STRETCH = { metrics: 512, potentials: 32 } as const;

/** Number of points along each axis by the number of axes. */
const DEFAULT_GRID = [[], [401], [61, 61]] as const;

/**
 * Resolve what a scan is asked for into plain data.
 * @throws BraggscapeError before any work starts
 */
export async function prepareScan(request: ScanRequest, host: PluginHost): Promise<PreparedScan> {
  const { structure, objectives, instrument } = request;
  const kinds = objectives.map(({ use }) => objectiveEntry(use, host, '--objective').kind);
  const target = kinds.includes('metrics') ? await targetOf(request, host) : undefined;
  const surfaces: ScanSurface[] = objectives.map((choice) => ({ id: nameOf(choice), choice, broadening: 0 }));
  for (const broadening of request.widths)
    objectives.forEach((choice, i) => {
      if (kinds[i] === 'metrics') surfaces.push({ id: `${nameOf(choice)}@${broadening}`, choice, broadening });
    });
  const withoutAxes: ScanSetup = { structure: structureToJson(structure), axes: [], surfaces, instrument, ...(target === undefined ? {} : { target }) };
  const axes = await axesOf(request, withoutAxes, host);
  const ranges = rangesFor(axes, request.ranges);
  const counts = request.grid ?? DEFAULT_GRID[axes.length];
  if (counts.length !== 1 && counts.length !== axes.length) throw new BraggscapeError('option.invalid', `--grid gives ${counts.length} numbers for ${axes.length} axes`, { hint: 'give one for each axis' });
  const setup: ScanSetup = {
    ...withoutAxes,
    axes: axes.map((axis, k) => {
      const [from, to] = axisLimits(axis, ranges[k]);
      const { values } = gridAxis(axis.name, axis.unit, from, to, counts[k] ?? counts[0]);
      return { ...axis, direction: [...axis.direction], values: [...values] };
    }),
  };
  const identity = JSON.parse(JSON.stringify(setup, (_, value: unknown) => (value instanceof Float64Array ? [...value] : value))) as Parameters<typeof canonicalJson>[0];
  return { setup, axes, ranges, key: await sha256(canonicalJson({ version: programVersion, setup: identity })), stretch: kinds.every((kind) => kind === 'metrics') ? STRETCH.metrics : STRETCH.potentials };
}

function nameOf({ use, name }: ObjectiveChoice): string {
  return typeof name === 'string' && name !== '' ? name : use;
}

async function axesOf(request: ScanRequest, setup: ScanSetup, host: PluginHost): Promise<readonly ScanAxis[]> {
  const { structure, axes, seed } = request;
  if (axes.length < 1 || axes.length > 2) throw new BraggscapeError('option.invalid', `--axes names ${axes.length} axes`, { hint: 'name one or two, such as a,c' });
  if (new Set(axes).size !== axes.length) throw new BraggscapeError('option.invalid', `--axes names "${axes[0]}" twice`, { hint: 'name two different ones' });
  const others = new Map<string, Structure>();
  for (const name of axes.filter((axis) => axis.startsWith('to:')).map((axis) => axis.slice(3))) others.set(name, (await loadStructure(name, host)).structure);
  const modes = axes.some((axis) => axis.startsWith('mode:')) ? softModes(await structureCurvature(structure, await scanObjective(setup, 0, host))) : undefined;
  const found = axes.map((axis) => scanAxis(axis, structure, { seed, structureOf: (name) => others.get(name) as Structure, ...(modes === undefined ? {} : { modes }) }));
  checkIndependent(structure, found);
  return found;
}

/** Å per unit, and sine between two axes, below which there is no line, or no plane. */
const LEAST_SPAN = { length: 1e-6, sine: 1e-6 } as const;

function checkIndependent(structure: Structure, axes: readonly ScanAxis[]): void {
  const { directions, scales } = makeSlice(structure, axes);
  const still = axes.find((_, k) => !(scales[k] > LEAST_SPAN.length));
  if (still !== undefined) throw new BraggscapeError('option.invalid', `axis "${still.name}" does not change the structure`, { path: 'axes', hint: 'name another; a path must lead to a structure that differs' });
  if (axes.length < 2) return;
  const [u, v] = directions.map((direction, k) => direction.map((value) => value / scales[k]));
  // Length of what one has beside the other.
  const cosine = dot(u, v);
  const beside = v.map((value, i) => value - cosine * u[i]);
  if (Math.sqrt(dot(beside, beside)) > LEAST_SPAN.sine) return;
  throw new BraggscapeError('option.invalid', `axes "${axes[0].name}" and "${axes[1].name}" move the structure along the same line`, { path: 'axes', hint: 'name two that differ, or one alone' });
}

/** Milliseconds of computing after which signals and the terminal are looked after. */
const TURN = 40;

/**
 * One of a scan's objectives with its gradient, for descents and curvatures. Its evaluations let signals through now and then, as those of metrics never wait for anything.
 * @param during aborting the signal rejects evaluations with its reason; `onEvaluation` is told their number
 */
export async function scanObjective(setup: ScanSetup, index: number, host: PluginHost, during: { readonly signal?: AbortSignal; readonly onEvaluation?: (count: number) => void } = {}): Promise<Objective> {
  const objective = await bareObjective(setup, index, host);
  let [last, count] = [performance.now(), 0];
  return {
    ...objective,
    async evaluate(structure, need, signal, parameters) {
      if (performance.now() - last > TURN) {
        await setImmediate();
        last = performance.now();
      }
      during.signal?.throwIfAborted();
      during.onEvaluation?.(++count);
      return objective.evaluate(structure, need, signal ?? during.signal, parameters);
    },
  };
}

async function bareObjective(setup: ScanSetup, index: number, host: PluginHost): Promise<Objective> {
  const { choice } = setup.surfaces[index];
  const context: CreateContext = { start: structureFromJson(setup.structure), random: randomFromSeed(0).derive('scan') };
  const { kind, entry } = objectiveEntry(choice.use, host, 'objectives');
  if (kind === 'potentials') return energyObjective((await entry.create(optionsOf(choice), context)) as Potential);
  if (kind === 'objectives') return (await entry.create(optionsOf(choice), context)) as Objective;
  const { model, observed } = await scanPattern(setup, 0, host, context, choice.use);
  return createObjective(choice, host, model, observed, context);
}

async function targetOf({ target, twoTheta, structure, subtractBackground, repairs }: ScanRequest, host: PluginHost): Promise<NonNullable<ScanSetup['target']>> {
  if (target === undefined) return { structure: structureToJson(structure), twoTheta };
  if ('structure' in target) return { structure: structureToJson((await loadStructure(target.structure, host)).structure), twoTheta };
  const { pattern } = await loadPattern(target.file, host, repairs);
  return { pattern: subtractBackground === undefined ? pattern : withoutBackground(pattern, { width: subtractBackground }) };
}

/** The pattern that a scan compares with, and that of a structure on the same axis. */
export async function comparedPatterns(setup: ScanSetup, structures: readonly Structure[], host: PluginHost): Promise<{ readonly observed: Pattern; readonly calculated: readonly Float64Array[] } | undefined> {
  if (setup.target === undefined) return undefined;
  const { model, observed } = await scanPattern(setup, 0, host, {} as CreateContext);
  const calculator = model.on(observed.twoTheta);
  return { observed, calculated: structures.map((structure) => calculator.simulate(structure)) };
}
