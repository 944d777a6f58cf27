import { dirname, extname, resolve } from 'node:path';
import type { Command } from 'commander';
import { BraggscapeError } from '@braggscape/core';
import type { FrontEvent, PluginHost } from '@braggscape/core';
import { createHost } from '../compositionRoot.js';
import { loadConfig } from '../files/loadConfig.js';
import { prepareFolder } from '../files/prepareFolder.js';
import { readInput } from '../files/readInput.js';
import { finishFront, prepareFront, withFrontDefaults } from '../frontSession.js';
import type { FrontSettings } from '../frontSession.js';
import { parseList, parseNumber, withSetting } from '../options.js';
import { duration } from '../results/progress.js';
import { frontReport, frontSummary, writeFront } from '../results/writeFront.js';
import type { Terminal } from '../terminal.js';
import { interruptible } from './interruptible.js';
import { backendOption, objectiveChoice, withBackend } from './potential.js';
import { pluginNames } from './run.js';
import { projectorChoice, startAndTarget } from './startAndTarget.js';
import { collect, exitCode, noteRepairs, parsed, terminalFor, withBackgroundOption, withCommonOptions, withRepairOption } from './shared.js';
import type { BackgroundOption, CommonOptions, RepairOption } from './shared.js';
import { withInstrumentOptions } from './simulate.js';
import type { InstrumentOptions } from './simulate.js';

interface FrontCommandOptions extends CommonOptions, InstrumentOptions, RepairOption, BackgroundOption {
  readonly pattern?: string;
  readonly objective?: readonly string[];
  readonly backend?: string;
  readonly points?: number;
  readonly decades?: number;
  readonly steps?: number;
  readonly from?: readonly string[];
  readonly project?: string;
  readonly vary?: string;
  readonly seed?: number;
  readonly reference?: string;
  readonly set?: readonly string[];
  readonly output: string;
  readonly figures: boolean;
}

/** `front`: the best compromises between two objectives. */
export function addFrontCommand(program: Command): void {
  const number = (option: string, min: number, integer = true) => parsed((text) => parseNumber(option, text, { min, integer }));
  const command = withCommonOptions(program.command('front'))
    .summary('compute the front between two objectives')
    .description(
      'Compute the best compromises between two objectives, such as the pattern and an energy: the optimum of each alone, and the structures between them that no other one beats in both.\n' +
        'Writes front.json, a CIF for each point and a figure. Exit code: 0 done, 2 some descents stopped at their limit, 130 interrupted (the front so far is kept), 1 bad input.',
    )
    .argument('<structure>', 'start structure; or a configuration file (.yaml), or the front.json of an earlier front, which needs no --pattern')
    .option('--pattern <file>', 'observed pattern; or a structure file, whose pattern is simulated as the target');
  withBackgroundOption(withRepairOption(withInstrumentOptions(command)))
    .option('--objective <id>', 'a metric, a potential, or the folder of a graph model; give two (default: cosine and chgnet)', collect)
    .addOption(backendOption())
    .option('--points <number>', 'points wanted (default: 15)', number('--points', 2))
    .option('--decades <number>', 'decades that the ratio of weights covers to either side of equal ones (default: 2)', number('--decades', 0, false))
    .option('--steps <number>', 'largest number of steps of a descent (default: 400)', number('--steps', 1))
    .option('--from <file>', 'a further start, such as a published structure with the same sites in the same order; may be repeated', collect)
    .option('--project <id>', 'constraint kept at every step, as for refine (default: none)')
    .option('--vary <blocks>', 'what may move, as for refine (default: cell,coords)')
    .option('--seed <number>', 'seed of everything random', number('--seed', Number.MIN_SAFE_INTEGER))
    .option('--reference <file>', 'structure to judge the points by; the descents never see it')
    .option('--set <key=value>', 'set any configuration key, such as optimizer.memory=20; may be repeated', collect)
    .option('-o, --output <folder>', 'folder for the results', 'braggscape-front')
    .option('--no-figures', 'draw no figure')
    .addHelpText(
      'after',
      `
Examples:
  $ braggscape front start.cif --pattern scan.xye --wavelength CuKa1 --objective cosine --objective chgnet -o front
  $ braggscape front truth.cif --pattern truth.cif --wavelength 1.5406 --set distort.lattice=0.05 --seed 1 --points 9
  $ braggscape front start.cif --pattern scan.xye --wavelength CuKa1 --objective rwp --objective ./my-potential --from published.cif
  $ braggscape front combine.yaml --points 21 -o front`,
    )
    .action(async (structure: string, options: FrontCommandOptions) => {
      process.exitCode = await frontCommand(structure, options, terminalFor(options));
    });
}

async function frontCommand(argument: string, options: FrontCommandOptions, terminal: Terminal): Promise<number> {
  const interrupt = interruptible(terminal, () => Promise.resolve());
  try {
    const asked = (await isConfiguration(argument)) ? await configured(argument, options) : await spelledOut(argument, options);
    let { config } = asked;
    for (const assignment of options.set ?? []) config = withSetting(config, assignment);
    const prepared = await prepareFront(config, asked.host, asked.directory, asked.settings);
    noteRepairs(prepared.repairs, terminal);
    await prepareFolder(options.output);
    interrupt.phase = 'running';
    const finished = await finishFront(prepared, asked.host, { signal: interrupt.signal, onEvent: progress(terminal) });
    interrupt.phase = 'writing';
    terminal.endProgress();
    const files = await writeFront(finished, options.output, asked.directory);
    terminal.result(frontSummary(finished, files));
    terminal.line(frontReport(finished, files));
    const { stopReason } = finished.front;
    return stopReason === 'cancelled' ? exitCode.interrupted : stopReason === 'converged' ? exitCode.done : exitCode.unconverged;
  } finally {
    terminal.endProgress();
    interrupt.release();
  }
}

interface Asked {
  readonly config: Record<string, unknown>;
  readonly host: PluginHost;
  readonly directory: string;
  readonly settings: FrontSettings;
}

/** YAML is a configuration; JSON may be a structure too, and says what it is. */
async function isConfiguration(path: string): Promise<boolean> {
  const ending = extname(path).toLowerCase();
  if (ending === '.yaml' || ending === '.yml') return true;
  return ending === '.json' && (await readInput(path)).text().includes('"braggscape-front/1"');
}

async function configured(path: string, options: FrontCommandOptions): Promise<Asked> {
  const stray = (['pattern', 'objective', 'wavelength', 'instrument', 'uvw', 'subtractBackground', 'repair', 'backend', 'project', 'vary', 'reference'] as const).find((name) => options[name] !== undefined);
  if (stray !== undefined) {
    throw new BraggscapeError('option.invalid', `--${stray.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)} is part of the configuration`, { path, hint: 'change it there, or with --set' });
  }
  const directory = dirname(resolve(path));
  const { config, settings } = await loadFrontConfig(path);
  const given = { ...config, ...(options.seed === undefined ? {} : { seed: options.seed }), ...(options.figures ? {} : { figures: false }) };
  const host = await createHost([...new Set([...pluginNames(given), ...(options.plugin ?? [])])], directory);
  return { config: withFrontDefaults(given) as Record<string, unknown>, host, directory, settings: { ...settings, ...settingsOf(options) } };
}

/** The configuration, and the settings of the front that it may be a record of. */
async function loadFrontConfig(path: string): Promise<{ config: Record<string, unknown>; settings: FrontSettings }> {
  const { config } = await loadConfig(path);
  if (extname(path).toLowerCase() !== '.json') return { config, settings: {} };
  const { settings = {} } = JSON.parse((await readInput(path)).text()) as { settings?: FrontSettings };
  return { config, settings };
}

async function spelledOut(structure: string, options: FrontCommandOptions): Promise<Asked> {
  if (options.pattern === undefined) throw new BraggscapeError('option.invalid', 'there is no --pattern to compare with', { hint: 'name a pattern file, or a structure file to simulate it from' });
  const host = await createHost(options.plugin ?? []);
  const config = withFrontDefaults({
    ...(await startAndTarget(structure, { ...options, pattern: options.pattern }, host)),
    objectives: withBackend((options.objective ?? ['cosine', 'chgnet']).map(unweighted), options.backend, host),
    ...(options.project === undefined ? {} : { projector: projectorChoice(options.project) }),
    ...(options.vary === undefined ? {} : { vary: parseList(options.vary) }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.reference === undefined ? {} : { reference: options.reference }),
    figures: options.figures,
  }) as Record<string, unknown>;
  return { config, host, directory: process.cwd(), settings: settingsOf(options) };
}

function unweighted(text: string): ReturnType<typeof objectiveChoice> {
  if (!text.includes('=')) return objectiveChoice(text);
  throw new BraggscapeError('option.invalid', `--objective got ${JSON.stringify(text)}, and a front sweeps the weights`, { hint: `write ${text.slice(0, text.indexOf('='))}` });
}

function settingsOf({ points, decades, steps, from }: FrontCommandOptions): FrontSettings {
  return {
    ...(points === undefined ? {} : { points }),
    ...(decades === undefined ? {} : { decades }),
    ...(steps === undefined ? {} : { steps }),
    ...(from === undefined ? {} : { from: from.map((path) => resolve(path)) }),
  };
}

const phases = { ends: 'the optimum of each objective alone', weights: 'weighted sums', epsilon: 'ε-constraints in the gaps' } as const;

/** A note for each phase, and one live line. */
function progress(terminal: Terminal): (event: FrontEvent) => void {
  let phase = '';
  let count = 0;
  return (event) => {
    if (event.kind === 'started') terminal.note(`front of ${event.objectives.map(({ id }) => id).join(' and ')}, ${event.parameters.length} parameters, ${event.points} points wanted`);
    else if (event.kind === 'descending' && event.phase !== phase) {
      ({ phase } = event);
      terminal.note(phases[event.phase]);
    } else if (event.kind === 'frontChanged') count = event.points.length;
    else if (event.kind === 'stepped') terminal.progress(`${count} points  step ${event.step}  value ${event.value.toPrecision(5)}  ${event.evaluations} evaluations  ${duration(event.seconds)}`);
  };
}
