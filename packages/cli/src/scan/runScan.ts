import { basename, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { BraggscapeError } from '@braggscape/core';
import type { PluginHost, Structure } from '@braggscape/core';
import { analyseSurfaces, combinedSurface, computedSurfaces, makeLandscape, makeSlice, objectiveEntry, structureCurvature } from '@braggscape/pipeline';
import type { Choice, LandscapeSurface, ObjectiveChoice, ReportedCurvature, ScanSetup } from '@braggscape/pipeline';
import { exitCode, noteRepairs, repairList } from '../commands/shared.js';
import { interruptible } from '../commands/interruptible.js';
import { objectiveChoice, withBackend } from '../commands/potential.js';
import { instrumentConfig } from '../commands/simulate.js';
import { createHost, programVersion } from '../compositionRoot.js';
import { patternOrStructure } from '../files/loadPattern.js';
import { loadStructure } from '../files/loadStructure.js';
import { patternWavelength } from '../files/patternWavelength.js';
import { prepareFolder } from '../files/prepareFolder.js';
import { withPhaseTexts } from '../session.js';
import { broadeningWidths, parseList } from '../options.js';
import { duration } from '../results/progress.js';
import { withModelFolders } from '../results/recordPaths.js';
import type { Terminal } from '../terminal.js';
import { table } from '../terminal.js';
import { descentOf, descents } from './descents.js';
import { landscapeConfig } from './landscapeConfig.js';
import { prepareScan, scanObjective } from './prepareScan.js';
import { roughnessTable } from './roughnessTable.js';
import type { ScanOptions } from './scanOptions.js';
import { computeScan, removeStretches } from './stretches.js';
import { writeLandscape } from './writeLandscape.js';

/**
 * Prepare, compute, analyse, write and report one scan.
 * @returns the program's exit code
 */
export async function runScan(reference: string, options: ScanOptions, terminal: Terminal): Promise<number> {
  const { output } = options;
  const interrupt = interruptible(terminal, () => Promise.resolve(), 'stopping and keeping what is computed');
  try {
    const host = await createHost(options.plugin ?? []);
    const { structure, name } = await loadStructure(reference, host);
    const chosen = chosenObjectives(options, host);
    const scan = await prepareScan(await requestOf(structure, chosen, options, host, terminal), host);
    const descent = await descentOf(structure, scan, chosen.length, options, host);
    for (const { name: axis, unit, origin, values } of scan.setup.axes) {
      if (origin >= values[0] && origin <= values[values.length - 1]) continue;
      terminal.note(`the structure itself, at ${axis} = ${four(origin)}${unit === '1' ? '' : ` ${unit}`}, lies outside the slice: there is no true basin in it`);
    }
    await prepareFolder(output);
    interrupt.phase = 'running';
    const [began, cpu] = [performance.now(), process.cpuUsage()];
    const computed = await computeScan(
      { setup: scan.setup, plugins: options.plugin ?? [], directory: process.cwd(), key: scan.key, output, resume: options.resume === true, size: scan.stretch, ...(options.workers === undefined ? {} : { workers: options.workers }) },
      host,
      (done, all, now) => {
        const elapsed = (performance.now() - began) / 1000;
        terminal.progress(`${done} of ${all} points, ${duration(((all - done) * elapsed) / now)} left`);
      },
      interrupt.signal,
    );
    const seconds = (performance.now() - began) / 1000;
    // All threads together: what a busy machine does not change.
    const { user, system } = process.cpuUsage(cpu);
    terminal.endProgress();
    if (computed.replaced) terminal.note(`unfinished stretches of an earlier scan in ${output} were replaced, as --resume was not given`);
    if (computed.resumed > 0) terminal.note(`${computed.resumed} points were there already`);
    if (computed.values === undefined) return interrupted();
    terminal.note(`${computed.computed} points in ${duration(seconds)}`);
    const surfaces = withSums(computedSurfaces(scan.setup, computed.units, computed.values), scan.setup, chosen, options);
    const analyses = analyseSurfaces(scan.setup, surfaces);
    const slice = makeSlice(structure, scan.axes);
    const { signal } = interrupt;
    const onProgress = (text: string): void => terminal.progress(text);
    const curvature = options.curvature ? await curvatures(structure, scan.setup, chosen.length, host, { signal, onProgress }) : {};
    const paths = descent === undefined ? [] : await descents(descent, { slice, scan, chosen, options, host, signal, onProgress });
    terminal.endProgress();
    await setImmediate();
    signal.throwIfAborted();
    interrupt.phase = 'writing';
    const landscape = makeLandscape(scan.setup, surfaces, analyses, {
      curvature,
      paths,
      config: await landscapeConfig(scan.setup, descent, options),
      versions: { braggscape: programVersion, node: process.versions.node, ...Object.fromEntries(host.plugins.map(({ name: plugin, version }) => [plugin, version])) },
    });
    const data = await writeLandscape(landscape, scan.setup, surfaces, output);
    const figures = options.figures
      ? await (await import('./scanFigures.js')).scanFigures(
          { setup: scan.setup, slice, surfaces, analyses, landscape, title: `${name === '' ? basename(reference) : name}: ${options.axes.replaceAll(',', ' and ')}`, ...(descent === undefined ? {} : { descended: descent.on }) },
          output,
          host,
        )
      : [];
    await removeStretches(output);
    report();
    return exitCode.done;

    function report(): void {
      const ids = surfaces.map(({ id }) => id);
      terminal.result({
        axes: landscape.axes.map(({ name: axis, unit, values, origin }) => ({ name: axis, unit, from: values[0], to: values[values.length - 1], count: values.length, origin })),
        minima: landscape.minima,
        roughness: landscape.roughness,
        curvature: landscape.curvature,
        barriers: landscape.barriers,
        paths: landscape.paths.map(({ setting, points, values, end }) => ({ setting, start: points[0], final: points[points.length - 1], value: values[values.length - 1], steps: points.length - 1, end })),
        seconds,
        cpuSeconds: (user + system) / 1e6,
        files: { landscape: data.json, table: data.parquet, figures },
      });
      terminal.line(table(roughnessTable(landscape, ids)));
      for (const [id, { aboveStart, climb }] of Object.entries(landscape.barriers)) terminal.line(`${id}: from the other structure the straight way rises ${four(aboveStart)} above its start, and ${four(climb)} at once`);
      for (const { setting, points, values, end } of landscape.paths) {
        terminal.line(`${setting}: ${points.length - 1} steps, ${end}, from ${points[0].map(four).join(', ')} to ${points[points.length - 1].map(four).join(', ')}, value ${four(values[values.length - 1])}`);
      }
      terminal.line(`wrote ${[data.json, data.parquet, ...figures].join(', ')}`);
    }
  } catch (error) {
    if (!interrupt.signal.aborted || error !== interrupt.signal.reason) throw error;
    return interrupted();
  } finally {
    terminal.endProgress();
    interrupt.release();
  }

  function interrupted(): number {
    terminal.endProgress();
    terminal.note(`interrupted; what is computed is kept in ${output}: go on with --resume`);
    return exitCode.interrupted;
  }
}

function four(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** Objectives as chosen, with every option filled in. */
function chosenObjectives(options: ScanOptions, host: PluginHost): readonly ObjectiveChoice[] {
  const chosen = withBackend((options.objective ?? ['cosine']).map(objectiveChoice), options.backend, host).map(({ use, weight, ...given }) => {
    const normalized = objectiveEntry(use, host, '--objective').entry.normalize(given, use) as Record<string, never>;
    return withModelFolders([{ ...normalized, use, weight }], (path) => resolve(path))[0];
  });
  const twice = chosen.find(({ use }, i) => chosen.findIndex((other) => other.use === use) !== i);
  if (twice !== undefined) throw new BraggscapeError('option.invalid', `--objective names "${twice.use}" twice`, { hint: 'name each once' });
  if (options.weights !== undefined && chosen.length !== 2) {
    throw new BraggscapeError('option.invalid', `--weights combines two objectives, and there ${chosen.length === 1 ? 'is one' : `are ${chosen.length}`}`, { hint: 'name two with --objective' });
  }
  return chosen;
}

async function requestOf(structure: Structure, objectives: readonly ObjectiveChoice[], options: ScanOptions, host: PluginHost, terminal: Terminal): Promise<Parameters<typeof prepareScan>[0]> {
  const repairs = repairList(options);
  const target = options.pattern === undefined ? undefined : await patternOrStructure(options.pattern, host);
  const request = {
    structure,
    axes: parseList(options.axes),
    objectives,
    instrument: await instrumentOf(objectives, target, options, host),
    twoTheta: options.twoTheta,
    widths: options.broaden === undefined ? [] : options.broaden === true ? broadeningWidths : options.broaden,
    seed: options.seed,
    ...(options.range === undefined ? {} : { ranges: options.range }),
    ...(options.grid === undefined ? {} : { grid: options.grid }),
    ...(target === undefined ? {} : { target }),
    ...(repairs === undefined ? {} : { repairs }),
    ...(options.subtractBackground === undefined ? {} : { subtractBackground: options.subtractBackground }),
  };
  noteRepairs(repairs, terminal);
  return request;
}

/** The instrument with every default filled in; of no meaning where no metric is asked for. */
async function instrumentOf(objectives: readonly ObjectiveChoice[], target: { file: string } | { structure: string } | undefined, options: ScanOptions, host: PluginHost): Promise<Choice> {
  if (objectives.every(({ use }) => objectiveEntry(use, host, '--objective').kind !== 'metrics')) return { use: 'ideal' };
  const raw = (await withPhaseTexts((await instrumentConfig(options)) as Choice, (path) => path, [])) as Choice & { wavelength?: unknown };
  const stated = target !== undefined && 'file' in target && raw.wavelength === undefined ? await patternWavelength(target.file, raw.use, host, options.repair === true) : undefined;
  const { use, ...described } = raw;
  const whole = stated === undefined ? described : { ...described, wavelength: stated };
  return { use, ...(host.registry('patternModels').get(use).normalize(whole, 'instrument') as Record<string, never>) };
}

/** The computed surfaces, with the sums that are asked for: `combined` by the weights of the objectives, where units differ or it is descended, and a series of weights. */
function withSums(surfaces: readonly LandscapeSurface[], setup: ScanSetup, chosen: readonly ObjectiveChoice[], { weights, descendOn }: ScanOptions): readonly LandscapeSurface[] {
  const sharp = surfaces.slice(0, chosen.length);
  const sums: LandscapeSurface[] = [];
  const units = new Set(sharp.map(({ unit }) => unit));
  if (units.size > 1 || (descendOn === 'combined' && sharp.length > 1)) sums.push(combinedSurface('combined', sharp.map((surface, i) => ({ surface, weight: setup.surfaces[i].choice.weight }))));
  if (weights !== undefined) {
    const [first, second] = sharp;
    for (const weight of weights) sums.push(combinedSurface(`${first.id}+${weight}*${second.id}`, [{ surface: first, weight: 1 }, { surface: second, weight }]));
  }
  return [...surfaces, ...sums];
}

async function curvatures(
  structure: Structure,
  setup: ScanSetup,
  count: number,
  host: PluginHost,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (text: string) => void },
): Promise<Readonly<Record<string, ReportedCurvature>>> {
  const found: Record<string, ReportedCurvature> = {};
  for (let i = 0; i < count; i++) {
    const { id } = setup.surfaces[i];
    const objective = await scanObjective(setup, i, host, { signal, onEvaluation: (done) => onProgress(`curvature of ${id}: ${done} gradients`) });
    try {
      if (!objective.provides.has('gradient')) continue;
      const { eigenvalues, flat, conditionNumber, negativeFraction } = await structureCurvature(structure, objective);
      found[id] = { eigenvalues: [...eigenvalues], flat, conditionNumber, negativeFraction };
    } finally {
      objective.dispose?.();
    }
  }
  return found;
}
