import { dirname, isAbsolute, join } from 'node:path';
import type { Command } from 'commander';
import type { CreateContext, EmissionLine, Pattern, PatternFormat, PatternModel, PluginHost, Reflection } from '@braggscape/core';
import { BraggscapeError, randomFromSeed, twoThetaAxis } from '@braggscape/core';
import { noisyPattern } from '@braggscape/diffraction';
import type { Choice } from '@braggscape/pipeline';
import { createHost } from '../compositionRoot.js';
import { loadConfig } from '../files/loadConfig.js';
import { loadStructure } from '../files/loadStructure.js';
import { writeFileAtomically } from '../files/writeFileAtomically.js';
import { parseNumber, parseTwoTheta, parseUvw, parseWavelength } from '../options.js';
import { table } from '../terminal.js';
import { withPhasePaths } from '../results/recordPaths.js';
import { withPhaseTexts } from '../session.js';
import { parsed, terminalFor, withCommonOptions } from './shared.js';
import type { CommonOptions } from './shared.js';

/** Options that describe the instrument. */
export interface InstrumentOptions {
  readonly wavelength?: number | string;
  readonly instrument?: string;
  readonly twoTheta: ReturnType<typeof parseTwoTheta>;
  readonly uvw?: ReturnType<typeof parseUvw>;
}

/** Add the options that describe the instrument. */
export function withInstrumentOptions(command: Command): Command {
  return command
    .option('--wavelength <value>', 'wavelength in Å, or a name such as CuKa1; needed unless the pattern or instrument file states it', parseWavelength)
    .option('--instrument <file>', 'instrument and specimen in JSON or YAML: a pattern model (use: powder by default) with its options, see docs/instruments.md')
    .option('--two-theta <start:stop:count>', '2θ axis of simulated patterns in degrees', parsed(parseTwoTheta), parseTwoTheta('5:90:8500'))
    .option('--uvw <u,v,w>', 'Caglioti parameters of the peak width in deg² (default: 0,0,0.1, or those of the instrument file)', parsed(parseUvw));
}

/**
 * Configuration of the instrument: that of the file, or the ideal one, with what the other options say.
 * @throws BraggscapeError as reading the file does
 */
export async function instrumentConfig(options: InstrumentOptions): Promise<Record<string, unknown> & { use: string }> {
  const given = options.instrument === undefined ? { use: 'ideal', ...parseUvw('0,0,0.1') } : await instrumentOf(options.instrument);
  return { ...given, ...(options.wavelength === undefined ? {} : { wavelength: options.wavelength }), ...options.uvw };
}

async function instrumentOf(path: string): Promise<Record<string, unknown> & { use: string }> {
  const { config } = await loadConfig(path);
  const { use = 'powder', ...rest } = config;
  // Paths of phases start from the file that names them; from here on they start from the current folder.
  const choice = withPhasePaths({ use: String(use), ...(rest as Record<string, never>) }, (phase) => (isAbsolute(phase) ? phase : join(dirname(path), phase)));
  return choice;
}

/**
 * The pattern model the options describe.
 * @param stated wavelength to use where they give none
 */
export async function createModel(options: InstrumentOptions, host: PluginHost, stated?: number | readonly EmissionLine[]): Promise<PatternModel> {
  const { use, ...described } = (await withPhaseTexts((await instrumentConfig(options)) as Choice, (path) => path, [])) as Record<string, unknown> & { use: string };
  const raw = described.wavelength === undefined && stated !== undefined ? { ...described, wavelength: stated } : described;
  const entry = host.registry('patternModels').get(use);
  return entry.create(entry.normalize(raw, 'instrument'), {} as CreateContext);
}

/** Options that make a pattern look measured. */
interface NoiseOptions {
  readonly counts?: number;
  readonly background: number;
  readonly zeroShift: number;
  readonly texture: number;
  readonly seed: number;
}

/** `simulate`: the powder pattern of a structure. */
export function addSimulateCommand(program: Command): void {
  const command = withCommonOptions(program.command('simulate'))
    .summary('calculate the powder pattern of a structure')
    .description('Calculate the powder pattern and the reflection list of a structure (kinematic, Gaussian peaks; intensities unscaled).')
    .argument('<structure>', 'structure file, or FILE#NAME for one of several in it');
  withInstrumentOptions(command)
    .option('-o, --output <file>', 'write the pattern: .xy, .xye, .cif or .json')
    .option('--counts <number>', 'counts at the strongest point, Poisson-distributed, with their uncertainties', parsed((text) => parseNumber('--counts', text, { min: 1 })))
    .option('--background <height>', 'add a background of this height relative to the strongest point', parsed((text) => parseNumber('--background', text, { min: 0 })), 0)
    .option('--zero-shift <degrees>', 'shift the pattern by up to this much', parsed((text) => parseNumber('--zero-shift', text, { min: 0 })), 0)
    .option('--texture <size>', 'preferred orientation, |ln r| up to this', parsed((text) => parseNumber('--texture', text, { min: 0 })), 0)
    .option('--seed <number>', 'seed of everything random', parsed((text) => parseNumber('--seed', text, { integer: true })), 0)
    .addHelpText(
      'after',
      '\nExamples:\n  $ braggscape simulate quartz.cif --wavelength CuKa1\n  $ braggscape simulate quartz.cif --wavelength 1.5406 --two-theta 5:90:8500 --uvw 0,0,0.1 -o quartz.xye\n  $ braggscape simulate quartz.cif --wavelength CuKa1+2 --instrument lab.yaml --counts 10000 --background 0.02 --zero-shift 0.02 --seed 3 -o quartz.xye\n',
    )
    .action(async (reference: string, options: CommonOptions & InstrumentOptions & NoiseOptions & { output?: string }) => {
      const terminal = terminalFor(options);
      const host = await createHost(options.plugin ?? []);
      const model = await createModel(options, host);
      const { structure } = await loadStructure(reference, host);
      const twoTheta = twoThetaAxis(options.twoTheta);
      const reflections = model.reflections(structure, options.twoTheta.start, options.twoTheta.stop);
      const { counts = null, background, zeroShift, texture, seed } = options;
      const pattern = noisyPattern(model, structure, twoTheta, { counts, background, zeroShift, texture }, randomFromSeed(seed).derive('noise'));
      if (options.output !== undefined) {
        await writeFileAtomically(options.output, await patternText(options.output, pattern, reflections, host));
        terminal.note(`wrote ${options.output}`);
      }
      terminal.result(patternJson(pattern, reflections));
      terminal.line(reflectionTable(reflections));
    });
}

function patternJson(pattern: Pattern, reflections: readonly Reflection[]): unknown {
  return { twoTheta: [...pattern.twoTheta], intensity: [...pattern.intensity], ...(pattern.sigma === undefined ? {} : { sigma: [...pattern.sigma] }), wavelength: pattern.wavelength, reflections };
}

async function patternText(path: string, pattern: Pattern, reflections: readonly Reflection[], host: PluginHost): Promise<string> {
  // The JSON form carries the reflections too, which a pattern format knows nothing of.
  if (path.toLowerCase().endsWith('.json')) return `${JSON.stringify(patternJson(pattern, reflections))}\n`;
  const formats: PatternFormat[] = [];
  for (const entry of host.registry('patternFormats').list()) formats.push(await entry.create({}, {} as CreateContext));
  const writable = formats.filter((format) => format.write !== undefined);
  const found = writable.find((format) => format.extensions.some((extension) => path.toLowerCase().endsWith(extension)));
  if (found?.write !== undefined) return found.write(pattern);
  throw new BraggscapeError('format.unknown', `no pattern format is written to a file called "${path}"`, {
    path,
    hint: `use one of ${writable.flatMap(({ extensions }) => extensions).join(', ')}`,
  });
}

function reflectionTable(reflections: readonly Reflection[]): string {
  const strongest = Math.max(...reflections.map(({ intensity }) => intensity), 0);
  const rows = reflections.map(({ h, k, l, dSpacing, twoTheta, multiplicity, intensity }) => [
    `${h} ${k} ${l}`,
    dSpacing.toFixed(5),
    twoTheta.toFixed(4),
    String(multiplicity),
    intensity.toExponential(5),
    ((100 * intensity) / strongest).toFixed(2),
  ]);
  return table([['h k l', 'd (Å)', '2θ (°)', 'mult.', 'intensity', 'I/Imax (%)'], ...rows]);
}
