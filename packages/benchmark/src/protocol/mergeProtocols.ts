import { BraggscapeError, canonicalJson } from '@braggscape/core';
import { noiseModels } from './noise.js';
import type { Protocol } from './protocol.js';
import type { Setting } from './setting.js';

/** A protocol and the folder that it is of. */
export interface FolderProtocol {
  readonly folder: string;
  readonly protocol: Protocol;
}

/** What protocols must have in common, with its name in sentences. */
const common = {
  version: 'version of the program',
  structures: 'structures',
  seed: 'seed',
  distribution: 'distribution of the noise',
  instrument: 'instrument',
  twoTheta: 'two-theta axis',
  energies: 'potential of the energies',
} as const satisfies Partial<Record<keyof Protocol, string>>;

/**
 * One protocol that has all tasks of several: the levels, settings and plugins of all, and the most samples. The outcome does not depend on their order.
 *
 * @param sources at least one
 * @throws BraggscapeError `option.invalid` naming what differs where it must not: version, structures, seed, noise law, instrument, potential of the energies, or a setting of the same name
 */
export function mergeProtocols(sources: readonly FolderProtocol[]): Protocol {
  // A fixed order of our own, those with the most settings first: tables look as those of a single run then.
  const sorted = [...sources].sort((a, b) => b.protocol.settings.length - a.protocol.settings.length || compareText(canonicalJson(a.protocol), canonicalJson(b.protocol)));
  const protocols = sorted.map(({ protocol }) => protocol);
  for (const source of sorted.slice(1)) requireAgreement(sorted[0], source);
  return {
    ...protocols[0],
    levels: Object.fromEntries(
      noiseModels.flatMap((noise) => {
        const lists = protocols.flatMap(({ levels }) => (levels[noise] === undefined ? [] : [levels[noise]]));
        return lists.length === 0 ? [] : [[noise, mergedLevels(lists)]];
      }),
    ),
    samples: Math.max(...protocols.map(({ samples }) => samples)),
    settings: mergedSettings(sorted),
    plugins: [...new Set(protocols.flatMap(({ plugins }) => plugins))],
  };
}

function requireAgreement(first: FolderProtocol, other: FolderProtocol): void {
  for (const [key, name] of Object.entries(common) as [keyof typeof common, string][]) {
    const [a, b] = [canonicalJson(first.protocol[key]), canonicalJson(other.protocol[key])];
    if (a !== b) throw new BraggscapeError('option.invalid', `not of the same benchmark as ${first.folder}: ${difference(name, first.protocol, other.protocol, key)}`, { path: other.folder, hint: 'merge folders of one protocol; benchmark compare sets different ones side by side' });
  }
}

function difference(name: string, first: Protocol, other: Protocol, key: keyof typeof common): string {
  if (key !== 'structures') return `the ${name} is ${JSON.stringify(other[key])} here and ${JSON.stringify(first[key])} there`;
  const [here, there] = [other, first].map(({ structures }) => structures.map((structure) => structure.name));
  const [more, less] = [here.filter((one) => !there.includes(one)), there.filter((one) => !here.includes(one))];
  if (more.length + less.length === 0) return 'structures of the same names are not the same, or stand in another order';
  return ['the structures differ', ...(more.length > 0 ? [`only here: ${more.join(', ')}`] : []), ...(less.length > 0 ? [`only there: ${less.join(', ')}`] : [])].join('; ');
}

/** Equal lists stay as they are; different ones become one that ascends. */
function mergedLevels(lists: readonly (readonly number[])[]): readonly number[] {
  if (lists.every((list) => canonicalJson(list) === canonicalJson(lists[0]))) return lists[0];
  return [...new Set(lists.flat())].sort((a, b) => a - b);
}

function mergedSettings(sources: readonly FolderProtocol[]): readonly Setting[] {
  const merged = new Map<string, { setting: Setting; folder: string }>();
  for (const { folder, protocol } of sources) {
    for (const setting of protocol.settings) {
      const known = merged.get(setting.name);
      if (known === undefined) merged.set(setting.name, { setting, folder });
      else if (canonicalJson({ ...known.setting, samples: null }) !== canonicalJson({ ...setting, samples: null })) {
        throw new BraggscapeError('option.invalid', `the setting "${setting.name}" is not the same as in ${known.folder}`, { path: folder, hint: 'merge folders of one protocol; benchmark compare sets different ones side by side' });
      } else known.setting = { ...known.setting, samples: mostSamples(known.setting.samples, setting.samples) };
    }
  }
  return [...merged.values()].map(({ setting }) => setting);
}

/** Null stands for all. */
function mostSamples(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.max(a, b);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
