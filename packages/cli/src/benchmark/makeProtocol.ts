import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { BraggscapeError, isBraggscapeError, randomFromSeed, structureFromJson, structureToJson } from '@braggscape/core';
import type { CreateContext, JsonValue, PluginHost, Potential, Structure } from '@braggscape/core';
import { chooseSetting, defaultSettingOptions, structuresFolder } from '@braggscape/benchmark';
import type { BenchmarkStructure, Protocol, Setting } from '@braggscape/benchmark';
import { normalizeConfig, optionsOf } from '@braggscape/pipeline';
import type { Choice } from '@braggscape/pipeline';
import { instrumentConfig } from '../commands/simulate.js';
import { programVersion } from '../compositionRoot.js';
import { loadConfig } from '../files/loadConfig.js';
import { loadStructure, structureFormats } from '../files/loadStructure.js';
import type { Terminal } from '../terminal.js';
import { levelsOf } from './benchmarkOptions.js';
import type { BenchmarkOptions } from './benchmarkOptions.js';

/** Wavelength of the paper, Å. */
const PAPER_WAVELENGTH = 1.5406;

/**
 * The protocol that the options describe, checked: structures are read, settings completed, and every potential has been asked for the energy of every true structure.
 * @throws BraggscapeError before any work starts
 */
export async function makeProtocol(options: BenchmarkOptions, host: PluginHost, terminal: Terminal): Promise<Protocol> {
  const structures = await readStructures(options.structures ?? structuresFolder, host, terminal);
  const settings = await chooseSettings(options, host);
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
  };
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
    const setting = chooseSetting(await settingText(text), { ...defaultSettingOptions, optimizer, steps }, host);
    if (settings.some(({ name }) => name === setting.name)) throw new BraggscapeError('option.invalid', `--settings names "${setting.name}" twice`, { hint: 'name each once' });
    settings.push(setting);
  }
  return settings;
}

/** A name as it is, a file as its content. */
async function settingText(text: string): Promise<Parameters<typeof chooseSetting>[0]> {
  const [, path, count] = /^(.*\.(?:ya?ml|json))(@\d+)?$/.exec(text) ?? [];
  if (path === undefined) return text;
  const { config } = await loadConfig(path);
  return { name: `${basename(path).replace(/\.[^.]*$/, '')}${count ?? ''}`, content: config as Record<string, JsonValue> };
}

async function instrumentOf(options: BenchmarkOptions, host: PluginHost): Promise<Choice> {
  const given = await instrumentConfig(options);
  const config = normalizeConfig({ structure: '-', pattern: { structure: '-' }, plan: 'descent', instrument: { ...(given.wavelength === undefined ? { wavelength: PAPER_WAVELENGTH } : {}), ...given } }, host);
  return config.instrument;
}

function potentialChoice(id: string, host: PluginHost): Choice {
  return { ...(host.registry('potentials').get(id).normalize({}, '--energies') as Record<string, JsonValue>), use: id };
}

/** What a potential cannot take, such as partial occupancy, is said now and not by a thousand refused tasks. */
async function checkPotentials({ structures, settings, energies }: Protocol, host: PluginHost): Promise<void> {
  const choices = new Map<string, { readonly choice: Choice; readonly by: string }>();
  if (energies !== null) choices.set(energies.use, { choice: energies, by: '--energies' });
  for (const setting of settings) if (setting.kind === 'relaxation') choices.set(setting.potential.use, { choice: setting.potential, by: `the setting "${setting.name}"` });
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

async function checkEnergy(potential: Potential, structure: Structure, name: string, by: string): Promise<void> {
  try {
    const { energy } = await potential.compute(structure);
    if (!Number.isFinite(energy)) throw new BraggscapeError('structure.unsupported', `"${potential.id}" gives no finite energy`);
  } catch (cause) {
    if (!isBraggscapeError(cause)) throw cause;
    throw new BraggscapeError('structure.unsupported', `${by} cannot take ${name}: ${cause.message}`, { path: name, hint: by === '--energies' ? 'use --energies none, or leave the structure out' : 'leave the setting or the structure out', cause });
  }
}
