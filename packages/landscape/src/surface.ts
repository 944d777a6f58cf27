import { BraggscapeError } from '@braggscape/core';

/** One axis of a grid: evenly spaced values, ascending. */
export interface GridAxis {
  /** What is varied, such as `a` or `O1.x`. */
  readonly name: string;
  /** Unit for people, such as `Å`; `1` where it has none. */
  readonly unit: string;
  /** [m] at least two values. */
  readonly values: Float64Array;
}

/** A function on a grid of one or two axes. */
export interface Surface {
  readonly axes: readonly GridAxis[];
  /** [m₀·m₁] the first axis runs fastest; numbers that are not finite stand for points where there is no value, and nothing descends there. */
  readonly values: Float64Array;
}

/**
 * A surface, checked.
 * @throws BraggscapeError `option.invalid` for another number of axes than one or two, axes that do not ascend evenly, or a number of values that does not fit
 */
export function surface(axes: readonly GridAxis[], values: Float64Array): Surface {
  if (axes.length < 1 || axes.length > 2) throw new BraggscapeError('option.invalid', `a surface has one or two axes, not ${axes.length}`, { path: 'axes' });
  for (const { name, values: ticks } of axes) {
    const step = spacing(ticks);
    const even = ticks.every((value, i) => i === 0 || Math.abs(value - ticks[i - 1] - step) <= 1e-6 * step);
    if (ticks.length >= 2 && step > 0 && even) continue;
    throw new BraggscapeError('option.invalid', `axis "${name}" does not ascend in even steps`, { path: `axes.${name}`, hint: 'give at least two values, evenly spaced and ascending' });
  }
  const points = pointCount(axes);
  if (values.length !== points) throw new BraggscapeError('option.invalid', `there are ${values.length} values for ${points} points`, { path: 'values' });
  return { axes, values };
}

/** An axis of `count` even steps from `from` to `to`, both ends included. */
export function gridAxis(name: string, unit: string, from: number, to: number, count: number): GridAxis {
  return { name, unit, values: Float64Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1)) };
}

/** Number of points of a grid. */
export function pointCount(axes: readonly GridAxis[]): number {
  return axes.reduce((product, { values }) => product * values.length, 1);
}

/** Distance between neighbouring values of an axis. */
export function spacing(values: Float64Array): number {
  return (values[values.length - 1] - values[0]) / (values.length - 1);
}

/** Steps along each axis of the point with an index. */
export function stepsOf(axes: readonly GridAxis[], index: number): readonly number[] {
  const first = axes[0].values.length;
  return axes.length === 1 ? [index] : [index % first, Math.floor(index / first)];
}

/** Coordinates of the point with an index, in the units of the axes. */
export function pointAt(axes: readonly GridAxis[], index: number): readonly number[] {
  return stepsOf(axes, index).map((step, k) => axes[k].values[step]);
}

/**
 * Index of the grid point nearest to a position in the units of the axes.
 * @returns undefined if the position lies more than half a step outside the grid
 */
export function nearestPoint(axes: readonly GridAxis[], position: readonly number[]): number | undefined {
  let index = 0;
  for (let k = axes.length - 1; k >= 0; k--) {
    const { values } = axes[k];
    const step = Math.round((position[k] - values[0]) / spacing(values));
    if (!(step >= 0 && step < values.length)) return undefined;
    index = index * values.length + step;
  }
  return index;
}

/** Value between grid points, linear along each axis; NaN outside, and beside points without a value. */
export function interpolate({ axes, values }: Surface, position: readonly number[]): number {
  const at = axes.map(({ values: ticks }, k) => (position[k] - ticks[0]) / spacing(ticks));
  const last = axes.map(({ values: ticks }) => ticks.length - 1);
  if (at.some((t, k) => !(t >= -1e-9 && t <= last[k] + 1e-9))) return Number.NaN;
  return valueBetween(values, axes[0].values.length, at[0], at[1] ?? 0);
}

/**
 * Value at a position in grid steps along the two axes, linear along each.
 * @param columns number of points along the first axis
 */
export function valueBetween(values: Float64Array, columns: number, x: number, y: number): number {
  const column = Math.min(Math.max(0, columns - 2), Math.max(0, Math.floor(x)));
  const rows = values.length / columns;
  const row = Math.min(Math.max(0, rows - 2), Math.max(0, Math.floor(y)));
  const at = row * columns + column;
  const below = mix(values[at], values[at + 1], x - column);
  return rows === 1 || y - row <= 1e-12 ? below : mix(below, mix(values[at + columns], values[at + columns + 1], x - column), y - row);
}

/** Weighted mean that does not look at the end that has no weight. */
function mix(a: number, b: number, part: number): number {
  if (part <= 1e-12) return a;
  return part >= 1 - 1e-12 ? b : a + (b - a) * part;
}

/** Part of the slice that each point stands for, by the trapezoid rule: the weights sum to one. */
export function pointWeights(axes: readonly GridAxis[]): Float64Array {
  const weights = new Float64Array(pointCount(axes));
  for (let i = 0; i < weights.length; i++) {
    weights[i] = stepsOf(axes, i).reduce((product, step, k) => {
      const last = axes[k].values.length - 1;
      return (product * (step === 0 || step === last ? 0.5 : 1)) / last;
    }, 1);
  }
  return weights;
}

/** Lowest and highest finite value; NaN both if there is none. */
export function valueRange(values: Float64Array): { readonly low: number; readonly high: number } {
  let [low, high] = [Number.NaN, Number.NaN];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (!(value >= low)) low = value;
    if (!(value <= high)) high = value;
  }
  return { low, high };
}
