import { join } from 'node:path';
import type { PluginHost } from '@braggscape/core';
import type { CellSummary, Protocol, TaskResult } from '@braggscape/benchmark';
import { prepareFolder } from '../files/prepareFolder.js';
import { writeFigure } from '../figures/writeFigure.js';
import type { FigureSpec } from '../figures/writeFigure.js';
import { costFigure } from './figures/costFigure.js';
import { energyFigure } from './figures/energyFigure.js';
import { energyLandscape } from './figures/energyLandscape.js';
import { matchRateFigure } from './figures/matchRateFigure.js';
import { resultNumbers } from './figures/resultNumbers.js';
import { similarityFigure } from './figures/similarityFigure.js';

/** What drawing a benchmark is told, and tells, meanwhile. */
export interface DuringFigures {
  readonly onProgress?: (text: string) => void;
}

/**
 * Draw a benchmark into the folder `figures` of its output, as .svg and .png each; what has no results is not drawn:
 * `match-rates` (the paper's Fig. 1, and strict matches), `similarity` (Fig. 4), `energy-match-rates` and `energy-landscape` (Fig. 6), `cost`.
 *
 * @param results of the protocol, such as `readJournal(output)`; read once, as a stream
 * @param output folder of the benchmark
 * @returns the paths
 * @throws BraggscapeError `file.unwritable`, and what reading the results throws
 */
export async function benchmarkFigures(
  protocol: Protocol,
  summaries: readonly CellSummary[],
  results: AsyncIterable<TaskResult> | Iterable<TaskResult>,
  output: string,
  host: PluginHost,
  { onProgress }: DuringFigures = {},
): Promise<readonly string[]> {
  const folder = join(output, 'figures');
  await prepareFolder(folder);
  const numbers = await resultNumbers(protocol, results);
  const files: string[] = [];
  const write = async (name: string, figure: FigureSpec | undefined): Promise<void> => {
    if (figure === undefined) return;
    onProgress?.(`drawing ${name}`);
    files.push(...(await writeFigure(join(folder, name), figure)));
  };
  await write('match-rates', matchRateFigure(protocol, summaries));
  await write('similarity', similarityFigure(protocol, numbers));
  await write('cost', costFigure(protocol, summaries, numbers));
  await write('energy-match-rates', energyFigure(protocol, summaries));
  if (numbers.length > 0) await write('energy-landscape', await energyLandscape(protocol, folder, host, onProgress));
  return files;
}
