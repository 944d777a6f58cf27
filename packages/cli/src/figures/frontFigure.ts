import type { Structure } from '@braggscape/core';
import { cellFromLattice, elementSymbol } from '@braggscape/crystal';
import { patternPanels } from './patternFigure.js';
import type { PatternFigure } from './patternFigure.js';
import { structureDrawing, structurePanel } from './structurePanel.js';
import { colors, elementColors, theme } from './theme.js';
import type { FigureSpec } from './writeFigure.js';

/** An axis of a front: an objective. */
export interface FrontAxis {
  readonly name: string;
  /** As the objective states it; `1` for none. */
  readonly unit: string;
}

/** One of the structures drawn below a front. */
export interface FrontExample {
  /** Index of its point. */
  readonly index: number;
  /** What it is, such as `knee`. */
  readonly name: string;
  readonly pattern: PatternFigure;
  readonly structure: Structure;
}

/** Data of a front's figure. */
export interface FrontFigure {
  readonly axes: readonly [FrontAxis, FrontAxis];
  /** Sorted by the first axis. */
  readonly points: readonly { readonly values: readonly [number, number]; readonly kind: 'single' | 'weights' | 'epsilon' }[];
  /** Refined structures that are not on the front. */
  readonly others: readonly (readonly [number, number])[];
  readonly examples: readonly FrontExample[];
  readonly title?: string;
}

/** Width of a column of the figure, and what its axis and the space before it take. */
const [COLUMN, BETWEEN] = [322, 82];
const WIDTH = 3 * COLUMN + 2 * BETWEEN;

/** The objectives against each other, and below them three structures with their patterns. */
export function frontFigure(data: FrontFigure): FigureSpec {
  const numbers = [...new Set(data.examples[0]?.structure.numbers ?? [])].sort((a, b) => a - b);
  const curves = Object.entries(colors).map(([name, color]) => ({ name, color, shape: 'stroke' }));
  const elements = numbers.map((number, i) => ({ name: elementSymbol(number), color: elementColors[i % elementColors.length], shape: 'circle' }));
  return {
    config: theme,
    ...(data.title === undefined ? {} : { title: { text: data.title, fontSize: 15, offset: 12 } }),
    vconcat: [frontPanel(data, { width: WIDTH, height: 300 }), ...(data.examples.length === 0 ? [] : [legendRow([...curves, ...elements]), exampleRow(data, numbers)])],
    spacing: 22,
    resolve: { scale: { color: 'independent', shape: 'independent', fill: 'independent', x: 'independent', y: 'independent', size: 'independent' }, legend: { color: 'independent', fill: 'independent' } },
  };
}

/** One legend for all columns: drawn, because a legend of Vega's would widen the column it belongs to. */
function legendRow(items: readonly { readonly name: string; readonly color: string; readonly shape: string }[]): Record<string, unknown> {
  let at = 0;
  const placed = items.map((item) => {
    const x = at;
    at += 44 + 7 * item.name.length;
    return { ...item, x };
  });
  const x = { field: 'x', type: 'quantitative', axis: null, scale: { domain: [0, WIDTH], nice: false } };
  const paint = { field: 'color', type: 'nominal', scale: null };
  return {
    width: WIDTH,
    height: 14,
    view: { stroke: null },
    data: { values: placed },
    encoding: { x, y: { value: 7 } },
    layer: [
      { transform: [{ filter: "datum.shape === 'stroke'" }], mark: { type: 'point', shape: 'stroke', size: 160, strokeWidth: 2.4, opacity: 1, xOffset: 7 }, encoding: { stroke: paint } },
      { transform: [{ filter: "datum.shape === 'circle'" }], mark: { type: 'point', shape: 'circle', size: 90, stroke: '#333333', strokeWidth: 0.7, opacity: 1, xOffset: 7 }, encoding: { fill: paint } },
      { mark: { type: 'text', align: 'left', dx: 19, fontSize: 11 }, encoding: { text: { field: 'name', type: 'nominal' } } },
    ],
  };
}

const kinds = { single: 'one objective alone', weights: 'weighted sum', epsilon: 'ε-constraint' } as const;

function frontPanel({ axes, points, others, examples }: FrontFigure, { width, height }: { width: number; height: number }): Record<string, unknown> {
  const scales = axes.map((axis, k) => scaleOf(axis, points.map(({ values }) => values[k])));
  const [x, y] = scales.map(({ show, title, log, domain }, k) => ({
    field: k === 0 ? 'x' : 'y',
    type: 'quantitative',
    title,
    scale: { domain, nice: false, zero: false, ...(log === undefined ? {} : { type: 'symlog', constant: show(log) }) },
    axis: log === undefined ? { tickCount: k === 0 ? 10 : 6 } : { values: decades(show(log), domain[1]), format: '~g' },
  }));
  const place = (values: readonly number[]): { x: number; y: number } => ({ x: scales[0].show(values[0]), y: scales[1].show(values[1]) });
  const rows = points.map(({ values, kind }, order) => ({ ...place(values), order, kind: kinds[kind] }));
  const used = Object.values(kinds).filter((name) => rows.some(({ kind }) => kind === name));
  const dark = { single: '#000000', weights: '#0072b2', epsilon: '#d55e00' };
  const colorOf = (name: string): string => dark[(Object.keys(kinds) as (keyof typeof kinds)[]).find((key) => kinds[key] === name) ?? 'single'];
  const shapeOf = (name: string): string => (name === kinds.single ? 'square' : name === kinds.weights ? 'circle' : 'triangle-up');
  const labels = examples.map(({ index, name }, k) => ({ ...rows[index], label: letter(k), name: `${letter(k)}: ${name}` }));
  const within = others.map(place).filter((at) => at.x <= scales[0].domain[1] && at.y <= scales[1].domain[1]);
  return {
    width,
    height,
    layer: [
      { data: { values: rows }, mark: { type: 'line', color: '#bbbbbb', strokeWidth: 1.2, interpolate: 'step-after' }, encoding: { x, y, order: { field: 'order', type: 'quantitative' } } },
      { data: { values: within }, mark: { type: 'point', filled: true, size: 16, color: '#bbbbbb', opacity: 1 }, encoding: { x, y } },
      { data: { values: labels }, mark: { type: 'point', filled: false, size: 330, color: '#009e73', strokeWidth: 2 }, encoding: { x, y } },
      {
        data: { values: rows },
        mark: { type: 'point', filled: true, size: 75, opacity: 1 },
        encoding: {
          x,
          y,
          color: { field: 'kind', type: 'nominal', scale: { domain: used, range: used.map(colorOf) }, legend: { title: null, symbolType: 'circle' } },
          shape: { field: 'kind', type: 'nominal', scale: { domain: used, range: used.map(shapeOf) }, legend: { title: null } },
        },
      },
      ...labels.map((at) => labelLayer(at, at.order === 0 ? 'first' : at.order === rows.length - 1 ? 'last' : 'between', x, y)),
    ],
  };
}

/** Where a label has room: right of the first end, above the last one, and left of the others, where a front has no points. */
const sidesOf = { first: { align: 'left', dx: 14, dy: -15 }, between: { align: 'right', dx: -16, dy: 6 }, last: { align: 'right', dx: 12, dy: -27 } } as const;

/** A label beside its point, in a white seam that keeps it readable across lines. */
function labelLayer(at: { x: number; y: number; name: string }, side: keyof typeof sidesOf, x: unknown, y: unknown): Record<string, unknown> {
  const text = { type: 'text', ...sidesOf[side], fontSize: 12, fontWeight: 'bold' };
  return {
    data: { values: [at] },
    encoding: { x, y, text: { field: 'name', type: 'nominal' } },
    layer: [{ mark: { ...text, color: '#ffffff', stroke: '#ffffff', strokeWidth: 5 } }, { mark: { ...text, color: '#007a59' } }],
  };
}

interface AxisScale {
  /** A value as it is shown. */
  readonly show: (value: number) => number;
  readonly title: string;
  /** Where a linear axis bends into a logarithmic one, in the objective's unit; undefined for a linear one. */
  readonly log: number | undefined;
  readonly domain: readonly [number, number];
}

/** Energies are shown above the lowest one, in meV; an axis on which most points crowd at its beginning becomes logarithmic there. */
function scaleOf({ name, unit }: FrontAxis, values: readonly number[]): AxisScale {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const span = high > low ? high - low : Math.max(Math.abs(low), 1e-9);
  const energy = unit === 'eV/atom';
  const show = (value: number): number => (energy ? 1000 * (value - low) : value);
  const crowded = low >= 0 && !energy && values.filter((value) => value - low < 0.05 * span).length > values.length / 2;
  const log = crowded ? 10 ** Math.floor(Math.log10(span) - 3) : undefined;
  return {
    show,
    title: energy ? `${name} energy above the lowest (meV/atom)` : `${name}${unit === '1' ? ' loss' : ` (${unit})`}`,
    log,
    domain: [show(low) - (log === undefined ? 0.04 * show(span + (energy ? low : 0)) : 0.4 * log), show(high) + 0.12 * show(span + (energy ? low : 0))],
  };
}

/** Zero and the powers of ten from `least` to `most`. */
function decades(least: number, most: number): readonly number[] {
  const ticks = [0];
  for (let tick = least; tick <= most; tick *= 10) ticks.push(Number(tick.toPrecision(3)));
  return ticks;
}

function exampleRow({ axes, points, examples }: FrontFigure, numbers: readonly number[]): Record<string, unknown> {
  const size = { width: COLUMN, height: 150 };
  const axis = sides(examples[0].structure);
  const drawings = examples.map(({ structure }) => structureDrawing(structure, axis));
  const margin = 16;
  const scale = Math.min(...drawings.map(({ extent }) => Math.min((COLUMN - 2 * margin) / 2 / extent[0], 75 / extent[1])));
  const tallest = Math.ceil(Math.max(...drawings.map(({ extent }) => 2 * extent[1] * scale)) + 2 * margin);
  return {
    hconcat: examples.map(({ index, name, pattern, structure }, k) => {
      const { values } = points[index];
      // Short lines: Vega reserves room for more than a text takes, which would push the columns apart.
      const lines = [...axes.map((objective, i) => valueText(objective, values[i], Math.min(...points.map((point) => point.values[i])))), ...cellText(structure)];
      return {
        vconcat: [
          { ...patternPanels(pattern, size, true), title: { text: `${letter(k)}: ${name}`, subtitle: lines, subtitleLineHeight: 15 } },
          structurePanel(drawings[k], { width: COLUMN, height: tallest }, scale, numbers),
        ],
        spacing: 10,
        resolve: { scale: { color: 'independent' } },
      };
    }),
    spacing: 24,
  };
}

/** Seen along the shortest axis, the longest to the right. */
function sides({ lattice }: Structure): readonly [number, number] {
  const [a, b, c] = cellFromLattice(lattice);
  const order = [a, b, c].map((length, i) => ({ length, i })).sort((p, q) => p.length - q.length);
  return [order[0].i, order[2].i];
}

function valueText({ name, unit }: FrontAxis, value: number, least: number): string {
  if (unit === 'eV/atom') return `${name} ${value.toFixed(4).replace('-', '−')} eV/atom (lowest + ${(1000 * (value - least)).toFixed(1)} meV)`;
  return `${name} ${Math.abs(value) < 1e-9 ? '0' : value.toPrecision(2)}${unit === '1' ? '' : ` ${unit}`}`;
}

function cellText({ lattice }: Structure): readonly string[] {
  const [a, b, c, alpha, beta, gamma] = cellFromLattice(lattice);
  return [`a, b, c = ${[a, b, c].map((value) => value.toFixed(3)).join(', ')} Å`, `α, β, γ = ${[alpha, beta, gamma].map((value) => value.toFixed(2)).join(', ')}°`];
}

function letter(k: number): string {
  return String.fromCharCode(65 + k);
}
