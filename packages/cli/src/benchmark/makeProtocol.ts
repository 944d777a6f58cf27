import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { BraggscapeError, canonicalJson, isBraggscapeError, randomFromSeed, relocated, structureFromJson, structureToJson } from '@braggscape/core';
import type { CreateContext, JsonValue, PluginHost, Potential, Structure } from '@braggscape/core';
import { chooseSetting, defaultSettingOptions, latticeFamily, structuresFolder, withSamples } from '@braggscape/benchmark';
import type { BenchmarkStructure, Protocol, Setting, SettingOptions } from '@braggscape/benchmark';
import { normalizeConfig, objectiveEntry, optionsOf } from '@braggscape/pipeline';
import type { Choice } from '@braggscape/pipeline';
import { instrumentConfig } from '../commands/simulate.js';
import { programVersion } from '../compositionRoot.js';
import { loadConfig } from '../files/loadConfig.js';
import { loadStructure, structureFormats } from '../files/loadStructure.js';
import type { Terminal } from '../terminal.js';
import { withModelFolders } from '../results/recordPaths.js';
import { withPlanFile } from '../session.js';
import { levelsOf } from './benchmarkOptions.js';
import type { BenchmarkOptions } from './benchmarkOptions.js';
import { protocolContents } from './protocolContents.js';

/** Wavelength of the paper, Å. */
const PAPER_WAVELENGTH = 1.5406;

/**
 * The protocol that the options describe, checked: structures are read, settings completed, and every potential has been asked for the energy of every true structure.
 * @throws BraggscapeError before any work starts
 */
export async function makeProtocol(options: BenchmarkOptions, host: PluginHost, terminal: Terminal): Promise<Protocol> {
  const structures = await readStructures(options.structures ?? structuresFolder, host, terminal);
  const settings = await chooseSettings(options, host);
  const contents = await protocolContents(options.plugin ?? [], settings, host);
  const protocol: Protocol = {
    format: 'braggscape-benchmark/1',
    version: programVersion,
    structures,
    levels: levelsOf(options),
    distribution: options.distribution,
    samples: options.samples,
    seed: options.seed,
    settings,
    instrument: await instrumentOf(options, host),
    twoTheta: options.twoTheta,
    energies: options.energies === 'none' ? null : potentialChoice(options.energies, host),
    plugins: options.plugin ?? [],
    ...(contents.length === 0 ? {} : { contents }),
  };
  checkStarts(protocol);
  await checkConstraints(protocol, host);
  await checkPotentials(protocol, host);
  return protocol;
}

/** Every structure file of a folder, by name. */
async function readStructures(folder: string, host: PluginHost, terminal: Terminal): Promise<readonly BenchmarkStructure[]> {
  const endings = (await structureFormats(host)).flatMap(({ extensions }) => extensions);
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (cause) {
    throw new BraggscapeError('file.missing', `the folder cannot be read (${(cause as { code?: string }).code ?? 'unknown error'})`, { path: folder, hint: 'give a folder of structure files with --structures', cause });
  }
  const structures: BenchmarkStructure[] = [];
  for (const file of names.sort().filter((name) => endings.some((ending) => name.toLowerCase().endsWith(ending)))) {
    try {
      structures.push({ name: file.replace(/\.[^.]*$/, ''), structure: structureToJson((await loadStructure(join(folder, file), host)).structure) });
    } catch (error) {
      // JSON may be anything, such as an index of the folder.
      if (!file.toLowerCase().endsWith('.json') || !isBraggscapeError(error)) throw error;
      terminal.note(`${join(folder, file)} is no structure and left out`);
    }
  }
  if (structures.length === 0) throw new BraggscapeError('file.missing', 'there is no structure file in the folder', { path: folder, hint: `known endings: ${endings.join(', ')}` });
  const twice = structures.find(({ name }, i) => structures.findIndex((other) => other.name === name) !== i);
  if (twice !== undefined) throw new BraggscapeError('option.invalid', `two files are called "${twice.name}"`, { path: folder, hint: 'give them different names' });
  return structures;
}

async function chooseSettings({ settings: given, optimizer, steps }: BenchmarkOptions, host: PluginHost): Promise<readonly Setting[]> {
  host.registry('optimizers').get(optimizer);
  const settings: Setting[] = [];
  for (const text of given) {
    const setting = await settingFrom(text, { ...defaultSettingOptions, optimizer, steps }, host);
    if (settings.some(({ name }) => name === setting.name)) throw new BraggscapeError('option.invalid', `--settings names "${setting.name}" twice`, { hint: 'name each once' });
    settings.push(setting);
  }
  return settings;
}

/** The setting of a name or a file; paths in a file start from its folder, and faults in it name it. */
async function settingFrom(text: string, options: SettingOptions, host: PluginHost): Promise<Setting> {
  const { name, samples } = withSamples(text);
  if (!/\.(ya?ml|json)$/.test(name)) return chooseSetting(text, options, host);
  const { config } = await loadConfig(name);
  const folder = dirname(resolve(name));
  try {
    const whole = (await withPlanFile(config, folder)) as Record<string, JsonValue>;
    return chooseSetting({ name: basename(name).replace(/\.[^.]*$/, ''), samples, content: withWholePaths(whole, folder) }, options, host);
  } catch (cause) {
    if (!isBraggscapeError(cause)) throw cause;
    throw relocated(cause, cause.path === undefined ? name : `${name}: ${cause.path}`);
  }
}

/** A setting's file with the folders of graph models as whole paths. */
function withWholePaths(content: Readonly<Record<string, JsonValue>>, folder: string): Readonly<Record<string, JsonValue>> {
  const whole = (chosen: JsonValue | undefined): JsonValue => withModelFolders([chosen as never], (path) => resolve(folder, path))[0];
  return {
    ...content,
    ...(typeof content.potential === 'object' && content.potential !== null ? { potential: whole(content.potential) } : {}),
    ...(Array.isArray(content.objectives) ? { objectives: content.objectives.map((chosen: JsonValue) => (typeof chosen === 'object' && chosen !== null ? whole(chosen) : chosen)) } : {}),
  };
}

async function instrumentOf(options: BenchmarkOptions, host: PluginHost): Promise<Choice> {
  const given = await instrumentConfig(options);
  const config = normalizeConfig({ structure: '-', pattern: { structure: '-' }, plan: 'descent', instrument: { ...(given.wavelength === undefined ? { wavelength: PAPER_WAVELENGTH } : {}), ...given } }, host);
  return config.instrument;
}

function potentialChoice(id: string, host: PluginHost): Choice {
  return { ...(host.registry('potentials').get(id).normalize({}, '--energies') as Record<string, JsonValue>), use: id };
}

/** @throws BraggscapeError `option.invalid` for a setting that nothing begins from */
function checkStarts({ settings, levels }: Protocol): void {
  const idle = settings.find(({ noise }) => !noise.some((model) => levels[model] !== undefined));
  if (idle !== undefined) throw new BraggscapeError('option.invalid', `the setting "${idle.name}" is benched on ${idle.noise.join(', ')} noise only, and there is none`, { hint: 'leave it out, or add the noise model' });
}

/** Whether the lattice constraint keeps every true structure. */
async function checkConstraints({ structures, settings }: Protocol, host: PluginHost): Promise<void> {
  if (!settings.some((setting) => setting.kind === 'refinement' && setting.constraint === 'lattice')) return;
  for (const { name, structure } of structures) {
    try {
      await latticeFamily(structureFromJson(structure), host);
    } catch (cause) {
      throw isBraggscapeError(cause) ? relocated(cause, name) : cause;
    }
  }
}

/** What a potential cannot take, such as partial occupancy, is said now and not by a thousand refused tasks. Potentials that a plan brings along and may leave out are not asked. */
async function checkPotentials({ structures, settings, energies }: Protocol, host: PluginHost): Promise<void> {
  const choices = new Map<string, { readonly choice: Choice; readonly by: string }>();
  const add = (choice: Choice, by: string): void => void choices.set(canonicalJson(choice), { choice, by });
  if (energies !== null) add(energies, '--energies');
  for (const setting of settings) for (const choice of potentialsOf(setting, host)) add(choice, `the setting "${setting.name}"`);
  for (const { choice, by } of choices.values()) {
    const context: CreateContext = { start: structureFromJson(structures[0].structure), random: randomFromSeed(0) };
    const potential = await host.registry('potentials').get(choice.use).create(optionsOf(choice), context);
    try {
      for (const { name, structure } of structures) await checkEnergy(potential, structureFromJson(structure), name, by);
    } finally {
      potential.dispose?.();
    }
  }
}

/** Potentials that a setting cannot do without. */
function potentialsOf(setting: Setting, host: PluginHost): readonly Choice[] {
  if (setting.kind === 'relaxation') return [setting.potential];
  const { plan, objectives } = normalizeConfig({ ...setting.config, structure: '-', pattern: { structure: '-' }, instrument: { wavelength: PAPER_WAVELENGTH } }, host);
  if (plan !== 'descent' && plan.lenient) return [];
  return objectives.filter(({ use }) => objectiveEntry(use, host, 'objectives').kind === 'potentials').map(({ weight: _weight, ...choice }) => choice);
}

async function checkEnergy(potential: Potential, structure: Structure, name: string, by: string): Promise<void> {
  try {
    const { energy } = await potential.compute(structure);
    if (!Number.isFinite(energy)) throw new BraggscapeError('structure.unsupported', `"${potential.id}" gives no finite energy`);
  } catch (cause) {
    if (!isBraggscapeError(cause)) throw cause;
    throw new BraggscapeError('structure.unsupported', `${by} cannot take ${name}: ${cause.message}`, { path: name, hint: by === '--energies' ? 'use --energies none, or leave the structure out' : 'leave the setting or the structure out', cause });
  }
}
