import type { Command } from 'commander';
import { BraggscapeError } from '@braggscape/core';
import { createHost } from '../compositionRoot.js';
import { plans } from '@braggscape/pipeline';
import { broadeningWidths, parseList, parseNumber, parseWidths, withSetting } from '../options.js';
import { backendOption, objectiveChoice, withBackend } from './potential.js';
import { execute } from './execute.js';
import { collect, parsed, terminalFor, withBackgroundOption, withCommonOptions, withRepairOption } from './shared.js';
import type { BackgroundOption, CommonOptions, RepairOption } from './shared.js';
import { projectorChoice, startAndTarget } from './startAndTarget.js';
import { withInstrumentOptions } from './simulate.js';
import type { InstrumentOptions } from './simulate.js';

interface RefineOptions extends CommonOptions, InstrumentOptions, RepairOption, BackgroundOption {
  readonly pattern: string;
  readonly plan?: string;
  readonly objective?: readonly string[];
  readonly backend?: string;
  readonly optimizer?: string;
  readonly project?: string;
  readonly vary?: string;
  /** `true` without widths. */
  readonly broaden?: readonly number[] | true;
  readonly seed?: number;
  readonly steps?: number;
  readonly reference?: string;
  readonly set?: readonly string[];
  readonly output: string;
  readonly resume?: boolean;
  readonly figures: boolean;
}

/** `refine`: move a structure until its pattern is the observed one. */
export function addRefineCommand(program: Command): void {
  const command = withCommonOptions(program.command('refine'))
    .summary('refine a structure against a powder pattern')
    .description(
      'Refine a structure against a powder pattern. Writes refined.cif, record.json, checkpoint.json and figures.\n' +
        'Exit code: 0 converged, 2 stopped before that (the best structure is kept), 130 interrupted (kept too), 1 bad input.',
    )
    .argument('<structure>', 'start structure: a file, or FILE#NAME for one of several in it')
    .requiredOption('--pattern <file>', 'observed pattern; or a structure file, whose pattern is simulated as the target');
  const whole = (option: string, min: number) => parsed((text) => parseNumber(option, text, { min, integer: true }));
  withBackgroundOption(withRepairOption(withInstrumentOptions(command)))
    .option('--plan <name>', `how the structure is recovered: ${Object.keys(plans).join(', ')}, a file with a plan of your own, or descent (default: robust, or descent if --optimizer, --objective or the like say how)`)
    .option('--objective <id[=weight]>', 'what to minimize: a metric, a potential, or the folder of a graph model; may be repeated (default: cosine)', collect)
    .addOption(backendOption())
    .option('--optimizer <id>', 'optimizer (default: adam)')
    .option('--project <id>', 'constraint kept at every step: none, a lattice family such as hexagonal, spacegroup (that of the start), auto (the highest symmetry that the start nearly has), or bounds; several with commas (default: none)')
    .option('--vary <blocks>', 'what may move: cell, coords, uIso, occupancy, and parameters of the instrument such as zero, scale, background, profile (default: cell,coords)')
    .option('--broaden [widths]', `begin with peaks broadened by these FWHM in degrees, a stage of descent each (default: ${broadeningWidths.join(',')})`, parsed(parseWidths))
    .option('--seed <number>', 'seed of everything random', whole('--seed', Number.MIN_SAFE_INTEGER))
    .option('--steps <number>', 'largest number of steps', whole('--steps', 0))
    .option('--reference <file>', 'structure to judge the result by; the refinement never sees it')
    .option('--set <key=value>', 'set any configuration key, such as optimizer.learningRate=0.01; may be repeated', collect)
    .option('-o, --output <folder>', 'folder for the results', 'braggscape-results')
    .option('--resume', 'go on from the checkpoint in the output folder')
    .option('--no-figures', 'draw no figures')
    .addHelpText(
      'after',
      `
Examples:
  $ braggscape refine start.cif --pattern scan.xye --wavelength CuKa1 -o out
  $ braggscape refine start.cif --pattern scan.xrdml --instrument lab.yaml -o out          (the plan robust fits the instrument's numbers too)
  $ braggscape refine start.cif --pattern scan.xye --wavelength CuKa1 --plan xrd
  $ braggscape refine start.cif --pattern scan.xye --wavelength CuKa1 --plan ./mine.yaml
  $ braggscape refine start.cif --pattern truth.cif --wavelength 1.5406 --project hexagonal --steps 1000
  $ braggscape refine start.cif --pattern scan.xy --wavelength CuKa1 --objective cosine --objective chgnet=0.1
  $ braggscape refine start.cif --pattern scan.xy --wavelength CuKa1 --objective cosine --objective ./my-potential=0.1 --vary cell
  $ braggscape refine start.cif --pattern scan.xy --wavelength CuKa1 --subtract-background --broaden --steps 2000
  $ braggscape refine start.cif --pattern scan.xy --wavelength CuKa1 -o out --resume
`,
    )
    .action(async (structure: string, options: RefineOptions) => {
      checkPlanAlone(options);
      const host = await createHost(options.plugin ?? []);
      let config = await refineConfig(structure, options, host);
      for (const assignment of options.set ?? []) config = withSetting(config, assignment);
      process.exitCode = await execute(config, host, {
        directory: process.cwd(),
        output: options.output,
        resume: options.resume === true,
        terminal: terminalFor(options),
      });
    });
}

/** Options that say how a single descent goes, which the steps of a plan do not heed. */
const ofDescents = ['optimizer', 'project', 'broaden', 'steps'] as const;

/** @throws BraggscapeError `option.invalid` for an option that would be ignored, whatever its value */
function checkPlanAlone(options: RefineOptions): void {
  if (options.plan === undefined || options.plan === 'descent') return;
  const ignored = ofDescents.find((key) => options[key] !== undefined);
  if (ignored === undefined) return;
  throw new BraggscapeError('option.invalid', `the plan "${options.plan}" does not heed --${ignored}`, { hint: 'leave one of the two out; --plan descent is a single descent as the other options say' });
}

/** The configuration that the command line spells out; `run` with it gives the same result. */
async function refineConfig(
  structure: string,
  options: RefineOptions,
  host: Awaited<ReturnType<typeof createHost>>,
): Promise<Record<string, unknown>> {
  return {
    ...(await startAndTarget(structure, options, host)),
    ...(options.plan === undefined ? {} : { plan: options.plan }),
    ...chosenObjectives(options, host),
    ...(options.optimizer === undefined ? {} : { optimizer: { use: options.optimizer } }),
    ...(options.project === undefined ? {} : { projector: projectorChoice(options.project) }),
    ...(options.vary === undefined ? {} : { vary: parseList(options.vary) }),
    ...(options.broaden === undefined ? {} : { broadening: { fwhm: options.broaden === true ? broadeningWidths : options.broaden } }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.steps === undefined
      ? {}
      : { stop: [{ use: 'max-steps', steps: options.steps }, { use: 'gradient-tolerance' }, { use: 'stalled' }, { use: 'diverged' }] }),
    ...(options.reference === undefined ? {} : { reference: options.reference }),
    output: options.output,
    figures: options.figures,
  };
}

/** Objectives as named; those of the plan where a backend is chosen for them. */
function chosenObjectives({ objective, backend, plan, ...options }: RefineOptions, host: Awaited<ReturnType<typeof createHost>>): Record<string, unknown> {
  if (objective !== undefined) return { objectives: withBackend(objective.map(objectiveChoice), backend, host) };
  if (backend === undefined) return {};
  const single = ofDescents.some((key) => options[key] !== undefined);
  const named = plan ?? (single ? 'descent' : 'robust');
  return { plan: named, objectives: withBackend(plans[named]?.objectives ?? [{ use: 'cosine', weight: 1 }], backend, host) };
}
