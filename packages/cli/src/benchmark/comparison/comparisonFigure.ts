import { countsSuccesses, jeffreysInterval } from '@braggscape/benchmark';
import type { Comparison, ComparisonSection, Criterion, LeaderboardRow } from '@braggscape/benchmark';
import { theme } from '../../figures/theme.js';
import type { FigureSpec } from '../../figures/writeFigure.js';
import { sectionTitle } from './comparisonTables.js';

/** Pixels of a row of the forest plot and a cell of the matrix. */
const CELL = 32;
/** Width of a forest plot. */
const FOREST = 300;

/** Each entry against the best with its interval, and beside it how probable it is that each is better than each other: a row for every part of a comparison that has a ranking. */
export function comparisonFigure({ criterion, sections }: Comparison): FigureSpec {
  const drawn = sections.filter(({ rows }) => rows.length > 1);
  return {
    config: { ...theme, axis: { ...theme.axis, labelLimit: 260 } },
    title: {
      text: `Leaderboard by ${criterion}`,
      subtitle: [countsSuccesses(criterion) ? `points: ${criterion} rate less that of the best, on the starts that all share` : `points: of the starts where an entry and the best differ in ${criterion}, the part where the entry has the lower value`, 'bars: 95 % intervals', 'right: probability in % that the row is better than the column, on all starts that the two share'],
    },
    vconcat: drawn.map((section) => ({ hconcat: [forest(section, criterion), matrix(section)], spacing: 30, resolve: { scale: { color: 'independent', x: 'independent', y: 'independent' } } })),
    spacing: 12,
    resolve: { scale: { color: 'independent', x: 'independent', y: 'independent' } },
  };
}

interface ForestPoint {
  readonly entry: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Differences of rates to the best; for values, the part of the differing starts from which an entry is better than the best. */
function forestPoint({ entry, againstBest }: LeaderboardRow, counted: boolean): ForestPoint {
  if (counted) {
    const { value, low, high } = againstBest?.difference ?? { value: 0, low: 0, high: 0 };
    return { entry, value: -100 * value || 0, low: -100 * high || 0, high: -100 * low || 0 };
  }
  if (againstBest === null) return { entry, value: 50, low: 50, high: 50 };
  const { betterA, betterB } = againstBest;
  const { low, high } = jeffreysInterval(betterB, betterA + betterB);
  return { entry, value: betterA + betterB === 0 ? 50 : (100 * betterB) / (betterA + betterB), low: 100 * low, high: 100 * high };
}

function forest(section: ComparisonSection, criterion: Criterion): Record<string, unknown> {
  const counted = countsSuccesses(criterion);
  const points = section.rows.map((row) => forestPoint(row, counted));
  const y = { field: 'entry', type: 'nominal', sort: points.map(({ entry }) => entry), title: null, axis: { grid: true } };
  const title = counted ? 'against the best (% points)' : 'better than the best (%)';
  const x = { field: 'value', type: 'quantitative', title, scale: { zero: true, nice: true }, axis: { tickCount: 5 } };
  return {
    title: { text: `${sectionTitle(section)}, ${section.starts} starts`, fontSize: 12 },
    width: FOREST,
    height: CELL * points.length,
    data: { values: points },
    layer: [
      { data: { values: [{ value: counted ? 0 : 50 }] }, mark: { type: 'rule', color: '#888888', strokeDash: [4, 3] }, encoding: { x } },
      { mark: { type: 'rule', strokeWidth: 1.6, color: '#0072b2' }, encoding: { y, x: { ...x, field: 'low' }, x2: { field: 'high' } } },
      { mark: { type: 'point', filled: true, size: 60, opacity: 1, color: '#0072b2' }, encoding: { y, x } },
    ],
  };
}

function matrix({ rows, pairs }: ComparisonSection): Record<string, unknown> {
  const order = rows.map(({ entry }) => entry);
  const cells = pairs.flatMap(({ a, b, probabilityABetter: p }) => [cell(a, b, p), cell(b, a, 1 - p)]);
  const x = { field: 'column', type: 'nominal', sort: order, scale: { domain: order }, title: null, axis: { labelAngle: -90, grid: false, orient: 'bottom' } };
  const y = { field: 'row', type: 'nominal', sort: order, scale: { domain: order }, title: null, axis: { labels: false, ticks: false, grid: false } };
  return {
    width: CELL * order.length,
    height: CELL * order.length,
    data: { values: cells },
    encoding: { x, y },
    layer: [
      { mark: { type: 'rect', stroke: '#ffffff', aria: false }, encoding: { color: { field: 'p', type: 'quantitative', scale: { domain: [0, 0.5, 1], range: ['#d55e00', '#f4f4f4', '#0072b2'] }, legend: null } } },
      { mark: { type: 'text', fontSize: 11 }, encoding: { text: { field: 'text' }, color: { field: 'ink', type: 'nominal', scale: null } } },
    ],
    resolve: { scale: { color: 'independent' } },
  };
}

/** Rounded away from certainty: 100 would claim more than is known. */
function cell(row: string, column: string, p: number): Record<string, unknown> {
  const text = p > 0.995 ? '>99' : p < 0.005 ? '<1' : String(Math.round(100 * p));
  return { row, column, p, text, ink: Math.abs(p - 0.5) > 0.3 ? '#ffffff' : '#222222' };
}
