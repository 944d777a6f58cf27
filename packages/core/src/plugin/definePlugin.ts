import type { AnyDescriptor, Kind, Kinds } from './kinds.js';

/** Found again across two installed copies of this package. */
export const pluginBrand: unique symbol = Symbol.for('braggscape.plugin') as never;

export interface PluginMeta {
  /** Package name. */
  readonly name: string;
  readonly version: string;
  /** Prefix of every id: `namespace/name`. Lower-case kebab. The project's own packages have none. */
  readonly namespace?: string;
  /** Semver range of the plugin API it was written for, such as `^0.1.0`. */
  readonly api: string;
}

/** A plugin: plain data and factories, by kind and name. */
export type PluginDefinition = {
  readonly meta: PluginMeta;
} & { readonly [K in Kind]?: Readonly<Record<string, AnyDescriptor<Kinds[K]>>> };

export type Plugin = PluginDefinition & { readonly [pluginBrand]: true };

/** Version of the plugin contract; a plugin states the range it needs as `meta.api`. */
export const apiVersion = '0.1.0';

/** Brand a plugin object. Default-export the result. */
export function definePlugin(definition: PluginDefinition): Plugin {
  return Object.freeze({ ...definition, [pluginBrand]: true as const });
}

/** Whether `value` went through {@link definePlugin}, of this copy of the package or another. */
export function isPlugin(value: unknown): value is Plugin {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[pluginBrand] === true;
}
