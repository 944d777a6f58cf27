import { join } from 'node:path';
import type { Comparison } from '@braggscape/benchmark';
import { prepareFolder } from '../../files/prepareFolder.js';
import { writeFileAtomically } from '../../files/writeFileAtomically.js';
import { leaderboardCsv, pairsCsv } from './comparisonCsv.js';
import { comparisonMarkdown } from './comparisonMarkdown.js';

/**
 * Write a comparison into a folder: comparison.md, comparison.json, leaderboard.csv, pairs.csv, and comparison.svg and .png where there is a ranking.
 * @returns the paths
 * @throws BraggscapeError `file.unwritable`
 */
export async function writeComparison(comparison: Comparison, folder: string): Promise<readonly string[]> {
  await prepareFolder(folder);
  const texts = {
    'comparison.md': comparisonMarkdown(comparison),
    'comparison.json': `${JSON.stringify(comparison, null, 1)}\n`,
    'leaderboard.csv': leaderboardCsv(comparison),
    'pairs.csv': pairsCsv(comparison),
  };
  const files: string[] = [];
  for (const [name, text] of Object.entries(texts)) {
    const path = join(folder, name);
    await writeFileAtomically(path, text);
    files.push(path);
  }
  if (comparison.sections.every(({ rows }) => rows.length < 2)) return files;
  const [{ comparisonFigure }, { writeFigure }] = await Promise.all([import('./comparisonFigure.js'), import('../../figures/writeFigure.js')]);
  return [...files, ...(await writeFigure(join(folder, 'comparison'), comparisonFigure(comparison)))];
}
