import { BraggscapeError, randomFromSeed } from '@braggscape/core';
import type { Minimizer, PluginHost, Projector, Structure } from '@braggscape/core';
import { asMinimizer } from '@braggscape/optimizers';
import { axisPosition, checkDescentStart, makeSlice, scanPaths } from '@braggscape/pipeline';
import type { Choice, ObjectiveChoice, ScanPath, ScanSetup, Slice, WeightedObjective } from '@braggscape/pipeline';
import { withSetting } from '../options.js';
import type { PreparedScan } from './prepareScan.js';
import { scanObjective } from './prepareScan.js';
import type { ScanOptions } from './scanOptions.js';

/** Descents that are asked for, their parts made and their starts checked. */
export interface Descent {
  readonly minimizer: Minimizer;
  readonly projector: Projector;
  /** Optimizer and projector with every option filled in. */
  readonly choices: { readonly optimizer: Choice; readonly projector: Choice };
  /** Positions in the units of the axes. */
  readonly starts: readonly (readonly number[])[];
  /** Id of the surface that is descended. */
  readonly on: string;
}

/**
 * The descents that a scan is asked for; undefined where there are none.
 * @param count number of objectives, the first surfaces of the setup
 * @throws BraggscapeError `option.invalid` for a surface or start that is none, before anything is computed
 */
export async function descentOf(structure: Structure, scan: PreparedScan, count: number, options: ScanOptions, host: PluginHost): Promise<Descent | undefined> {
  if (options.descend === undefined) return undefined;
  const { setup } = scan;
  const context = { start: structure, random: randomFromSeed(options.seed).derive('plugins') };
  const use = options.descend === true ? 'adam' : options.descend;
  const entry = host.registry('optimizers').get(use);
  let given: Record<string, unknown> = {};
  for (const assignment of options.set ?? []) given = withSetting(given, assignment);
  const optimizerOptions = entry.normalize(given, 'optimizer');
  const minimizer = asMinimizer(await entry.create(optimizerOptions, context));
  const projectors = host.registry('projectors').get(options.project);
  const projectorOptions = projectors.normalize({}, 'project');
  const projector = await projectors.create(projectorOptions, context);
  const on = options.descendOn ?? setup.surfaces[0].id;
  checkSurface(on, setup, count);
  const slice = makeSlice(structure, scan.axes);
  const starts = options.from === undefined ? [defaultStart(setup)] : options.from.map((position) => startAt(position, scan));
  for (const start of starts) checkStart(slice, start, projector, setup, options);
  const choices = { optimizer: { ...(optimizerOptions as object), use }, projector: { ...(projectorOptions as object), use: options.project } };
  return { minimizer, projector, choices, starts, on };
}

/** What the ways of descents take beside what descends. */
export interface DescentsContext {
  readonly slice: Slice;
  readonly scan: PreparedScan;
  readonly chosen: readonly ObjectiveChoice[];
  readonly options: ScanOptions;
  readonly host: PluginHost;
  /** Aborting it rejects with the reason of the signal. */
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
}

/** The ways from each start in each setting. */
export async function descents({ minimizer, projector, starts, on }: Descent, { slice, scan, chosen, options, host, signal, onProgress }: DescentsContext): Promise<readonly ScanPath[]> {
  const objectives: WeightedObjective[] = [];
  try {
    for (const [i, { weight }] of chosen.entries())
      if (on === 'combined' || scan.setup.surfaces[i].id === on) objectives.push({ objective: await scanObjective(scan.setup, i, host, { signal }), weight: on === 'combined' ? weight : 1 });
    const cellOnly = scan.axes.every(({ direction }) => direction.every((value, i) => i < 6 || value === 0));
    const paths: ScanPath[] = [];
    for (const [i, start] of starts.entries()) {
      const onStep = (step: number): void => onProgress(`descent from start ${i + 1} of ${starts.length}: step ${step} of at most ${options.steps}`);
      paths.push(...(await scanPaths(slice, start, { objectives, minimizer, projector, space: options.descendIn, vary: cellOnly ? ['cell'] : ['cell', 'coords'], steps: options.steps, signal, onStep })));
    }
    return paths;
  } finally {
    for (const { objective } of objectives) objective.dispose?.();
  }
}

function checkSurface(on: string, { surfaces }: ScanSetup, count: number): void {
  const ids = surfaces.slice(0, count).map(({ id }) => id);
  if (ids.includes(on) || (on === 'combined' && count > 1)) return;
  if (on === 'combined') throw new BraggscapeError('option.invalid', '--descend-on combined needs two objectives, and there is one', { hint: 'name another with --objective, or leave --descend-on out' });
  throw new BraggscapeError('option.invalid', `--descend-on names "${on}", which is no objective of the scan`, { hint: `use one of ${[...ids, ...(count > 1 ? ['combined'] : [])].join(', ')}` });
}

/** Half of the way from the structure to the upper end of the first axis, and to the lower end of the second. */
function defaultStart({ axes }: ScanSetup): readonly number[] {
  return axes.map(({ origin, values }, k) => origin + 0.5 * ((k === 0 ? values[values.length - 1] : values[0]) - origin));
}

function startAt(position: readonly number[], { axes, ranges }: PreparedScan): readonly number[] {
  if (position.length !== axes.length) throw new BraggscapeError('option.invalid', `--from gives ${position.length} numbers for ${axes.length} axes`, { hint: 'give one for each axis' });
  return position.map((value, k) => axisPosition(axes[k], value, ranges[k]));
}

function checkStart(slice: Slice, start: readonly number[], projector: Projector, { axes }: ScanSetup, { descendIn }: ScanOptions): void {
  for (const [k, { name, unit, values }] of axes.entries()) {
    const [low, high] = [values[0], values[values.length - 1]];
    const rounding = 1e-9 * (high - low);
    if (start[k] >= low - rounding && start[k] <= high + rounding) continue;
    throw new BraggscapeError('option.invalid', `--from starts at ${name} = ${four(start[k])}, outside the slice from ${four(low)} to ${four(high)}${unit === '1' ? '' : ` ${unit}`}`, {
      hint: 'give a start inside, in what --range is given in: factors, values or offsets; or widen --range',
    });
  }
  checkDescentStart(slice, start, projector, descendIn);
}

function four(value: number): string {
  return String(Number(value.toPrecision(4)));
}
