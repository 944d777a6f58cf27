import { BraggscapeError, randomFromSeed, siteCount, structureFromJson, twoThetaAxis } from '@braggscape/core';
import type { Comparison, CreateContext, Metric, Objective, Pattern, PatternCalculator, PatternModel, PluginHost, Potential, Structure } from '@braggscape/core';
import { broadenedPattern, coarseAxis } from '@braggscape/diffraction';
import { withoutExcluded } from '@braggscape/metrics';
import { objectiveEntry, optionsOf } from '../config/normalizeConfig.js';
import { isInadmissible } from '../run/inadmissible.js';
import type { ScanSetup, ScanSurface } from './scanSetup.js';
import { makeSlice } from './slice.js';
import { pointAt } from '@braggscape/landscape';
import { scanGrid } from './scanGrid.js';

/** Computes the values of a scan, a stretch of grid points at a time. */
export interface ScanEvaluator {
  /** Unit of each surface. */
  readonly units: readonly string[];
  /**
   * Values at the points from `first` to `end` (not included).
   * @returns [surfaces][end − first] NaN where there is no cell, or no finite value
   */
  evaluate(first: number, end: number, signal?: AbortSignal): Promise<readonly Float64Array[]>;
  dispose(): void;
}

/** Atoms that go into a potential at once. */
const BATCH_ATOMS = 96;

/**
 * Prepare the evaluation of a scan. All metrics of one peak width share one calculated pattern a point; potentials take many structures at once where they can. The values of a
 * point depend on the stretch it is evaluated in to rounding at most, and not at all on what was evaluated before.
 *
 * @throws BraggscapeError for entries that do not exist or do not fit
 */
export async function createScanEvaluator(setup: ScanSetup, host: PluginHost): Promise<ScanEvaluator> {
  const structure = structureFromJson(setup.structure);
  const context: CreateContext = { start: structure, random: randomFromSeed(0).derive('scan') };
  const grid = scanGrid(setup);
  const slice = makeSlice(
    structure,
    setup.axes.map((axis) => ({ ...axis, direction: Float64Array.from(axis.direction) })),
  );
  const patterns = new Map<number, SharedPattern>();
  const others: Other[] = [];
  const units: string[] = [];
  for (const [place, surface] of setup.surfaces.entries()) {
    const { kind, entry } = objectiveEntry(surface.choice.use, host, 'objectives');
    const made = await entry.create(optionsOf(surface.choice), context);
    if (kind === 'metrics') {
      let shared = patterns.get(surface.broadening);
      if (shared === undefined) patterns.set(surface.broadening, (shared = await sharedPattern(setup, surface, host, context)));
      const metric = (shared.observed.excluded ?? []).length === 0 ? (made as Metric) : withoutExcluded(made as Metric);
      shared.comparisons.push({ place, compare: metric.against(shared.observed) });
      units.push('1');
    } else {
      if (kind === 'potentials') await checkStructure(made as Potential, structure);
      others.push(kind === 'potentials' ? { place, potential: made as Potential } : { place, objective: made as Objective });
      units.push(kind === 'potentials' ? 'eV/atom' : (made as Objective).unit);
    }
  }

  const evaluate: ScanEvaluator['evaluate'] = async (first, end, signal) => {
    const values = setup.surfaces.map(() => new Float64Array(end - first).fill(Number.NaN));
    const structures = Array.from({ length: end - first }, (_, i) => orUndefined(() => slice.structureAt(pointAt(grid, first + i))));
    for (const { calculator, comparisons } of patterns.values()) {
      structures.forEach((one, i) => {
        if (one === undefined) return;
        const calc = orUndefined(() => calculator.linearize(one).calc);
        if (calc === undefined) return;
        for (const { place, compare } of comparisons) values[place][i] = finiteOrNaN(compare(calc, 'value').value);
      });
      signal?.throwIfAborted();
    }
    for (const other of others) {
      const found = 'potential' in other ? await energies(other.potential, structures, signal) : await objectiveValues(other.objective, structures, signal);
      found.forEach((value, i) => (values[other.place][i] = finiteOrNaN(value)));
    }
    return values;
  };
  return {
    units,
    evaluate,
    dispose: () => others.forEach((other) => ('potential' in other ? other.potential.dispose?.() : other.objective.dispose?.())),
  };
}

/** A structure that a potential cannot take at all is an error of the input, not a slice without values. */
async function checkStructure(potential: Potential, structure: Structure): Promise<void> {
  const { energy } = await potential.compute(structure);
  if (Number.isFinite(energy)) return;
  throw new BraggscapeError('structure.unsupported', `potential "${potential.id}" gives no finite energy for the structure`, { hint: 'check its cell and distances, or choose another potential' });
}

type Other = { readonly place: number } & ({ readonly potential: Potential } | { readonly objective: Objective });

/** One pattern a point, for all metrics of a peak width. */
interface SharedPattern {
  readonly observed: Pattern;
  readonly calculator: PatternCalculator;
  readonly comparisons: { readonly place: number; readonly compare: Comparison }[];
}

async function sharedPattern(setup: ScanSetup, { broadening, choice }: ScanSurface, host: PluginHost, context: CreateContext): Promise<SharedPattern> {
  const { model, observed } = await scanPattern(setup, broadening, host, context, choice.use);
  return { observed, calculator: model.on(observed.twoTheta), comparisons: [] };
}

/**
 * The pattern model of a scan at a peak width, and the pattern that it is compared with.
 * @throws BraggscapeError `option.invalid` where there is no target, or the model cannot be broadened
 */
export async function scanPattern(setup: ScanSetup, broadening: number, host: PluginHost, context: CreateContext, objective = 'cosine'): Promise<{ readonly model: PatternModel; readonly observed: Pattern }> {
  const { target, instrument } = setup;
  if (target === undefined) throw new BraggscapeError('option.invalid', `objective "${objective}" compares with a pattern, and there is none`, { hint: 'give one with --pattern' });
  const sharp = await host.registry('patternModels').get(instrument.use).create(optionsOf(instrument), context);
  if (broadening > 0 && sharp.broadened === undefined) throw new BraggscapeError('option.invalid', `the pattern model "${sharp.id}" cannot be broadened`, { hint: 'leave the widths out, or choose another model' });
  const model = broadening > 0 && sharp.broadened !== undefined ? sharp.broadened(broadening) : sharp;
  if ('pattern' in target) return { model, observed: broadening > 0 ? broadenedPattern(target.pattern, broadening) : target.pattern };
  const fine = twoThetaAxis(target.twoTheta);
  const twoTheta = broadening > 0 ? coarseAxis(fine, broadening) : fine;
  return { model, observed: { twoTheta, intensity: model.on(twoTheta).simulate(structureFromJson(target.structure)), wavelength: model.wavelength } };
}

/** Energies per atom; NaN where a potential refuses a structure. */
async function energies(potential: Potential, structures: readonly (Structure | undefined)[], signal?: AbortSignal): Promise<Float64Array> {
  const out = new Float64Array(structures.length).fill(Number.NaN);
  const present = structures.flatMap((structure, i) => (structure === undefined ? [] : [{ structure, i }]));
  const size = Math.max(1, Math.floor(BATCH_ATOMS / Math.max(1, present[0] === undefined ? 1 : siteCount(present[0].structure))));
  for (let from = 0; from < present.length; from += size) {
    signal?.throwIfAborted();
    const batch = present.slice(from, from + size);
    const found = await manyEnergies(potential, batch.map(({ structure }) => structure), signal);
    batch.forEach(({ structure, i }, k) => (out[i] = found[k] / siteCount(structure)));
  }
  return out;
}

async function manyEnergies(potential: Potential, structures: readonly Structure[], signal?: AbortSignal): Promise<readonly number[]> {
  const { computeMany } = potential;
  if (computeMany !== undefined) {
    try {
      return (await computeMany(structures, signal)).map(({ energy }) => energy);
    } catch (error) {
      // One structure that is refused refuses them all: go on one by one.
      if (!isInadmissible(error)) throw error;
    }
  }
  const found: number[] = [];
  for (const structure of structures) found.push(await orNaN(async () => (await potential.compute(structure, signal)).energy));
  return found;
}

async function objectiveValues(objective: Objective, structures: readonly (Structure | undefined)[], signal?: AbortSignal): Promise<Float64Array> {
  const out = new Float64Array(structures.length).fill(Number.NaN);
  for (const [i, structure] of structures.entries()) {
    signal?.throwIfAborted();
    if (structure !== undefined) out[i] = await orNaN(async () => (await objective.evaluate(structure, 'value', signal)).value);
  }
  return out;
}

async function orNaN(compute: () => Promise<number>): Promise<number> {
  try {
    return await compute();
  } catch (error) {
    if (isInadmissible(error)) return Number.NaN;
    throw error;
  }
}

function orUndefined<Value>(compute: () => Value): Value | undefined {
  try {
    return compute();
  } catch (error) {
    if (isInadmissible(error)) return undefined;
    throw error;
  }
}

function finiteOrNaN(value: number): number {
  return Number.isFinite(value) ? value : Number.NaN;
}
