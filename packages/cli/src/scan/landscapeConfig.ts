import { relative, resolve } from 'node:path';
import { canonicalJson, sha256 } from '@braggscape/core';
import type { LandscapeConfig, ScanSetup } from '@braggscape/pipeline';
import { withModelFolders } from '../results/recordPaths.js';
import type { Descent } from './descents.js';
import type { ScanOptions } from './scanOptions.js';

/** What a scan was computed from, every option filled in, for `landscape.json`; folders of graph models are named from that of the results, as in records. */
export async function landscapeConfig({ instrument, surfaces, target }: ScanSetup, descent: Descent | undefined, { seed, steps, descendIn, output }: ScanOptions): Promise<LandscapeConfig> {
  const choices = withModelFolders(surfaces.map(({ choice }) => choice), (folder) => relative(resolve(output), folder));
  return {
    instrument,
    objectives: surfaces.map(({ id, broadening }, i) => ({ id, choice: choices[i], broadening })),
    ...(target === undefined ? {} : { target: await targetConfig(target) }),
    ...(descent === undefined ? {} : { descent: { on: descent.on, space: descendIn, ...descent.choices, starts: descent.starts, steps } }),
    seed,
  };
}

async function targetConfig(target: NonNullable<ScanSetup['target']>): Promise<NonNullable<LandscapeConfig['target']>> {
  const plain = JSON.parse(JSON.stringify(target, (_, value: unknown) => (ArrayBuffer.isView(value) ? [...(value as Float64Array)] : value))) as Parameters<typeof canonicalJson>[0];
  const hash = await sha256(canonicalJson(plain));
  if ('structure' in target) return { kind: 'structure', sha256: hash, twoTheta: target.twoTheta };
  const { twoTheta } = target.pattern;
  return { kind: 'pattern', sha256: hash, twoTheta: { start: twoTheta[0], stop: twoTheta[twoTheta.length - 1], count: twoTheta.length } };
}
