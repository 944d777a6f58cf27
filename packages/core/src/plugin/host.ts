import 'reflect-metadata';
import { Container, ContainerModule } from 'inversify';
import { satisfies, validRange } from 'semver';
import { BraggscapeError } from '../errors.js';
import { closedObject } from '../config/schema.js';
import { compileSchema } from '../config/validate.js';
import { apiVersion, isPlugin } from './definePlugin.js';
import type { Plugin, PluginMeta } from './definePlugin.js';
import { kinds } from './kinds.js';
import type { AnyDescriptor, EntryContext, Kind, Kinds } from './kinds.js';
import { createRegistry } from './registry.js';
import type { Entry, Registry } from './registry.js';

/** Holds the loaded plugins and gives a typed registry for each kind. */
export interface PluginHost {
  /**
   * Load one plugin: brand, API range, namespace, ids and schemas are checked, then its entries are bound.
   * @throws BraggscapeError `plugin.invalid`, `plugin.incompatible` or `plugin.duplicate`; nothing is bound then
   */
  load(plugin: unknown, from?: string): void;
  /** Take a plugin's entries away again. */
  unload(name: string): void;
  readonly plugins: readonly PluginMeta[];
  registry<K extends Kind>(kind: K): Registry<Kinds[K]>;
}

const tokens = Object.fromEntries(kinds.map((kind) => [kind, Symbol.for(`braggscape.${kind}`)])) as Record<Kind, symbol>;

/** A host with the given plugins loaded. */
export function createPluginHost(plugins: readonly unknown[] = []): PluginHost {
  const container = new Container();
  const loaded = new Map<string, { meta: PluginMeta; module: ContainerModule }>();
  const entriesOf = <K extends Kind>(kind: K): readonly Entry<Kinds[K]>[] =>
    container.isBound(tokens[kind]) ? container.getAll<Entry<Kinds[K]>>(tokens[kind]) : [];

  const host: PluginHost = {
    load(candidate, from = 'the plugin') {
      const plugin = checkBrand(candidate, from);
      checkMeta(plugin.meta, from);
      if (loaded.has(plugin.meta.name)) {
        throw new BraggscapeError('plugin.duplicate', `plugin "${plugin.meta.name}" is loaded twice`, {
          hint: 'list it once',
        });
      }
      const entries = kinds.flatMap((kind) =>
        Object.entries(plugin[kind] ?? {}).map(([name, descriptor]) => ({ kind, entry: makeEntry(plugin.meta, kind, name, descriptor, host) })),
      );
      for (const { kind, entry } of entries) checkFree(entriesOf(kind), kind, entry);
      const module = new ContainerModule(({ bind }) => {
        // Unnamed binds: getAll leaves named ones out.
        for (const { kind, entry } of entries) bind(tokens[kind]).toConstantValue(entry);
      });
      container.load(module);
      loaded.set(plugin.meta.name, { meta: plugin.meta, module });
    },
    unload(name) {
      const found = loaded.get(name);
      if (found === undefined) throw new BraggscapeError('plugin.notFound', `plugin "${name}" is not loaded`);
      container.unload(found.module);
      loaded.delete(name);
    },
    get plugins() {
      return [...loaded.values()].map(({ meta }) => meta);
    },
    registry: (kind) => createRegistry(kind, () => entriesOf(kind)),
  };
  for (const plugin of plugins) host.load(plugin);
  return host;
}

function checkBrand(candidate: unknown, from: string): Plugin {
  if (isPlugin(candidate)) return candidate;
  throw new BraggscapeError('plugin.invalid', `${from} is not a Braggscape plugin`, {
    hint: 'its default export must be made with definePlugin from @braggscape/core',
  });
}

function checkMeta(meta: PluginMeta | undefined, from: string): void {
  // The types promise a meta; a plugin in plain JavaScript may lack it.
  if (typeof meta?.name !== 'string' || typeof meta.version !== 'string' || typeof meta.api !== 'string') {
    throw new BraggscapeError('plugin.invalid', `${from} lacks a name, a version or an API range`, { hint: 'definePlugin needs meta: { name, version, namespace, api }' });
  }
  const own = meta.name.startsWith('@braggscape/') || meta.name === 'braggscape';
  if (!own && !/^[a-z][a-z0-9-]*$/.test(meta.namespace ?? '')) {
    throw new BraggscapeError('plugin.invalid', `${from} has the namespace ${JSON.stringify(meta.namespace)}`, {
      hint: 'meta.namespace must be lower-case letters, digits and dashes',
    });
  }
  if (validRange(meta.api) === null || !satisfies(apiVersion, meta.api)) {
    throw new BraggscapeError('plugin.incompatible', `plugin "${meta.name}" needs plugin API ${meta.api}, this is ${apiVersion}`, {
      hint: 'install a matching version of the plugin',
    });
  }
}

function makeEntry<K extends Kind>(meta: PluginMeta, kind: K, name: string, descriptor: AnyDescriptor<Kinds[K]>, host: PluginHost): Entry<Kinds[K]> {
  const id = meta.namespace === undefined ? name : `${meta.namespace}/${name}`;
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) {
    throw new BraggscapeError('plugin.invalid', `plugin "${meta.name}" names a ${kind} entry "${name}"`, {
      hint: 'names are lower-case letters, digits and dashes',
    });
  }
  if (typeof (descriptor as typeof descriptor | null)?.create !== 'function' || typeof descriptor.summary !== 'string' || typeof descriptor.schema !== 'object') {
    throw new BraggscapeError('plugin.invalid', `${kind} "${id}" of plugin "${meta.name}" lacks create, summary or schema`);
  }
  const schema = closedObject(descriptor.schema, descriptor.optional ?? []);
  return {
    id,
    plugin: meta.name,
    summary: descriptor.summary,
    ...(descriptor.source === undefined ? {} : { source: descriptor.source }),
    schema,
    normalize: compileSchema(schema),
    create: (options, context) => {
      const make: EntryContext['make'] = async (other, { use, ...given }, path) => {
        const found = host.registry(other).get(use);
        return found.create(found.normalize(given, path), context);
      };
      return descriptor.create(options as never, { ...context, make });
    },
  };
}

function checkFree(existing: readonly Entry<unknown>[], kind: Kind, entry: Entry<unknown>): void {
  const twin = existing.find((other) => other.id === entry.id);
  if (twin === undefined) return;
  throw new BraggscapeError('plugin.duplicate', `${kind} "${entry.id}" is defined by both "${twin.plugin}" and "${entry.plugin}"`, {
    hint: 'rename one or load only one of the two plugins',
  });
}
