import { join } from 'node:path';
import { structureFromJson } from '@braggscape/core';
import { writeCif } from '@braggscape/crystal';
import { writeFileAtomically } from '../files/writeFileAtomically.js';
import type { FinishedRun } from '../session.js';
import { resultFigures } from './resultFigures.js';

/** Paths of what a run wrote. */
export interface ResultFiles {
  readonly structure: string;
  readonly record: string;
  readonly figures: readonly string[];
}

/**
 * Write refined.cif, record.json and the figures into a folder that exists; each file whole or not at all.
 * The structure goes first: it is what nobody wants to lose.
 */
export async function writeResults(finished: FinishedRun, folder: string): Promise<ResultFiles> {
  const structure = join(folder, 'refined.cif');
  const record = join(folder, 'record.json');
  const refined = structureFromJson(finished.stopped.best.structure);
  await writeFileAtomically(structure, writeCif([{ name: 'refined', structure: refined }]));
  await writeFileAtomically(record, `${JSON.stringify(finished.record, null, 1)}\n`);
  const figures = finished.config.figures ? await resultFigures(finished, folder) : [];
  return { structure, record, figures };
}
