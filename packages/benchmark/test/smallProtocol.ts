import { structureFrom, structureToJson } from '@braggscape/core';
import type { PluginHost } from '@braggscape/core';
import { createPluginHost } from '@braggscape/core';
import { chgnetPlugin } from '@braggscape/chgnet';
import { crystalPlugin } from '@braggscape/crystal';
import { diffractionPlugin } from '@braggscape/diffraction';
import { energyPlugin } from '@braggscape/energy';
import { metricsPlugin } from '@braggscape/metrics';
import { optimizersPlugin } from '@braggscape/optimizers';
import { projectorsPlugin } from '@braggscape/projectors';
import { chooseSetting, defaultSettingOptions } from '@braggscape/benchmark';
import type { Protocol, SettingFile } from '@braggscape/benchmark';

/** A host as the program makes it, without plugins of others. */
export const host: PluginHost = createPluginHost([crystalPlugin, diffractionPlugin, energyPlugin, chgnetPlugin, metricsPlugin, projectorsPlugin, optimizersPlugin]);

const cubic = (a: number): number[][] => [[a, 0, 0], [0, a, 0], [0, 0, a]];

/** Two small cubic crystals on a coarse axis: a task of few steps takes milliseconds. */
export function smallProtocol(settings: readonly (string | SettingFile)[], changes: Partial<Protocol> = {}): Protocol {
  return {
    format: 'braggscape-benchmark/1',
    version: '0.1.0',
    structures: [
      { name: 'CsCl', structure: structureToJson(structureFrom(cubic(4.12), [55, 17], [[0, 0, 0], [0.5, 0.5, 0.5]])) },
      { name: 'SrTiO3', structure: structureToJson(structureFrom(cubic(3.905), [38, 22, 8, 8, 8], [[0, 0, 0], [0.5, 0.5, 0.5], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]])) },
    ],
    levels: { lattice: [0.02, 0.05], coords: [0.02] },
    distribution: 'uniform',
    samples: 2,
    seed: 3,
    settings: settings.map((setting) => chooseSetting(setting, { ...defaultSettingOptions, steps: 40 }, host)),
    instrument: { ...host.registry('patternModels').get('ideal').normalize({ wavelength: 1.5406, w: 0.1 }, 'instrument'), use: 'ideal' },
    twoTheta: { start: 10, stop: 70, count: 1201 },
    energies: null,
    plugins: [],
    ...changes,
  };
}
