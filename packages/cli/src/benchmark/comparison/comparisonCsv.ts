import { csvTable } from '@braggscape/benchmark';
import type { Column, Comparison, ComparisonSection, Criterion, LeaderboardRow, PairComparison } from '@braggscape/benchmark';

type CsvColumn<Row> = Pick<Column<Row>, 'name' | 'of'>;

/** A line of a leaderboard and the part of the comparison that it is from. */
interface SectionRow<Row> {
  readonly criterion: Criterion;
  readonly section: ComparisonSection;
  readonly row: Row;
}

/** Columns that tell the part of a comparison. */
function sectionColumns<Row>(): readonly CsvColumn<SectionRow<Row>>[] {
  return [
    { name: 'criterion', of: ({ criterion }) => criterion },
    { name: 'noise', of: ({ section }) => section.noise },
    { name: 'level', of: ({ section }) => section.level },
  ];
}

const leaderboardColumns: readonly CsvColumn<SectionRow<LeaderboardRow>>[] = [
  ...sectionColumns<LeaderboardRow>(),
  { name: 'starts', of: ({ section }) => section.starts },
  { name: 'entry', of: ({ row }) => row.entry },
  { name: 'run', of: ({ row }) => row.run },
  { name: 'setting', of: ({ row }) => row.setting },
  { name: 'rank', of: ({ row }) => row.rank },
  { name: 'group', of: ({ row }) => row.group },
  { name: 'successes', of: ({ row }) => row.rate.successes },
  { name: 'rate', of: ({ row }) => row.rate.rate },
  { name: 'rate_low', of: ({ row }) => row.rate.low },
  { name: 'rate_high', of: ({ row }) => row.rate.high },
  { name: 'mean_rank', of: ({ row }) => row.meanRank },
  { name: 'median_value', of: ({ row }) => row.medianValue },
  { name: 'median_evaluations', of: ({ row }) => row.medianEvaluations },
  { name: 'median_seconds', of: ({ row }) => row.medianSeconds },
  { name: 'best', of: ({ row }) => row.againstBest?.a ?? null },
  { name: 'probability_best_better', of: ({ row }) => row.againstBest?.probabilityABetter ?? null },
  { name: 'p_value', of: ({ row }) => row.againstBest?.pValue ?? null },
];

const pairColumns: readonly CsvColumn<SectionRow<PairComparison>>[] = [
  ...sectionColumns<PairComparison>(),
  { name: 'a', of: ({ row }) => row.a },
  { name: 'b', of: ({ row }) => row.b },
  { name: 'starts', of: ({ row }) => row.starts },
  { name: 'successes_a', of: ({ row }) => row.rateA.successes },
  { name: 'successes_b', of: ({ row }) => row.rateB.successes },
  { name: 'difference', of: ({ row }) => row.difference.value },
  { name: 'difference_low', of: ({ row }) => row.difference.low },
  { name: 'difference_high', of: ({ row }) => row.difference.high },
  { name: 'better_a', of: ({ row }) => row.betterA },
  { name: 'better_b', of: ({ row }) => row.betterB },
  { name: 'ties', of: ({ row }) => row.ties },
  { name: 'probability_a_better', of: ({ row }) => row.probabilityABetter },
  { name: 'p_value', of: ({ row }) => row.pValue },
];

/** Every leaderboard in one table for programs: rates and differences as fractions, an empty cell where there is no number. */
export function leaderboardCsv({ criterion, sections }: Comparison): string {
  return csvTable(leaderboardColumns, sections.flatMap((section) => section.rows.map((row) => ({ criterion, section, row }))));
}

/** Every pair in one table for programs. */
export function pairsCsv({ criterion, sections }: Comparison): string {
  return csvTable(pairColumns, sections.flatMap((section) => section.pairs.map((row) => ({ criterion, section, row }))));
}
