import type { Kind, PluginHost, PropertySchema } from '@braggscape/core';
import { frameSchema } from './normalizeConfig.js';

/** JSON Schema (draft 2020-12) of a configuration for the loaded plugins; editors complete and check with it. */
export function configJsonSchema(host: PluginHost): Readonly<Record<string, unknown>> {
  const frame = frameSchema.properties ?? {};
  const objective = { weight: { type: 'number', minimum: 0, default: 1, description: 'Weight in 1/unit.' } } as const;
  const properties = {
    ...frame,
    instrument: oneOf(host, ['patternModels'], frame.instrument),
    combiner: oneOf(host, ['combiners'], frame.combiner),
    projector: oneOf(host, ['projectors'], frame.projector),
    optimizer: oneOf(host, ['optimizers'], frame.optimizer),
    stop: { ...frame.stop, items: oneOf(host, ['stopRules'], {}) },
    objectives: { ...frame.objectives, items: oneOf(host, ['objectives', 'metrics', 'potentials'], {}, objective) },
  };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Braggscape run configuration',
    ...frameSchema,
    properties,
  };
}

function oneOf(
  host: PluginHost,
  kinds: readonly Kind[],
  slot: PropertySchema,
  more: Readonly<Record<string, PropertySchema>> = {},
): Readonly<Record<string, unknown>> {
  const entries = kinds.flatMap((kind) => host.registry(kind).list());
  return {
    ...(slot.description === undefined ? {} : { description: slot.description }),
    ...(slot.default === undefined ? {} : { default: slot.default }),
    oneOf: entries.map((entry) => ({
      ...entry.schema,
      description: entry.summary,
      properties: { use: { const: entry.id }, ...more, ...entry.schema.properties },
      required: ['use', ...(entry.schema.required ?? [])],
    })),
  };
}
