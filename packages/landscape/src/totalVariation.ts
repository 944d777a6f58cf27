import { valueRange } from './surface.js';
import type { Surface } from './surface.js';

/**
 * Total variation ∫ |∇f| over the slice, with its axes scaled to unit span, divided by the range of values: 1 for a plane along one axis, and 2 n for n full waves.
 * The gradient is taken by differences within each cell of the grid; cells with a corner without value are left out, and the rest stands for all.
 *
 * @returns NaN where every cell lacks a value, 0 for a constant
 * @see L. I. Rudin, S. Osher & E. Fatemi, Physica D 60 (1992) 259
 */
export function totalVariation({ axes, values }: Surface): number {
  const { low, high } = valueRange(values);
  if (high === low) return 0;
  const columns = axes[0].values.length;
  const rows = axes.length === 1 ? 1 : axes[1].values.length;
  let sum = 0;
  let cells = 0;
  const add = (length: number): void => {
    if (!Number.isFinite(length)) return;
    sum += length;
    cells++;
  };
  if (rows === 1) for (let i = 1; i < columns; i++) add(Math.abs(values[i] - values[i - 1]) * (columns - 1));
  for (let j = 1; j < rows; j++)
    for (let i = 1; i < columns; i++) {
      const [p, q, r, s] = [values[(j - 1) * columns + i - 1], values[(j - 1) * columns + i], values[j * columns + i - 1], values[j * columns + i]];
      add(Math.hypot(((q - p + s - r) / 2) * (columns - 1), ((r - p + s - q) / 2) * (rows - 1)));
    }
  return sum / cells / (high - low);
}
