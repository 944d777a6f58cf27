import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BraggscapeError } from '@braggscape/core';
import type { PluginHost } from '@braggscape/core';
import type { Protocol, Setting } from '@braggscape/benchmark';
import { createHost, pluginModule } from '../compositionRoot.js';

/**
 * What results depend on beside the protocol itself: the modules of its plugins, with their versions, and the signatures of graph models, which hold the hashes of their weights; a line each.
 * @param plugins as given, resolved from the current folder
 */
export async function protocolContents(plugins: readonly string[], settings: readonly Setting[], host: PluginHost): Promise<readonly string[]> {
  const contents: string[] = [];
  for (const name of plugins) contents.push(`plugin ${name} sha256 ${await hashOf(new URL(pluginModule(name, process.cwd())))}`);
  if (plugins.length > 0) contents.push(...host.plugins.map(({ name, version }) => `${name} ${version}`));
  for (const folder of new Set(settings.flatMap(modelFolders))) contents.push(`model ${await hashOf(join(folder, 'signature.json'))}`);
  return contents;
}

/**
 * A host for the tasks of a protocol.
 * @throws BraggscapeError `plugin.incompatible` if plugins or models here are not those of the protocol
 */
export async function protocolHost({ plugins, settings, contents = [] }: Protocol): Promise<PluginHost> {
  const host = await createHost(plugins);
  const own = await protocolContents(plugins, settings, host);
  const other = contents.find((line) => !own.includes(line));
  if (other === undefined) return host;
  throw new BraggscapeError('plugin.incompatible', `the benchmark was prepared with "${other}", which is not what is installed here`, { hint: 'install the same versions of plugins and models on every machine' });
}

/** Folders of the graph models on this machine that a setting uses. */
function modelFolders(setting: Setting): readonly string[] {
  const chosen = setting.kind === 'relaxation' ? [setting.potential] : ((setting.config.objectives ?? []) as readonly { readonly folder?: unknown }[]);
  return chosen.flatMap(({ folder }) => (typeof folder === 'string' && !folder.includes('://') ? [folder] : []));
}

/** Of a file that cannot be read: a word, as reading it is somebody else's to complain about. */
async function hashOf(file: string | URL): Promise<string> {
  const content = await readFile(file).catch(() => undefined);
  return content === undefined ? 'unreadable' : createHash('sha256').update(content).digest('hex');
}
