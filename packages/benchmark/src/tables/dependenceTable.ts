import type { CellSummary, Estimate } from './cellSummary.js';
import { paperMutualInformation } from './paperNumbers.js';
import { noNumber, withInterval } from './textTable.js';
import type { TextTable } from './textTable.js';

/** How final similarity and final distance to the truth depend on each other: a row for each cell, beside what is published. */
export function dependenceTable(cells: readonly CellSummary[]): TextTable {
  return {
    title: 'Dependence of similarity and distance',
    caption:
      'Between the final similarity (one minus the named loss) and the AMD distance to the true structure, with 95 % intervals: mutual information in nats (Kraskov’s estimate, three neighbours), rank correlation, correlation. ' +
      'Paper: mutual information of Segal et al., DOI 10.1039/D6DD00017G, Table 1, on structures of its own.',
    head: ['noise', 'level', 'setting', 'loss', 'mutual information', 'paper', 'Spearman', 'Pearson'],
    rows: cells.map(({ noise, level, setting, similarity, mutualInformation, spearman, pearson }) => [
      noise,
      String(level),
      setting,
      similarity,
      estimateText(mutualInformation),
      paperMutualInformation(noise, level, setting)?.toFixed(2) ?? noNumber,
      estimateText(spearman),
      estimateText(pearson),
    ]),
  };
}

function estimateText({ value, low, high }: Estimate): string {
  return value === null || low === null || high === null ? noNumber : withInterval(value, low, high, 2);
}
