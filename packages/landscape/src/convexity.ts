import { pointWeights, stepsOf } from './surface.js';
import type { Surface } from './surface.js';

/**
 * Part of a slice where the surface is convex: where both curvatures of the Hessian from second differences (on a line the only one) are positive or zero. Points on the edge, and
 * beside points without a value, do not count. Axes count in parts of their span; whether a Hessian is positive does not depend on that.
 *
 * @param tolerance curvature below zero that counts as none, as a part of the largest on the slice
 * @returns NaN where no point has all of its neighbours
 */
export function convexFraction({ axes, values }: Surface, { tolerance = 1e-6 }: { readonly tolerance?: number } = {}): number {
  const columns = axes[0].values.length;
  const rows = values.length / columns;
  const weights = pointWeights(axes);
  const lowest: number[] = [];
  const parts: number[] = [];
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const inside = stepsOf(axes, i).every((step, k) => step > 0 && step < axes[k].values.length - 1);
    if (!inside) continue;
    const [low, high] = curvatures(values, i, columns, rows);
    if (!Number.isFinite(low + high)) continue;
    lowest.push(low);
    parts.push(weights[i]);
    largest = Math.max(largest, Math.abs(low), Math.abs(high));
  }
  let [convex, all] = [0, 0];
  lowest.forEach((low, n) => {
    all += parts[n];
    if (low >= -tolerance * largest) convex += parts[n];
  });
  return convex / all;
}

/** Smallest and largest eigenvalue of the Hessian at an inner point, axes in parts of their span. */
function curvatures(values: Float64Array, i: number, columns: number, rows: number): readonly [number, number] {
  const xx = (values[i - 1] - 2 * values[i] + values[i + 1]) * (columns - 1) ** 2;
  if (rows === 1) return [xx, xx];
  const yy = (values[i - columns] - 2 * values[i] + values[i + columns]) * (rows - 1) ** 2;
  const xy = ((values[i + columns + 1] - values[i + columns - 1] - values[i - columns + 1] + values[i - columns - 1]) / 4) * (columns - 1) * (rows - 1);
  const middle = (xx + yy) / 2;
  const radius = Math.hypot((xx - yy) / 2, xy);
  return [middle - radius, middle + radius];
}
