import type { Command } from 'commander';
import { randomFromSeed, twoThetaAxis } from '@braggscape/core';
import type { CreateContext, Evaluation, Need, Pattern, Structure } from '@braggscape/core';
import { cellFromArray, structureParameterization } from '@braggscape/crystal';
import { withoutBackground } from '@braggscape/diffraction';
import { createObjective, objectiveEntry } from '@braggscape/pipeline';
import { createHost } from '../compositionRoot.js';
import { loadPattern, patternOrStructure } from '../files/loadPattern.js';
import { patternWavelength } from '../files/patternWavelength.js';
import { loadStructure } from '../files/loadStructure.js';
import { parseObjective } from '../options.js';
import { collect, noteRepairs, repairList, terminalFor, withBackgroundOption, withCommonOptions, withRepairOption } from './shared.js';
import type { BackgroundOption, CommonOptions, RepairOption } from './shared.js';
import { createModel, withInstrumentOptions } from './simulate.js';
import type { InstrumentOptions } from './simulate.js';

interface EvaluateOptions extends CommonOptions, InstrumentOptions, RepairOption, BackgroundOption {
  readonly pattern: string;
  readonly objective?: readonly string[];
  readonly gradient?: boolean;
}

/** `evaluate`: objectives and their gradients at a structure. */
export function addEvaluateCommand(program: Command): void {
  const command = withCommonOptions(program.command('evaluate'))
    .summary('evaluate objectives, and their gradients, at a structure')
    .description('Evaluate objectives at a structure; with --gradient also their derivatives in cell, lattice and coordinates.')
    .argument('<structure>', 'structure file, or FILE#NAME for one of several in it')
    .requiredOption('--pattern <file>', 'observed pattern; or a structure file, whose pattern is simulated')
    .option('--objective <id>', 'metric or potential; may be repeated (default: cosine)', collect)
    .option('--gradient', 'give the gradients too');
  withBackgroundOption(withRepairOption(withInstrumentOptions(command)))
    .addHelpText(
      'after',
      '\nExamples:\n  $ braggscape evaluate start.cif --pattern scan.xye --wavelength CuKa1 --objective cosine --objective mse\n  $ braggscape evaluate start.cif --pattern truth.cif --wavelength 1.5406 --gradient --json\n',
    )
    .action(async (reference: string, options: EvaluateOptions) => {
      const terminal = terminalFor(options);
      const host = await createHost(options.plugin ?? []);
      const chosen = (options.objective ?? ['cosine']).map(parseObjective);
      chosen.forEach(({ use }) => objectiveEntry(use, host, '--objective'));
      const { structure } = await loadStructure(reference, host);
      const source = await patternOrStructure(options.pattern, host);
      const stated =
        'file' in source && options.wavelength === undefined ? await patternWavelength(source.file, options.instrument === undefined ? 'ideal' : 'powder', host, options.repair === true) : undefined;
      const model = await createModel(options, host, stated);
      const repairs = repairList(options);
      const whole =
        'file' in source
          ? (await loadPattern(source.file, host, repairs)).pattern
          : simulated((await loadStructure(source.structure, host)).structure);
      const observed = options.subtractBackground === undefined ? whole : withoutBackground(whole, { width: options.subtractBackground });
      noteRepairs(repairs, terminal);
      const context: CreateContext = { start: structure, random: randomFromSeed(0) };
      const need: Need = options.gradient === true ? 'gradient' : 'value';
      const objectives: Record<string, unknown> = {};
      for (const { use } of chosen) {
        const { entry } = objectiveEntry(use, host, '--objective');
        const choice = { ...entry.normalize({}, use), use, weight: 1 };
        const objective = await createObjective(choice, host, model, observed, context);
        const evaluation = await objective.evaluate(structure, need);
        objectives[use] = report(evaluation, objective.unit, structure);
        objective.dispose?.();
        terminal.line(`${use.padEnd(16)} ${evaluation.value.toPrecision(10)} ${objective.unit === '1' ? '' : objective.unit}`);
        if (evaluation.gradient !== undefined) terminal.line(gradientText(evaluation, structure));
      }
      terminal.result({ objectives });

      function simulated(target: Structure): Pattern {
        const twoTheta = twoThetaAxis(options.twoTheta);
        return { twoTheta, intensity: model.on(twoTheta).simulate(target), wavelength: model.wavelength };
      }
    });
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
