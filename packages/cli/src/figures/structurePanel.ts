import type { Structure } from '@braggscape/core';
import { elementSymbol } from '@braggscape/crystal';
import { covalentRadius } from '@braggscape/crystal';
import { elementColors } from './theme.js';
import type { PanelSize } from './patternFigure.js';

type Vector = readonly [number, number, number];

/** A structure as it is drawn: points of the plane in Å, seen along an axis of its cell. */
export interface StructureDrawing {
  readonly atoms: readonly { readonly x: number; readonly y: number; readonly symbol: string; readonly number: number; readonly depth: number }[];
  /** Ends of the cell's edges. */
  readonly edges: readonly { readonly x: number; readonly y: number; readonly edge: number }[];
  /** Half of the width and height, Å. */
  readonly extent: readonly [number, number];
}

/** Atoms whose fractional coordinates are this near to a face of the cell are drawn on the opposite one too. */
const FACE = 0.03;

/**
 * Project a cell along one of its axes, another one pointing to the right.
 * @param axes that along which it is seen, and that to the right, 0 to 2
 */
export function structureDrawing({ lattice, frac, numbers }: Structure, [along, right]: readonly [number, number]): StructureDrawing {
  const row = (i: number): Vector => [lattice[3 * i], lattice[3 * i + 1], lattice[3 * i + 2]];
  const view = unit(row(along));
  const across = row(right);
  const horizontal = unit(minus(across, scaled(view, inner(across, view))));
  const vertical: Vector = [view[1] * horizontal[2] - view[2] * horizontal[1], view[2] * horizontal[0] - view[0] * horizontal[2], view[0] * horizontal[1] - view[1] * horizontal[0]];
  const flat = (at: readonly number[]): { x: number; y: number; depth: number } => {
    const cart: Vector = [0, 1, 2].map((k) => at.reduce((sum, f, i) => sum + (f - 0.5) * lattice[3 * i + k], 0)) as unknown as Vector;
    return { x: inner(cart, horizontal), y: inner(cart, vertical), depth: inner(cart, view) };
  };
  const corners = Array.from({ length: 8 }, (_, c) => [c & 1, (c >> 1) & 1, (c >> 2) & 1]);
  const edges = corners.flatMap((corner, c) =>
    corner.flatMap((value, axis) => (value === 1 ? [] : [corner, corner.map((old, k) => (k === axis ? 1 : old))].map((end) => ({ ...flat(end), edge: 3 * c + axis })))),
  );
  const atoms = [...numbers].flatMap((number, i) => {
    const home = [0, 1, 2].map((k) => frac[3 * i + k] - Math.floor(frac[3 * i + k]));
    return images(home).map((at) => ({ ...flat(at), symbol: elementSymbol(number), number }));
  });
  const drawn = [...atoms, ...edges];
  return {
    atoms: atoms.sort((a, b) => a.depth - b.depth),
    edges,
    extent: [Math.max(...drawn.map(({ x }) => Math.abs(x))), Math.max(...drawn.map(({ y }) => Math.abs(y)))],
  };
}

/** A position and its copies on the faces opposite to those it lies on. */
function images(home: readonly number[]): readonly (readonly number[])[] {
  return home.reduce<readonly (readonly number[])[]>(
    (all, value, axis) => {
      const shift = value < FACE ? 1 : value > 1 - FACE ? -1 : 0;
      return shift === 0 ? all : [...all, ...all.map((at) => at.map((old, k) => (k === axis ? old + shift : old)))];
    },
    [home],
  );
}

/**
 * One panel with a drawn structure, as a part of a larger figure.
 * @param scale pixels per Å; equal for structures that are to be compared
 * @param numbers elements of the whole figure, so that colours agree between panels
 */
export function structurePanel({ atoms, edges }: StructureDrawing, { width, height }: PanelSize, scale: number, numbers: readonly number[]): Record<string, unknown> {
  const axis = (field: string, pixels: number) => ({ field, type: 'quantitative', axis: null, scale: { domain: [-pixels / scale / 2, pixels / scale / 2], nice: false, zero: false } });
  const encoding = { x: axis('x', width), y: axis('y', height) };
  const symbols = numbers.map((number) => elementSymbol(number));
  return {
    width,
    height,
    view: { stroke: null },
    layer: [
      { data: { values: edges }, mark: { type: 'line', color: '#888888', strokeWidth: 1 }, encoding: { ...encoding, detail: { field: 'edge', type: 'nominal' } } },
      {
        // Less than the covalent radius, so that what lies behind is seen.
        data: { values: atoms.map(({ number, ...atom }) => ({ ...atom, area: Math.max(30, Math.PI * (0.42 * covalentRadius(number) * scale) ** 2) })) },
        mark: { type: 'circle', opacity: 1, stroke: '#333333', strokeWidth: 0.7 },
        encoding: {
          ...encoding,
          size: { field: 'area', type: 'quantitative', scale: null, legend: null },
          fill: { field: 'symbol', type: 'nominal', scale: { domain: symbols, range: symbols.map((_, i) => elementColors[i % elementColors.length]) }, legend: null },
        },
      },
    ],
  };
}

function inner(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function scaled(a: Vector, factor: number): Vector {
  return [a[0] * factor, a[1] * factor, a[2] * factor];
}

function minus(a: Vector, b: Vector): Vector {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function unit(a: Vector): Vector {
  return scaled(a, 1 / Math.sqrt(inner(a, a)));
}
