import type { Command } from 'commander';
import { BraggscapeError, randomFromSeed, twoThetaAxis } from '@braggscape/core';
import type { CreateContext, Evaluation, Need, Pattern, PatternModel, PluginHost, Potential, Structure } from '@braggscape/core';
import { cellFromArray, structureParameterization } from '@braggscape/crystal';
import { withoutBackground } from '@braggscape/diffraction';
import { createObjective, energyObjective, objectiveEntry } from '@braggscape/pipeline';
import { createHost } from '../compositionRoot.js';
import { loadPattern, patternOrStructure } from '../files/loadPattern.js';
import { patternWavelength } from '../files/patternWavelength.js';
import { loadStructure } from '../files/loadStructure.js';
import type { Terminal } from '../terminal.js';
import { backendOption, objectiveChoice, withBackend } from './potential.js';
import { collect, noteRepairs, repairList, terminalFor, withBackgroundOption, withCommonOptions, withRepairOption } from './shared.js';
import type { BackgroundOption, CommonOptions, RepairOption } from './shared.js';
import { createModel, withInstrumentOptions } from './simulate.js';
import type { InstrumentOptions } from './simulate.js';

interface EvaluateOptions extends CommonOptions, InstrumentOptions, RepairOption, BackgroundOption {
  readonly pattern?: string;
  readonly objective?: readonly string[];
  readonly backend?: string;
  readonly gradient?: boolean;
}

/** `evaluate`: objectives and their gradients at a structure. */
export function addEvaluateCommand(program: Command): void {
  const command = withCommonOptions(program.command('evaluate'))
    .summary('evaluate objectives, and their gradients, at a structure')
    .description('Evaluate objectives at a structure; with --gradient also their derivatives in cell, lattice and coordinates.')
    .argument('<structure>', 'structure file, or FILE#NAME for one of several in it')
    .option('--pattern <file>', 'observed pattern; or a structure file, whose pattern is simulated; potentials do without')
    .option('--objective <id>', 'metric, potential, or folder of a graph model; may be repeated (default: cosine)', collect)
    .addOption(backendOption())
    .option('--gradient', 'give the gradients too');
  withBackgroundOption(withRepairOption(withInstrumentOptions(command)))
    .addHelpText(
      'after',
      '\nExamples:\n  $ braggscape evaluate start.cif --pattern scan.xye --wavelength CuKa1 --objective cosine --objective mse\n  $ braggscape evaluate start.cif --pattern truth.cif --wavelength 1.5406 --gradient --json\n  $ braggscape evaluate start.cif --objective chgnet --gradient\n',
    )
    .action(async (reference: string, options: EvaluateOptions) => {
      const terminal = terminalFor(options);
      const host = await createHost(options.plugin ?? []);
      const chosen = withBackend((options.objective ?? ['cosine']).map(objectiveChoice), options.backend, host);
      const kinds = chosen.map(({ use }) => objectiveEntry(use, host, '--objective').kind);
      const { structure } = await loadStructure(reference, host);
      const withPattern = chosen.filter((_, i) => kinds[i] !== 'potentials').map(({ use }) => use);
      if (options.pattern === undefined && withPattern.length > 0) {
        throw new BraggscapeError('option.invalid', `objective "${withPattern[0]}" compares with a pattern, and there is none`, { hint: 'give one with --pattern; only potentials do without' });
      }
      const comparison = options.pattern === undefined ? undefined : await readComparison(options.pattern, options, host, terminal);
      const context: CreateContext = { start: structure, random: randomFromSeed(0) };
      const need: Need = options.gradient === true ? 'gradient' : 'value';
      const objectives: Record<string, unknown> = {};
      for (const [i, { use, weight: _weight, ...given }] of chosen.entries()) {
        const { entry } = objectiveEntry(use, host, '--objective');
        const choice = { ...entry.normalize(given, use), use, weight: 1 };
        const objective =
          comparison === undefined
            ? energyObjective((await entry.create(entry.normalize(given, use), context)) as Potential)
            : await createObjective(choice, host, comparison.model, comparison.observed, context);
        const evaluation = await objective.evaluate(structure, need);
        const id = kinds[i] === 'potentials' && given.folder !== undefined ? given.folder : use;
        objectives[id] = report(evaluation, objective.unit, structure);
        objective.dispose?.();
        terminal.line(`${id.padEnd(16)} ${evaluation.value.toPrecision(10)} ${objective.unit === '1' ? '' : objective.unit}`);
        if (evaluation.gradient !== undefined) terminal.line(gradientText(evaluation, structure));
      }
      terminal.result({ objectives });
    });
}

/** What metrics compare with: the pattern model, and the observed pattern. */
async function readComparison(path: string, options: EvaluateOptions, host: PluginHost, terminal: Terminal): Promise<{ readonly model: PatternModel; readonly observed: Pattern }> {
  const source = await patternOrStructure(path, host);
  const stated =
    'file' in source && options.wavelength === undefined ? await patternWavelength(source.file, options.instrument === undefined ? 'ideal' : 'powder', host, options.repair === true) : undefined;
  const model = await createModel(options, host, stated);
  const repairs = repairList(options);
  const simulated = (target: Structure): Pattern => {
    const twoTheta = twoThetaAxis(options.twoTheta);
    return { twoTheta, intensity: model.on(twoTheta).simulate(target), wavelength: model.wavelength };
  };
  const whole = 'file' in source ? (await loadPattern(source.file, host, repairs)).pattern : simulated((await loadStructure(source.structure, host)).structure);
  noteRepairs(repairs, terminal);
  return { model, observed: options.subtractBackground === undefined ? whole : withoutBackground(whole, { width: options.subtractBackground }) };
}

function report(evaluation: Evaluation, unit: string, structure: Structure): unknown {
  const { value, gradient } = evaluation;
  if (gradient === undefined) return { value, unit };
  const rows = (values: Float64Array): number[][] => Array.from({ length: values.length / 3 }, (_, i) => [...values.subarray(3 * i, 3 * i + 3)]);
  return {
    value,
    unit,
    gradient: {
      cell: cellGradient(evaluation, structure),
      lattice: rows(gradient.lattice),
      frac: rows(gradient.frac),
      ...(gradient.uIso === undefined ? {} : { uIso: [...gradient.uIso] }),
      ...(gradient.occupancy === undefined ? {} : { occupancy: [...gradient.occupancy] }),
    },
  };
}

/** Derivatives in the six cell parameters (per Å, per degree) at constant fractional coordinates. */
function cellGradient(evaluation: Evaluation, structure: Structure): ReturnType<typeof cellFromArray> | undefined {
  if (evaluation.gradient === undefined) return undefined;
  const cell = structureParameterization(structure, { vary: ['cell'], units: 'natural' });
  return cellFromArray(cell.pullback(cell.pack(structure), evaluation.gradient));
}

function gradientText(evaluation: Evaluation, structure: Structure): string {
  const cell = cellGradient(evaluation, structure);
  return Object.entries(cell ?? {})
    .map(([name, value]) => `  d/d ${name.padEnd(6)} ${(value as number).toExponential(6)} ${name.length === 1 ? 'per Å' : 'per degree'}`)
    .join('\n');
}
