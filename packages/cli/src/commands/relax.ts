import { join } from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import { lastValueFrom, tap } from 'rxjs';
import { GPA_PER_EV_PER_CUBIC_ANGSTROM, randomFromSeed, structureFromJson } from '@braggscape/core';
import type { CreateContext, PluginHost, Structure } from '@braggscape/core';
import { writeCif, writeExtxyz } from '@braggscape/crystal';
import type { ExtxyzFrame } from '@braggscape/crystal';
import { asMinimizer } from '@braggscape/optimizers';
import { relax$ } from '@braggscape/pipeline';
import type { RelaxEvent, RelaxPoint } from '@braggscape/pipeline';
import { spaceGroupProjector } from '@braggscape/projectors';
import { createHost, programVersion } from '../compositionRoot.js';
import { loadStructure } from '../files/loadStructure.js';
import { prepareFolder } from '../files/prepareFolder.js';
import { writeFileAtomically } from '../files/writeFileAtomically.js';
import { parseNumber } from '../options.js';
import { duration } from '../results/progress.js';
import { solutionCell } from '../results/report.js';
import { compareStructures } from '../session.js';
import { table } from '../terminal.js';
import type { Terminal } from '../terminal.js';
import { checkFinite } from './energy.js';
import { interruptible } from './interruptible.js';
import { createPotential, withPotentialOptions } from './potential.js';
import type { PotentialOptions } from './potential.js';
import { exitCode, parsed, terminalFor, withCommonOptions } from './shared.js';
import type { CommonOptions } from './shared.js';

interface RelaxCommandOptions extends CommonOptions, PotentialOptions {
  readonly optimizer: string;
  readonly fmax: number;
  readonly smax?: number;
  readonly pressure: number;
  readonly cell: boolean;
  /** Å; `true` cannot come: the option has a preset. */
  readonly fixSymmetry?: number;
  readonly steps: number;
  readonly reference?: string;
  readonly output: string;
  readonly figures: boolean;
}

type Stopped = Extract<RelaxEvent, { kind: 'stopped' }>;

/** `relax`: move atoms and cell to a minimum of the energy. */
export function addRelaxCommand(program: Command): void {
  const number = (option: string, min?: number) => parsed((text) => parseNumber(option, text, min === undefined ? {} : { min }));
  const command = withCommonOptions(program.command('relax'))
    .summary('relax a structure on a potential')
    .description(
      'Relax atoms and cell on an interatomic potential until forces and stress are small. Writes relaxed.cif, trajectory.extxyz, record.json and a figure.\n' +
        'Exit code: 0 converged, 2 stopped before that (the lowest structure is kept), 130 interrupted (kept too), 1 bad input.',
    )
    .argument('<structure>', 'start structure: a file, or FILE#NAME for one of several in it');
  withPotentialOptions(command)
    .option('--optimizer <id>', 'fire, lbfgs (fewer steps), or any other optimizer', 'fire')
    .option('--fmax <eV/Å>', 'converged where no force is longer than this', number('--fmax', 0), 0.05)
    .option('--smax <GPa>', 'and no component of the stress larger than this (default: fmax·atoms/volume, as in ASE)', number('--smax', 0))
    .option('--pressure <GPa>', 'pressure', number('--pressure'), 0)
    .option('--no-cell', 'keep the cell, move the atoms only')
    .addOption(new Option('--fix-symmetry [Å]', 'keep the space group, found with this tolerance').argParser(number('--fix-symmetry', 0)).preset('0.01'))
    .option('--steps <number>', 'largest number of steps', parsed((text) => parseNumber('--steps', text, { min: 0, integer: true })), 500)
    .option('--reference <file>', 'structure to judge the result by')
    .option('-o, --output <folder>', 'folder for the results', 'braggscape-relaxed')
    .option('--no-figures', 'draw no figure')
    .addHelpText(
      'after',
      `
Examples:
  $ braggscape relax start.cif -o relaxed
  $ braggscape relax start.cif --fix-symmetry --fmax 0.01 --pressure 5
  $ braggscape relax start.cif --potential chgnet --potential short-range-repulsion --optimizer lbfgs`,
    )
    .action(async (reference: string, options: RelaxCommandOptions) => {
      process.exitCode = await relaxCommand(reference, options, terminalFor(options));
    });
}

async function relaxCommand(reference: string, options: RelaxCommandOptions, terminal: Terminal): Promise<number> {
  let saving: Promise<unknown> = Promise.resolve();
  const interrupt = interruptible(terminal, () => saving);
  try {
    const host = await createHost(options.plugin ?? []);
    const { structure, file } = await loadStructure(reference, host);
    const truth = options.reference === undefined ? undefined : (await loadStructure(options.reference, host)).structure;
    const potential = await createPotential(options, host, structure);
    const projector = options.fixSymmetry === undefined ? undefined : spaceGroupProjector(structure, options.fixSymmetry);
    const minimizer = await createMinimizer(options.optimizer, host, structure);
    // A start that the potential cannot take is an error before anything is made.
    checkFinite(await potential.compute(structure), potential.id);
    await prepareFolder(options.output);
    const path = (name: string): string => join(options.output, name);
    interrupt.phase = 'running';
    const frames: ExtxyzFrame[] = [];
    const points: RelaxPoint[] = [];
    const watch = (event: RelaxEvent): void => {
      if (event.kind === 'stopped') return;
      frames.push(frameOf(event));
      points.push({ ...event });
      report(event, options, terminal);
    };
    const events = relax$(structure, potential, {
      minimizer,
      forceTolerance: options.fmax,
      pressure: options.pressure / GPA_PER_EV_PER_CUBIC_ANGSTROM,
      cell: options.cell,
      maxSteps: options.steps,
      signal: interrupt.signal,
      ...(options.smax === undefined ? {} : { stressTolerance: options.smax / GPA_PER_EV_PER_CUBIC_ANGSTROM }),
      ...(projector === undefined ? {} : { projector }),
    }).pipe(tap(watch));
    const stopped = (await lastValueFrom(events)) as Stopped;
    terminal.endProgress();
    interrupt.phase = 'writing';
    saving = writeRelaxed();
    const files = (await saving) as Readonly<Record<string, string | readonly string[]>>;
    const verdict = truth === undefined ? null : await compareStructures(truth, structureFromJson(stopped.final.structure));
    const n = structure.numbers.length;
    terminal.result({
      stopReason: stopped.reason,
      message: stopped.message,
      steps: stopped.steps,
      evaluations: stopped.evaluations,
      seconds: stopped.seconds,
      energyPerAtom: { initial: stopped.initial.energy / n, value: stopped.final.energy / n },
      maxForce: { initial: stopped.initial.maxForce, value: stopped.final.maxForce },
      maxStress: { initial: stopped.initial.maxStress * GPA_PER_EV_PER_CUBIC_ANGSTROM, value: stopped.final.maxStress * GPA_PER_EV_PER_CUBIC_ANGSTROM },
      cell: solutionCell(stopped.final),
      potential: potential.id,
      backend: potential.backend ?? 'cpu',
      verdict,
      files,
    });
    terminal.line(reportText(stopped, n));
    if (verdict !== null) terminal.line(`match with the reference: ${verdict.match ? 'yes' : 'no'}, strict: ${verdict.strict ? 'yes' : 'no'}, AMD distance ${verdict.amdDistance.toPrecision(4)} Å`);
    terminal.line(`results: ${Object.values(files).flat().join(', ')}`);
    potential.dispose?.();
    return stopped.reason === 'converged' ? exitCode.done : stopped.reason === 'cancelled' ? exitCode.interrupted : exitCode.unconverged;

    async function writeRelaxed(): Promise<Readonly<Record<string, string | readonly string[]>>> {
      // The structure goes first: it is what nobody wants to lose.
      await writeFileAtomically(path('relaxed.cif'), writeCif([{ name: 'relaxed', structure: structureFromJson(stopped.final.structure) }]));
      await writeFileAtomically(path('trajectory.extxyz'), writeExtxyz(frames));
      const { json: _json, plugin, ...settings } = options;
      await writeFileAtomically(
        path('record.json'),
        `${JSON.stringify(
          {
            format: 'braggscape-relaxation/1',
            structure: reference,
            inputs: [{ role: 'structure', name: reference, sha256: file.sha256 }],
            options: { ...settings, plugins: plugin ?? [], potential: options.potential ?? ['chgnet'] },
            versions: { braggscape: programVersion, node: process.versions.node, ...Object.fromEntries(host.plugins.map(({ name, version }) => [name, version])) },
            potential: potential.id,
            backend: potential.backend ?? 'cpu',
            stopReason: stopped.reason,
            message: stopped.message,
            steps: stopped.steps,
            evaluations: stopped.evaluations,
            seconds: stopped.seconds,
            initial: stopped.initial,
            final: stopped.final,
            history: points.map(({ structure: _structure, forces: _forces, stress: _stress, ...rest }) => rest),
          },
          null,
          1,
        )}\n`,
      );
      const figures = options.figures ? await drawHistory(points, options.output) : [];
      return { structure: path('relaxed.cif'), trajectory: path('trajectory.extxyz'), record: path('record.json'), figures };
    }
  } finally {
    terminal.endProgress();
    interrupt.release();
  }
}

async function createMinimizer(id: string, host: PluginHost, start: Structure) {
  const entry = host.registry('optimizers').get(id);
  // Energies are in single precision: a rise by their rounding is none.
  const given = id === 'lbfgs' ? { noise: 2e-7 } : {};
  const context: CreateContext = { start, random: randomFromSeed(0) };
  return asMinimizer(await entry.create(entry.normalize(given, id), context));
}

function frameOf(point: RelaxPoint): ExtxyzFrame {
  const { structure, energy, forces, stress, step } = point;
  return { name: `step ${step}`, structure: structureFromJson(structure), energy, forces, stress };
}

function report(event: Exclude<RelaxEvent, Stopped>, { steps }: RelaxCommandOptions, terminal: Terminal): void {
  const n = event.structure.numbers.length;
  const text = `${(event.energy / n).toFixed(5)} eV/atom  force ${event.maxForce.toPrecision(3)} eV/Å  stress ${(event.maxStress * GPA_PER_EV_PER_CUBIC_ANGSTROM).toPrecision(3)} GPa`;
  if (event.kind === 'started') terminal.note(`relaxing ${n} atoms, start ${text}`);
  else terminal.progress(`step ${event.step}/${steps}  ${text}  ${duration(event.seconds)}`);
}

function reportText(stopped: Stopped, n: number): string {
  const { initial, final } = stopped;
  const rows: string[][] = [['', 'start', 'result']];
  const add = (name: string, of: (point: RelaxPoint) => number, digits: number): void => void rows.push([name, of(initial).toFixed(digits), of(final).toFixed(digits)]);
  add('energy (eV/atom)', ({ energy }) => energy / n, 6);
  add('longest force (eV/Å)', ({ maxForce }) => maxForce, 4);
  add('largest stress (GPa)', ({ maxStress }) => maxStress * GPA_PER_EV_PER_CUBIC_ANGSTROM, 4);
  const [from, to] = [solutionCell(initial), solutionCell(final)];
  for (const name of Object.keys(from) as (keyof typeof from)[]) rows.push([`${name} (${name.length === 1 ? 'Å' : '°'})`, from[name].toFixed(5), to[name].toFixed(5)]);
  return `${table(rows)}\n\n${stopped.message}, ${stopped.evaluations} evaluations in ${duration(stopped.seconds)}`;
}

/** Energy, forces and stress by step. The drawing libraries are loaded here, since they take a third of a second. */
async function drawHistory(points: readonly RelaxPoint[], folder: string): Promise<readonly string[]> {
  const { historyFigure, writeFigure } = await import('../figures/index.js');
  const steps = points.map(({ step }) => step);
  const n = points[0].structure.numbers.length;
  const figure = historyFigure({
    series: [
      { name: 'energy', unit: 'eV/atom', steps, values: points.map(({ energy }) => energy / n) },
      { name: 'longest force', unit: 'eV/Å', steps, values: points.map(({ maxForce }) => maxForce) },
      { name: 'largest stress', unit: 'GPa', steps, values: points.map(({ maxStress }) => maxStress * GPA_PER_EV_PER_CUBIC_ANGSTROM) },
    ],
  });
  return writeFigure(join(folder, 'relaxation'), figure);
}
