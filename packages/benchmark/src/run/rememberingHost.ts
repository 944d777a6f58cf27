import { canonicalJson } from '@braggscape/core';
import type { Entry, PluginHost, Potential, Registry } from '@braggscape/core';

/**
 * A host that makes each potential once for each set of options and hands out the same one afterwards: a model takes longer to load than to relax a small cell.
 * What is handed out ignores `dispose`; the host's own `dispose` lets all of them go.
 */
export function rememberingHost(host: PluginHost): { readonly host: PluginHost; dispose(): void } {
  const made = new Map<string, Promise<Potential>>();
  const remembering = (entry: Entry<Potential>): Entry<Potential> => ({
    ...entry,
    create(options, context) {
      const key = canonicalJson({ id: entry.id, options });
      let found = made.get(key);
      if (found === undefined) {
        found = Promise.resolve(entry.create(options, context)).then(withoutDispose);
        // A model that could not be loaded is tried again.
        found.catch(() => made.delete(key));
        made.set(key, found);
      }
      return found;
    },
  });
  const potentials = (): Registry<Potential> => {
    const registry = host.registry('potentials');
    return { ...registry, get: (id) => remembering(registry.get(id)), list: () => registry.list().map(remembering) };
  };
  const disposals: (() => void)[] = [];
  function withoutDispose(potential: Potential): Potential {
    disposals.push(() => potential.dispose?.());
    return { ...potential, dispose: () => undefined };
  }
  return {
    host: {
      load: (plugin, from) => host.load(plugin, from),
      unload: (name) => host.unload(name),
      get plugins() {
        return host.plugins;
      },
      registry: (kind) => (kind === 'potentials' ? potentials() : host.registry(kind)) as never,
    },
    dispose: () => {
      for (const dispose of disposals) dispose();
      made.clear();
    },
  };
}
