import { join } from 'node:path';
import { structureFromJson } from '@braggscape/core';
import { writeCif } from '@braggscape/crystal';
import { writeFileAtomically } from '../files/writeFileAtomically.js';
import type { FinishedRun } from '../session.js';
import { pathsFrom } from './recordPaths.js';

/** Paths of what a run wrote. */
export interface ResultFiles {
  readonly structure: string;
  readonly record: string;
  /** Structures that explain the pattern too, the best first. */
  readonly rivals: readonly string[];
  readonly figures: readonly string[];
}

/**
 * Write refined.cif, record.json, the rivals of a verdict and the figures into a folder that exists; each file whole or not at all.
 * The structure goes first: it is what nobody wants to lose.
 *
 * @param directory folder that the configuration's paths start from; default: the current one
 */
export async function writeResults(finished: FinishedRun, folder: string, directory = process.cwd()): Promise<ResultFiles> {
  const structure = join(folder, 'refined.cif');
  const record = join(folder, 'record.json');
  const refined = structureFromJson(finished.stopped.best.structure);
  await writeFileAtomically(structure, writeCif([{ name: 'refined', structure: refined }]));
  await writeFileAtomically(record, `${JSON.stringify({ ...finished.record, config: pathsFrom(finished.config, directory, folder) }, null, 1)}\n`);
  const rivals: string[] = [];
  for (const [i, { structure: rival }] of (finished.stopped.verdict?.rivals ?? []).entries()) {
    const path = join(folder, `rival-${i + 1}.cif`);
    await writeFileAtomically(path, writeCif([{ name: `rival-${i + 1}`, structure: structureFromJson(rival) }]));
    rivals.push(path);
  }
  const figures = finished.config.figures ? await draw(finished, folder) : [];
  return { structure, record, rivals, figures };
}

/** The drawing libraries take a third of a second to load, which no verb that draws nothing should spend. */
async function draw(finished: FinishedRun, folder: string): Promise<readonly string[]> {
  const { resultFigures } = await import('./resultFigures.js');
  return resultFigures(finished, folder);
}
