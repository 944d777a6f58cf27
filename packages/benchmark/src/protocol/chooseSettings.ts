import { BraggscapeError, closedObject, compileSchema, nameHint } from '@braggscape/core';
import type { JsonValue, PluginHost, PropertySchema } from '@braggscape/core';
import { normalizeConfig, plans } from '@braggscape/pipeline';
import type { Choice } from '@braggscape/pipeline';
import { noiseModels } from './noise.js';
import type { Setting } from './setting.js';

/** Names that stand for settings of the paper rather than for a plan. */
const ENERGY = 'energy';
const CONSTRAINT = '+constraint';

/** The settings of the full protocol: all of the paper's, and the two plans on ten samples. */
export const paperSettings: readonly string[] = ['cosine', 'mse', 'entropy', 'cross-correlation', 'cosine+constraint', ENERGY, 'xrd@10', 'robust@10'];

/** Numbers that settings have in common. */
export interface SettingOptions {
  /** Optimizer of descents. */
  readonly optimizer: string;
  /** Most steps of a descent. */
  readonly steps: number;
  /** Most steps of a relaxation. */
  readonly relaxationSteps: number;
}

/** Budget of descents: docs/benchmark.md shows on a sample what more steps change. */
export const defaultSettingOptions: SettingOptions = { optimizer: 'adam', steps: 1000, relaxationSteps: 500 };

/** A configuration file of a setting, read by the caller. */
export interface SettingFile {
  /** File name without its ending. */
  readonly name: string;
  /** Only the first of the samples; null: all. */
  readonly samples: number | null;
  /** A plan (with `steps`), a relaxation (with `potential`), or keys of a configuration. */
  readonly content: Readonly<Record<string, JsonValue>>;
}

/**
 * The setting that a name or a file stands for.
 *
 * A name is a metric (descent as in the paper), a metric with `+constraint`, `energy` or a potential (relaxation), or a plan. `@N` after it: only the first N samples.
 *
 * @param given the text, for a file its content
 * @throws BraggscapeError `option.invalid` or `config.invalid`
 */
export function chooseSetting(given: string | SettingFile, options: SettingOptions, host: PluginHost): Setting {
  const { name, samples } = typeof given === 'string' ? withSamples(given) : given;
  if (samples === 0) throw new BraggscapeError('option.invalid', `the setting "${name}" asks for no sample`, { hint: `write ${name}@10 for the first ten, or ${name} for all` });
  const setting = typeof given === 'string' ? namedSetting(name, samples, options, host) : fileSetting(name, samples, given.content, options, host);
  if (setting.kind === 'refinement') checkConfig(setting.config, host, name);
  return setting;
}

/** `NAME` or `NAME@N`: the name, and how many of the samples are meant; null: all. */
export function withSamples(text: string): { readonly name: string; readonly samples: number | null } {
  const [, name, count] = /^(.*?)(?:@(\d+))?$/s.exec(text) as unknown as [string, string, string | undefined];
  return { name, samples: count === undefined ? null : Number(count) };
}

function namedSetting(name: string, samples: number | null, options: SettingOptions, host: PluginHost): Setting {
  const constrained = name.endsWith(CONSTRAINT);
  const bare = constrained ? name.slice(0, -CONSTRAINT.length) : name;
  if (host.registry('metrics').has(bare)) return descent(name, bare, constrained, samples, options);
  const potential = bare === ENERGY ? 'chgnet' : bare;
  if (!constrained && host.registry('potentials').has(potential)) return relaxation(name, samples, { potential: { use: potential } }, options, host);
  if (!constrained && Object.hasOwn(plans, bare)) {
    return { kind: 'refinement', name, noise: noiseModels, samples, similarity: 'cosine', config: { plan: bare }, constraint: 'none', vary: 'config' };
  }
  const known = new Set([ENERGY, ...host.registry('metrics').list().map(({ id }) => id), ...Object.keys(plans), ...host.registry('potentials').list().map(({ id }) => id)]);
  throw new BraggscapeError('option.invalid', `there is no setting "${name}"`, {
    hint: `${nameHint(bare, [...known])}; ${CONSTRAINT} follows a metric; a setting of your own is a file (./mine.yaml) with a plan or the keys of a configuration`,
  });
}

/** The paper's descent on sharp peaks. */
function descent(name: string, metric: string, constrained: boolean, samples: number | null, options: SettingOptions): Setting {
  return {
    kind: 'refinement',
    name,
    // A constraint on the lattice has nothing to do where the lattice is right and stays.
    noise: constrained ? ['lattice'] : noiseModels,
    samples,
    similarity: metric,
    config: { objectives: [{ use: metric }], ...descentConfig(options) },
    constraint: constrained ? 'lattice' : 'none',
    vary: 'noise',
  };
}

/** How descents go, where a file does not say otherwise. The losses have very different sizes, so that no gradient but a vanishing one is small for all; a descent ends where it gains nothing more. */
function descentConfig({ optimizer, steps }: SettingOptions): Readonly<Record<string, JsonValue>> {
  return {
    plan: 'descent',
    optimizer: { use: optimizer },
    stop: [{ use: 'max-steps', steps }, { use: 'gradient-tolerance', tolerance: 1e-9 }, { use: 'stalled', patience: 200, tolerance: 1e-4 }, { use: 'diverged' }],
  };
}

/** A relaxation of which at least the potential is said. */
function relaxation(name: string, samples: number | null, given: Readonly<Record<string, JsonValue>>, { relaxationSteps }: SettingOptions, host: PluginHost): Setting {
  const { potential, optimizer, ...rest } = checkRelaxation({ steps: relaxationSteps, ...given });
  return { kind: 'relaxation', name, noise: noiseModels, samples, similarity: 'cosine', potential: completed('potentials', potential, host), optimizer: completed('optimizers', optimizer, host), ...rest };
}

/** A choice with every option filled in. */
function completed(kind: 'potentials' | 'optimizers', { use, ...given }: Choice, host: PluginHost): Choice {
  return { ...(host.registry(kind).get(use).normalize(given, use) as Record<string, JsonValue>), use };
}

/** What says how a relaxation goes. */
interface RelaxationFile {
  readonly potential: Choice;
  readonly optimizer: Choice;
  readonly forceTolerance: number;
  readonly steps: number;
}

const namedEntry = (description: string): PropertySchema => ({ description, type: 'object', properties: { use: { type: 'string' } }, required: ['use'], additionalProperties: true });

const checkRelaxation = compileSchema<RelaxationFile>(
  closedObject({
    potential: namedEntry('Potential with its options.'),
    optimizer: { ...namedEntry('Optimizer with its options.'), default: { use: 'fire' } },
    forceTolerance: { description: 'Longest force of a relaxed structure, eV/Å.', type: 'number', exclusiveMinimum: 0, default: 0.05 },
    steps: { description: 'Most steps.', type: 'integer', minimum: 0 },
  }),
);

/** A relaxation, a plan, or keys of a configuration. */
function fileSetting(name: string, samples: number | null, content: SettingFile['content'], options: SettingOptions, host: PluginHost): Setting {
  if ('potential' in content) return relaxation(name, samples, content, options, host);
  const metric = (content.objectives as readonly { use?: string }[] | undefined)?.[0]?.use;
  const frame = { kind: 'refinement', name, noise: noiseModels, samples, similarity: typeof metric === 'string' ? metric : 'cosine', constraint: 'none' } as const;
  if ('steps' in content) return { ...frame, config: { plan: { name, ...content } }, vary: 'config' };
  if ('plan' in content && content.plan !== 'descent') return { ...frame, config: content, vary: 'config' };
  return { ...frame, config: { ...descentConfig(options), ...content }, vary: 'vary' in content ? 'config' : 'noise' };
}

/** Keys that the benchmark sets itself. */
const ownKeys = ['structure', 'pattern', 'instrument', 'twoTheta', 'seed', 'distort', 'reference', 'output', 'figures', 'checkpointSeconds', 'plugins'];

function checkConfig(config: Readonly<Record<string, JsonValue>>, host: PluginHost, name: string): void {
  const stray = Object.keys(config).find((key) => ownKeys.includes(key));
  if (stray !== undefined) throw new BraggscapeError('config.invalid', `the setting "${name}" sets "${stray}", which the benchmark sets itself`, { path: stray, hint: 'leave it out' });
  normalizeConfig({ ...config, structure: '-', pattern: { structure: '-' }, instrument: { wavelength: 1.5406 } }, host);
}
