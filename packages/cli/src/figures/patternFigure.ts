import { colors, theme } from './theme.js';
import { thinnedIndices } from './thinning.js';
import type { FigureSpec } from './writeFigure.js';

/** Data of a pattern plot. */
export interface PatternFigure {
  /** [m] degrees. */
  readonly twoTheta: ArrayLike<number>;
  /** [m] */
  readonly observed: ArrayLike<number>;
  /** [m], on the scale of the observed one. */
  readonly calculated: ArrayLike<number>;
  /** Positions of the tick marks. */
  readonly reflections: readonly { readonly twoTheta: number }[];
  /** Å, for the caption. */
  readonly wavelength?: number;
  readonly title?: string;
}

/** Size of the plot area in pixels. */
export interface PanelSize {
  readonly width: number;
  readonly height: number;
}

/** Observed, calculated and difference pattern with reflection marks, as crystallographers draw a refinement. */
export function patternFigure(data: PatternFigure): FigureSpec {
  return { config: theme, ...patternPanels(data, { width: 760, height: 300 }) };
}

/**
 * The same as a part of a larger figure.
 * @param compact short axis titles and no legend, for several beside each other
 */
export function patternPanels(data: PatternFigure, { width, height }: PanelSize, compact = false): Record<string, unknown> {
  const { twoTheta, observed, calculated, wavelength } = data;
  // The observed maximum is 100, so that files of any scale read alike.
  let top = 0;
  for (let i = 0; i < observed.length; i++) top = Math.max(top, observed[i]);
  const percent = (value: number): number => round((100 * value) / (top > 0 ? top : 1));
  const kept = thinnedIndices(twoTheta, [observed, calculated], width);
  const curves = kept.flatMap((i) => [
    { x: round(twoTheta[i]), y: percent(observed[i]), curve: 'observed' },
    { x: round(twoTheta[i]), y: percent(calculated[i]), curve: 'calculated' },
  ]);
  const difference = Float64Array.from({ length: observed.length }, (_, i) => observed[i] - calculated[i]);
  // A difference too small to matter is to look small.
  const widest = difference.reduce((most, value) => Math.max(most, Math.abs(percent(value))), 10);
  const residual = thinnedIndices(twoTheta, [difference], width).map((i) => ({ x: round(twoTheta[i]), y: percent(difference[i]) }));
  const marks = data.reflections.map((reflection) => ({ x: round(reflection.twoTheta) }));
  const domain = [twoTheta[0], twoTheta[twoTheta.length - 1]];
  const x = (axis: unknown) => ({ field: 'x', type: 'quantitative', scale: { domain, nice: false }, axis });
  const subtitle = wavelength === undefined ? {} : { subtitle: `wavelength ${wavelength} Å` };
  return {
    ...(data.title === undefined && wavelength === undefined ? {} : { title: { text: data.title ?? 'observed and calculated pattern', ...subtitle } }),
    spacing: 4,
    bounds: 'flush',
    resolve: { legend: { color: 'independent' } },
    vconcat: [
      {
        width,
        height,
        data: { values: curves },
        encoding: {
          x: x({ labels: false, title: null, ticks: false }),
          y: { field: 'y', type: 'quantitative', title: compact ? 'intensity (%)' : 'intensity (% of observed maximum)' },
          color: {
            field: 'curve',
            type: 'nominal',
            scale: {
              domain: ['observed', 'calculated', 'difference', 'reflections'],
              range: [colors.observed, colors.calculated, colors.difference, colors.reflections],
            },
            legend: compact ? null : { title: null, symbolType: 'stroke' },
          },
          order: { field: 'x', type: 'quantitative' },
        },
        // The observed curve is wide enough to be seen behind a calculated one that covers it.
        layer: [
          { transform: [{ filter: "datum.curve === 'observed'" }], mark: { type: 'line', strokeWidth: 2.4, strokeJoin: 'round' } },
          { transform: [{ filter: "datum.curve === 'calculated'" }], mark: { type: 'line', strokeWidth: 1, strokeJoin: 'round' } },
        ],
      },
      {
        width,
        height: 16,
        data: { values: marks },
        mark: { type: 'tick', thickness: 1, height: 12, color: colors.reflections, orient: 'vertical' },
        encoding: { x: x({ labels: false, title: null, ticks: false, grid: false }) },
      },
      {
        width,
        height: Math.round(height * 0.28),
        data: { values: residual },
        mark: { type: 'line', strokeWidth: 1, color: colors.difference },
        encoding: {
          x: x({ title: '2θ (degrees)' }),
          y: { field: 'y', type: 'quantitative', title: compact ? 'diff.' : 'difference', scale: { domain: [-widest, widest], nice: true }, axis: { tickCount: 3 } },
          order: { field: 'x', type: 'quantitative' },
        },
      },
    ],
  };
}

/** Five digits: more are not seen, and files stay small. */
function round(value: number): number {
  return Number(value.toPrecision(6));
}
