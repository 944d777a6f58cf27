import { seriesColors } from './theme.js';

/** An axis of a slice as drawn. */
export interface SliceAxis {
  /** Such as `a (Å)`. */
  readonly title: string;
  /** Evenly spaced, ascending. */
  readonly values: ArrayLike<number>;
}

/** A way on a slice. */
export interface SlicePath {
  readonly name: string;
  readonly points: readonly (readonly number[])[];
}

/** A slice of an objective along one or two axes, with what is marked on it. */
export interface SlicePanel {
  readonly title: string;
  readonly axes: readonly SliceAxis[];
  /** [points] the first axis runs fastest; not finite where there is none. */
  readonly values: ArrayLike<number>;
  /** What the colours or the ordinate mean, with the unit. */
  readonly valueTitle: string;
  /** Title of the colour bar, in lines; none if left out, where the panel's own title says it. */
  readonly barTitle?: readonly string[];
  /** Values of the ends of the colour bar; those beyond are drawn as the ends. */
  readonly domain: readonly [number, number];
  /** True position. */
  readonly truth?: readonly number[];
  /** Minima worth a dot. */
  readonly minima?: readonly (readonly number[])[];
  /** Minima worth a number: 1, 2, … in this order. */
  readonly numbered?: readonly (readonly number[])[];
  readonly paths?: readonly SlicePath[];
}

/** For panels put beside each other: each keeps its own colours and its own explanation of them. */
export const independentScales = { scale: { color: 'independent', stroke: 'independent', strokeDash: 'independent' } } as const;

/** Steps of the colour scale: more are not seen, and neighbours of equal step are drawn as one. */
const COLOUR_STEPS = 128;
/** Dashes that tell paths apart without colour. */
const dashes: readonly (readonly number[])[] = [[1, 0], [7, 3], [2, 2.5]];

/**
 * A slice as a part of a larger figure: a map in viridis, which is even to the eye, also in grey, or a curve along a single axis.
 * @param width of the plot area in pixels, about: maps take the nearest whole number of pixels a grid step, so that steps meet without seams
 */
export function slicePanel(panel: SlicePanel, width = 300): Record<string, unknown> {
  return panel.axes.length === 1 ? curve(panel, width) : map(panel, width);
}

function map(panel: SlicePanel, width: number): Record<string, unknown> {
  const [x, y] = panel.axes;
  const [left, right] = edges(x.values);
  const [bottom, top] = edges(y.values);
  const side = (axis: SliceAxis): number => Math.max(1, Math.round(width / axis.values.length)) * axis.values.length;
  const position = (field: 'x' | 'y', axis: SliceAxis, [from, to]: readonly [number, number]): Record<string, unknown> => ({
    field,
    type: 'quantitative',
    title: axis.title,
    scale: { domain: [from, to], nice: false, zero: false },
    axis: { grid: false, tickCount: 6 },
  });
  const encoding = { x: position('x', x, [left, right]), y: position('y', y, [bottom, top]) };
  return {
    title: { text: panel.title, fontSize: 12 },
    width: side(x),
    height: side(y),
    layer: [
      {
        data: { values: runs(panel) },
        // Descriptions of every rectangle for screen readers would be most of the file.
        mark: { type: 'rect', clip: true, aria: false },
        encoding: {
          ...encoding,
          x2: { field: 'x2' },
          y2: { field: 'y2' },
          color: {
            field: 'v',
            type: 'quantitative',
            scale: { scheme: 'viridis', domain: panel.domain, clamp: true },
            legend: { title: panel.barTitle ?? null, orient: 'right', direction: 'vertical', gradientLength: Math.min(200, side(y)), gradientThickness: 12, titleLimit: 400 },
          },
        },
      },
      ...pathLayers(panel, encoding),
      ...markLayers(panel, encoding),
    ],
    resolve: independentScales,
  };
}

/** Limits of the cells of an axis, half a step beyond its ends. */
function edges(values: ArrayLike<number>): readonly [number, number] {
  const last = values.length - 1;
  const half = (values[last] - values[0]) / last / 2;
  return [values[0] - half, values[last] + half];
}

/** Rectangles of equal colour along each row. */
function runs({ axes: [x, y], values, domain: [low, high] }: SlicePanel): Record<string, number>[] {
  const columns = x.values.length;
  const [left, right] = edges(x.values);
  const [bottom, top] = edges(y.values);
  const xAt = (i: number): number => left + ((right - left) * i) / columns;
  const yAt = (j: number): number => bottom + ((top - bottom) * j) / y.values.length;
  const stepOf = (value: number): number => (Number.isFinite(value) ? Math.round((COLOUR_STEPS * (Math.min(high, Math.max(low, value)) - low)) / (high - low)) : -1);
  const rectangles: Record<string, number>[] = [];
  for (let j = 0; j < y.values.length; j++)
    for (let i = 0; i < columns; ) {
      const step = stepOf(values[j * columns + i]);
      let end = i + 1;
      while (end < columns && stepOf(values[j * columns + end]) === step) end++;
      if (step >= 0) rectangles.push({ x: xAt(i), x2: xAt(end), y: yAt(j), y2: yAt(j + 1), v: low + ((high - low) * step) / COLOUR_STEPS });
      i = end;
    }
  return rectangles;
}

function pathLayers({ paths = [] }: SlicePanel, encoding: Record<string, unknown>): Record<string, unknown>[] {
  if (paths.length === 0) return [];
  const values = paths.flatMap(({ name, points }) => points.map(([x, y], order) => ({ x, y, order, name })));
  const starts = paths.map(({ name, points }) => ({ x: points[0][0], y: points[0][1], name }));
  const ends = paths.map(({ name, points }) => ({ x: points[points.length - 1][0], y: points[points.length - 1][1], name }));
  const names = [...new Set(paths.map(({ name }) => name))];
  const along = { ...encoding, order: { field: 'order', type: 'quantitative' }, detail: { field: 'name', type: 'nominal' } };
  const legend = { title: null, orient: 'bottom', direction: 'horizontal', columns: 3, symbolType: 'stroke', symbolSize: 400, labelLimit: 400 };
  const stroke = { field: 'name', type: 'nominal', scale: { domain: names, range: names.map((_, i) => ['#d55e00', '#cc79a7', '#56b4e9'][i % 3]) }, legend };
  const strokeDash = { field: 'name', type: 'nominal', scale: { domain: names, range: names.map((_, i) => dashes[i % dashes.length]) }, legend };
  return [
    { data: { values }, mark: { type: 'line', clip: true, stroke: '#000000', strokeWidth: 4.2, strokeCap: 'round', strokeJoin: 'round' }, encoding: along },
    { data: { values }, mark: { type: 'line', clip: true, strokeWidth: 2.2, strokeJoin: 'round' }, encoding: { ...along, stroke, strokeDash } },
    { data: { values: starts }, mark: { type: 'point', clip: true, shape: 'square', filled: true, fill: '#ffffff', stroke: '#000000', strokeWidth: 1.2, size: 55, opacity: 1 }, encoding },
    { data: { values: ends }, mark: { type: 'point', clip: true, shape: 'circle', filled: true, fill: '#000000', stroke: '#ffffff', strokeWidth: 1.2, size: 60, opacity: 1 }, encoding },
  ];
}

function markLayers({ truth, minima = [], numbered = [] }: SlicePanel, encoding: Record<string, unknown>): Record<string, unknown>[] {
  const points = (places: readonly (readonly number[])[]): Record<string, unknown>[] => places.map(([x, y], i) => ({ x, y, label: String(i + 1) }));
  const layers: Record<string, unknown>[] = [];
  if (minima.length > 0) layers.push({ data: { values: points(minima) }, mark: { type: 'point', filled: true, fill: '#ffffff', stroke: '#000000', strokeWidth: 0.8, size: 16, opacity: 1 }, encoding });
  if (numbered.length > 0) {
    layers.push({ data: { values: points(numbered) }, mark: { type: 'point', filled: true, fill: '#ffffff', stroke: '#000000', strokeWidth: 1, size: 190, opacity: 1 }, encoding });
    layers.push({ data: { values: points(numbered) }, mark: { type: 'text', fontSize: 10, fontWeight: 'bold', fill: '#000000' }, encoding: { ...encoding, text: { field: 'label' } } });
  }
  if (truth !== undefined)
    layers.push({ data: { values: points([truth]) }, mark: { type: 'point', shape: 'cross', filled: true, fill: '#ffffff', stroke: '#000000', strokeWidth: 1, size: 150, opacity: 1 }, encoding });
  return layers;
}

function curve(panel: SlicePanel, width: number): Record<string, unknown> {
  const { axes: [x], values, domain, truth, minima = [], numbered = [] } = panel;
  const points = Array.from({ length: values.length }, (_, i) => ({ x: x.values[i], y: values[i] })).filter(({ y }) => Number.isFinite(y));
  const valueAt = (at: number): number => points.reduce((best, point) => (Math.abs(point.x - at) < Math.abs(best.x - at) ? point : best)).y;
  const encoding = {
    x: { field: 'x', type: 'quantitative', title: x.title, scale: { zero: false, nice: false } },
    y: { field: 'y', type: 'quantitative', title: panel.valueTitle, scale: { domain, nice: true, zero: false } },
  };
  const marked = (places: readonly (readonly number[])[]): Record<string, unknown>[] => places.map(([at], i) => ({ x: at, y: valueAt(at), label: String(i + 1) }));
  return {
    title: { text: panel.title, fontSize: 12 },
    width,
    height: Math.round(0.7 * width),
    layer: [
      ...(truth === undefined ? [] : [{ data: { values: [{ x: truth[0] }] }, mark: { type: 'rule', color: '#999999', strokeDash: [4, 3] }, encoding: { x: encoding.x } }]),
      { data: { values: points }, mark: { type: 'line', clip: true, color: seriesColors[1], strokeWidth: 1.4 }, encoding },
      { data: { values: marked(minima) }, mark: { type: 'point', clip: true, filled: true, fill: '#ffffff', stroke: '#000000', size: 24, opacity: 1 }, encoding },
      { data: { values: marked(numbered) }, mark: { type: 'text', clip: true, dy: 11, fontSize: 10, fontWeight: 'bold' }, encoding: { ...encoding, text: { field: 'label' } } },
    ],
  };
}
