import { gridAxis, surface } from '@braggscape/landscape';
import type { Surface } from '@braggscape/landscape';

/** A function of one variable on an even grid. */
export function line(f: (x: number) => number, from: number, to: number, count: number): Surface {
  const axis = gridAxis('x', 'Å', from, to, count);
  return surface([axis], axis.values.map(f));
}

/** A function of two variables on an even grid. */
export function plane(f: (x: number, y: number) => number, x: readonly [number, number, number], y: readonly [number, number, number]): Surface {
  const axes = [gridAxis('x', 'Å', ...x), gridAxis('y', 'degrees', ...y)];
  return surface(axes, Float64Array.from([...axes[1].values].flatMap((q) => [...axes[0].values].map((p) => f(p, q)))));
}

/** Two Gaussian wells: a deep one at the left and a shallow one at the right. */
export const twoWells = (x: number): number => -2 * Math.exp(-(((x + 2) / 0.7) ** 2)) - Math.exp(-(((x - 2) / 0.7) ** 2));
