import { randomFromSeed, structureFrom } from '@braggscape/core';
import type { CreateContext, PluginHost } from '@braggscape/core';
import { createPluginHost } from '@braggscape/core';
import { diffractionPlugin } from '@braggscape/diffraction';
import { energyPlugin } from '@braggscape/energy';
import { metricsPlugin } from '@braggscape/metrics';

/** Rutile: TiO2, P4_2/mnm, one free coordinate. */
export const rutile = structureFrom(
  [[4.594, 0, 0], [0, 4.594, 0], [0, 0, 2.959]],
  [22, 22, 8, 8, 8, 8],
  [[0, 0, 0], [0.5, 0.5, 0.5], [0.305, 0.305, 0], [0.695, 0.695, 0], [0.195, 0.805, 0.5], [0.805, 0.195, 0.5]],
  { labels: ['Ti1', 'Ti2', 'O1', 'O2', 'O3', 'O4'] },
);

/** U2Ti, P6/mmm, nothing free but the cell. */
export const u2ti = structureFrom([[4.828, 0, 0], [-2.414, 4.828 * Math.sqrt(0.75), 0], [0, 0, 2.847]], [22, 92, 92], [[0, 0, 0], [1 / 3, 2 / 3, 0.5], [2 / 3, 1 / 3, 0.5]]);

export const host: PluginHost = createPluginHost([diffractionPlugin, energyPlugin, metricsPlugin]);

export const context: CreateContext = { start: u2ti, random: randomFromSeed(1) };

/** A choice with every default filled in. */
export function choice(kind: 'metrics' | 'potentials' | 'patternModels', use: string, options: Readonly<Record<string, unknown>> = {}): any {
  return { use, weight: 1, ...(host.registry(kind).get(use).normalize(options, use) as object) };
}
