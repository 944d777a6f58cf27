import type { GridAxis } from './surface.js';

/** Calls `visit` for each neighbour of a grid point: two on a line, eight in a plane, fewer at the edges. */
export type Neighbours = (index: number, visit: (neighbour: number, distance: number) => void) => void;

/**
 * The neighbours of grid points, diagonal ones included. Distances count each axis in parts of its span, so that a slice looks the same whatever the units of its axes are.
 */
export function gridNeighbours(axes: readonly GridAxis[]): Neighbours {
  const [columns, rows] = [axes[0].values.length, axes.length === 1 ? 1 : axes[1].values.length];
  const [dx, dy] = [1 / (columns - 1), rows === 1 ? 0 : 1 / (rows - 1)];
  const diagonal = Math.hypot(dx, dy);
  return (index, visit) => {
    const [x, y] = [index % columns, Math.floor(index / columns)];
    for (let q = Math.max(0, y - 1); q <= Math.min(rows - 1, y + 1); q++)
      for (let p = Math.max(0, x - 1); p <= Math.min(columns - 1, x + 1); p++) {
        if (p !== x && q !== y) visit(q * columns + p, diagonal);
        else if (p !== x) visit(q * columns + p, dx);
        else if (q !== y) visit(q * columns + p, dy);
      }
  };
}
