import type { Protocol } from '../protocol/protocol.js';
import type { CellSummary, Estimate, Rate } from './cellSummary.js';
import type { Column } from './column.js';
import { expectedRuns } from './summarize.js';

/** A rate: successes, the rate, its interval. Without runs there is none. */
function rateColumns(name: string, of: (cell: CellSummary) => Rate): readonly Column<CellSummary>[] {
  const part = (suffix: string, value: (rate: Rate) => number): Column<CellSummary> => ({ name: `${name}${suffix}`, type: 'real', nullable: true, of: (cell) => (cell.runs === 0 ? null : value(of(cell))) });
  return [
    { name: `${name}_successes`, type: 'integer', nullable: false, of: (cell) => of(cell).successes },
    part('', ({ rate }) => rate),
    part('_low', ({ low }) => low),
    part('_high', ({ high }) => high),
  ];
}

function estimateColumns(name: string, of: (cell: CellSummary) => Estimate): readonly Column<CellSummary>[] {
  const part = (suffix: string, value: (estimate: Estimate) => number | null): Column<CellSummary> => ({ name: `${name}${suffix}`, type: 'real', nullable: true, of: (cell) => value(of(cell)) });
  return [part('', ({ value }) => value), part('_low', ({ low }) => low), part('_high', ({ high }) => high)];
}

/**
 * The columns of the table of cells: match rates with their 95 % intervals, before and after, at the paper's tolerances and the strict ones; dependence between similarity and distance. No times:
 * equal runs make equal tables.
 */
export function cellColumns(protocol: Protocol): readonly Column<CellSummary>[] {
  const expected = new Map(protocol.settings.map((setting) => [setting.name, expectedRuns(protocol, setting)]));
  return [
    { name: 'noise', type: 'text', nullable: false, of: ({ noise }) => noise },
    { name: 'level', type: 'real', nullable: false, of: ({ level }) => level },
    { name: 'setting', type: 'text', nullable: false, of: ({ setting }) => setting },
    { name: 'runs', type: 'integer', nullable: false, of: ({ runs }) => runs },
    { name: 'expected', type: 'integer', nullable: false, of: ({ setting }) => expected.get(setting) ?? 0 },
    ...rateColumns('initial_match', ({ initialMatch }) => initialMatch),
    ...rateColumns('initial_strict', ({ initialStrict }) => initialStrict),
    ...rateColumns('match', ({ match }) => match),
    ...rateColumns('strict', ({ strict }) => strict),
    { name: 'similarity', type: 'text', nullable: false, of: ({ similarity }) => similarity },
    ...estimateColumns('mutual_information', ({ mutualInformation }) => mutualInformation),
    ...estimateColumns('pearson', ({ pearson }) => pearson),
    ...estimateColumns('spearman', ({ spearman }) => spearman),
    { name: 'median_evaluations', type: 'real', nullable: true, of: ({ runs, medianEvaluations }) => (runs === 0 ? null : medianEvaluations) },
  ];
}
