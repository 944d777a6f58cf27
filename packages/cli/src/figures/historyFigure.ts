import { seriesColors, theme } from './theme.js';
import { thinnedIndices } from './thinning.js';
import type { PanelSize } from './patternFigure.js';
import type { FigureSpec } from './writeFigure.js';

/** One line of a history. */
export interface HistorySeries {
  readonly name: string;
  /** As the objective states it; `1` for none. */
  readonly unit: string;
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

/** Data of a history plot. */
export interface HistoryFigure {
  readonly series: readonly HistorySeries[];
  readonly title?: string;
  /** Where stages begin; values of different stages do not compare. */
  readonly stages?: readonly HistoryStage[];
  /** What `steps` counts, as the title of the axis; default `step`. */
  readonly along?: string;
}

/** Beginning of a stage of a run. */
export interface HistoryStage {
  readonly step: number;
  readonly label: string;
}

/** Values against steps: one panel per unit, logarithmic where that shows more. */
export function historyFigure({ series, title, stages = [], along = 'step' }: HistoryFigure): FigureSpec {
  const units = [...new Set(series.map(({ unit }) => unit))];
  return {
    config: theme,
    ...(title === undefined ? {} : { title }),
    vconcat: units.map((unit) => historyPanel(series.filter((line) => line.unit === unit), { width: 760, height: 240 }, series.map(({ name }) => name), stages, along)),
  };
}

/**
 * One panel of a history, as a part of a larger figure.
 * @param names all series of the figure, so that colours agree between panels
 * @param stages drawn as vertical lines with their labels
 * @param along title of the horizontal axis
 */
export function historyPanel(series: readonly HistorySeries[], { width, height }: PanelSize, names = series.map(({ name }) => name), stages: readonly HistoryStage[] = [], along = 'step'): Record<string, unknown> {
  const values = series.flatMap(({ name, steps, values: all }) =>
    thinnedIndices(steps, [all], width)
      .filter((i) => Number.isFinite(all[i]))
      .map((i) => ({ step: steps[i], value: all[i], name })),
  );
  const unit = series[0]?.unit ?? '1';
  const log = spansDecades(values.map(({ value }) => value));
  const shown = series.map(({ name }) => name);
  const single = names.length === 1;
  return {
    width,
    height,
    layer: [
      ...stageLayers(stages),
      {
        data: { values },
        mark: { type: 'line', strokeWidth: 1.8 },
        encoding: {
          x: { field: 'step', type: 'quantitative', title: along, axis: { tickMinStep: 1 }, scale: { nice: false } },
          y: {
            field: 'value',
            type: 'quantitative',
            title: `${series.length === 1 ? series[0].name : 'objective'}${unit === '1' ? '' : ` (${unit})`}`,
            scale: log ? { type: 'log' } : { zero: false },
            ...(log ? { axis: { format: '.0e', tickCount: 6 } } : {}),
          },
          color: {
            field: 'name',
            type: 'nominal',
            scale: { domain: shown, range: shown.map((name) => seriesColors[names.indexOf(name) % seriesColors.length]) },
            legend: single ? null : { title: null, symbolType: 'stroke' },
          },
          order: { field: 'step', type: 'quantitative' },
        },
      },
    ],
    resolve: { scale: { color: 'independent' } },
  };
}

function stageLayers(stages: readonly HistoryStage[]): Record<string, unknown>[] {
  if (stages.length < 2) return [];
  const x = { field: 'step', type: 'quantitative' };
  return [
    { data: { values: stages }, mark: { type: 'rule', color: '#cccccc' }, encoding: { x } },
    { data: { values: stages }, mark: { type: 'text', align: 'left', baseline: 'top', dx: 3, dy: 2, fontSize: 9, color: '#777777' }, encoding: { x, y: { value: 0 }, text: { field: 'label' } } },
  ];
}

function spansDecades(values: readonly number[]): boolean {
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
  return low > 0 && high / low > 10;
}
