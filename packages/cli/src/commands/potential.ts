import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import { BraggscapeError, randomFromSeed } from '@braggscape/core';
import type { PluginHost, Potential, Structure } from '@braggscape/core';
import { backends, sumOfPotentials } from '@braggscape/energy';
import { parseObjective, withSetting } from '../options.js';
import { collect } from './shared.js';

/** A potential as the command line chooses it. */
interface Chosen {
  readonly use: string;
  readonly folder?: string;
  readonly backend?: string;
}

/** Options that choose a potential. */
export interface PotentialOptions {
  readonly potential?: readonly string[];
  readonly backend?: string;
  readonly set?: readonly string[];
}

/** Add the options that choose a potential. */
export function withPotentialOptions(command: Command): Command {
  return command
    .option('--potential <id>', 'potential, or the folder of a graph model; repeated: their sum (default: chgnet)', collect)
    .addOption(backendOption())
    .option('--set <key=value>', 'set an option of the potential, such as cutoff=8; with several potentials ID.KEY=VALUE; may be repeated', collect);
}

/** Option that says where graph models are computed. */
export function backendOption(): Option {
  return new Option('--backend <name>', 'where graph models are computed (default: auto)').choices(backends);
}

/**
 * Choices with a backend for those that have one.
 * @throws BraggscapeError `option.invalid` if none has
 */
export function withBackend<Chosen extends { readonly use: string }>(choices: readonly Chosen[], backend: string | undefined, host: PluginHost): readonly Chosen[] {
  if (backend === undefined) return choices;
  const registry = host.registry('potentials');
  const takes = ({ use }: Chosen): boolean => registry.has(use) && 'backend' in (registry.get(use).schema.properties ?? {});
  if (!choices.some(takes)) throw new BraggscapeError('option.invalid', '--backend is for graph models, and none is chosen', { hint: 'leave it out' });
  return choices.map((choice) => (takes(choice) ? { ...choice, backend } : choice));
}

/** A configuration's choice for a potential that the command line names: an id, or the folder of a graph model. */
export function potentialChoice(text: string): { readonly use: string; readonly folder?: string } {
  const isPath = /^(\.{1,2})?[\\/]/.test(text) || text === '.' || text === '..' || (existsSync(text) && statSync(text).isDirectory());
  return isPath ? { use: 'graph-model', folder: text } : { use: text };
}

/** A configuration's choice for `--objective ID[=WEIGHT]`; the id may be the folder of a graph model. */
export function objectiveChoice(text: string): { readonly use: string; readonly weight: number; readonly folder?: string } {
  const { use, weight } = parseObjective(text);
  return { ...potentialChoice(use), weight };
}

/**
 * The potential that the options choose.
 * @throws BraggscapeError as its entry does, or `plugin.unknownId` with the nearest name
 */
export async function createPotential(options: PotentialOptions, host: PluginHost, start: Structure): Promise<Potential> {
  const registry = host.registry('potentials');
  const chosen = withBackend((options.potential ?? ['chgnet']).map((text): Chosen => potentialChoice(text)), options.backend, host);
  const stray = (options.set ?? []).find((assignment) => chosen.length > 1 && !chosen.some(({ use }) => assignment.startsWith(`${use}.`)));
  if (stray !== undefined) {
    throw new BraggscapeError('option.invalid', `--set got ${JSON.stringify(stray)}, and there are several potentials`, { hint: `begin with the one that is meant, such as ${chosen[0].use}.${stray}` });
  }
  const made: Potential[] = [];
  for (const { use, folder, backend } of chosen) {
    const entry = registry.get(use);
    let given: Record<string, unknown> = { ...(folder === undefined ? {} : { folder: resolve(folder) }), ...(backend === undefined ? {} : { backend }) };
    for (const assignment of options.set ?? []) {
      const own = `${use}.`;
      if (chosen.length === 1 && !assignment.startsWith(own)) given = withSetting(given, assignment);
      else if (assignment.startsWith(own)) given = withSetting(given, assignment.slice(own.length));
    }
    made.push(await entry.create(entry.normalize(given, use), { start, random: randomFromSeed(0) }));
  }
  return made.length === 1 ? made[0] : sumOfPotentials(made.map(({ id }) => id).join('+'), made.map((potential) => ({ potential, weight: 1 })));
}
