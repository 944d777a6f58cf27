import { existsSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join, resolve as resolvePath } from 'node:path';
import { pathToFileURL } from 'node:url';
import { resolve as resolveImport } from 'import-meta-resolve';
import { BraggscapeError, createPluginHost } from '@braggscape/core';
import type { PluginHost } from '@braggscape/core';
import { crystalPlugin } from '@braggscape/crystal';
import { chgnetPlugin } from '@braggscape/chgnet';
import { diffractionPlugin } from '@braggscape/diffraction';
import { energyPlugin } from '@braggscape/energy';
import { metricsPlugin } from '@braggscape/metrics';
import { optimizersPlugin } from '@braggscape/optimizers';
import { projectorsPlugin } from '@braggscape/projectors';

/** The plugins that come with the program, through the same door as anybody's. */
const ownPlugins = [crystalPlugin, diffractionPlugin, energyPlugin, chgnetPlugin, metricsPlugin, projectorsPlugin, optimizersPlugin];

/** Version of this package. */
export const programVersion = (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version;

/**
 * A plugin host with the program's own plugins and the named ones.
 *
 * @param plugins package names, or paths of modules
 * @param directory folder that names and paths are resolved from
 * @throws BraggscapeError `plugin.notFound`, `plugin.invalid`, `plugin.incompatible` or `plugin.duplicate`
 */
export async function createHost(plugins: readonly string[] = [], directory: string = process.cwd()): Promise<PluginHost> {
  const host = createPluginHost(ownPlugins);
  for (const name of plugins) host.load(await importPlugin(name, directory), `"${name}"`);
  return host;
}

async function importPlugin(name: string, directory: string): Promise<unknown> {
  const url = pluginModule(name, directory);
  try {
    const module = (await import(url)) as { default?: unknown };
    return module.default;
  } catch (cause) {
    const missing = (cause as { code?: string }).code === 'ERR_MODULE_NOT_FOUND' && (cause as Error).message.includes(url.slice(7));
    throw missing
      ? notFound(name, cause)
      : new BraggscapeError('plugin.invalid', `plugin "${name}" fails to load: ${(cause as Error).message}`, { cause });
  }
}

/**
 * URL of the module that a plugin's name or path stands for.
 * @throws BraggscapeError `plugin.notFound`
 */
export function pluginModule(name: string, directory: string): string {
  if (name.startsWith('.') || isAbsolute(name)) return pathToFileURL(moduleIn(resolvePath(directory, name))).href;
  try {
    return resolveImport(name, pathToFileURL(resolvePath(directory, 'configuration.js')).href);
  } catch (cause) {
    throw notFound(name, cause);
  }
}

/** The module a path names: of a package's folder its entry. */
function moduleIn(path: string): string {
  if (!existsSync(path) || !statSync(path).isDirectory()) return path;
  const packageFile = join(path, 'package.json');
  if (!existsSync(packageFile)) return join(path, 'index.js');
  const { exports, main } = JSON.parse(readFileSync(packageFile, 'utf8')) as { exports?: unknown; main?: string };
  const entry = typeof exports === 'object' && exports !== null && '.' in exports ? exports['.'] : exports;
  const chosen = typeof entry === 'object' && entry !== null && 'default' in entry ? entry.default : entry;
  return join(path, typeof chosen === 'string' ? chosen : (main ?? 'index.js'));
}

function notFound(name: string, cause: unknown): BraggscapeError {
  return new BraggscapeError('plugin.notFound', `plugin "${name}" is not installed here`, {
    path: 'plugins',
    hint: `npm install ${name.startsWith('.') ? 'does not apply to a path: check it' : name}`,
    cause,
  });
}
