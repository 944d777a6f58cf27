import { gridNeighbours } from './neighbours.js';
import type { Surface } from './surface.js';
import { valueRange } from './surface.js';

/**
 * Depth of each minimum: how far one must climb from it, at least, to reach a lower one. It is the persistence of the minimum in the sense of topology: the level rises, lakes
 * grow from the minima, and where two meet the shallower one ends. The lowest minimum is as deep as the surface is high.
 *
 * @returns depth by the index of the minimum, for all minima deeper than zero
 * @see H. Edelsbrunner, D. Letscher & A. Zomorodian, Discrete Comput. Geom. 28 (2002) 511
 */
export function minimumDepths({ axes, values }: Surface): ReadonlyMap<number, number> {
  const neighbours = gridNeighbours(axes);
  const order = Array.from(values.keys())
    .filter((i) => Number.isFinite(values[i]))
    .sort((a, b) => values[a] - values[b] || a - b);
  // Union–find whose roots are the minima.
  const parent = new Int32Array(values.length).fill(-1);
  const rank = new Int32Array(values.length);
  order.forEach((index, place) => (rank[index] = place));
  const depths = new Map<number, number>();
  const find = (i: number): number => {
    let root = i;
    while (parent[root] !== root) root = parent[root];
    for (let at = i; parent[at] !== root; ) [at, parent[at]] = [parent[at], root];
    return root;
  };
  for (const i of order) {
    parent[i] = i;
    neighbours(i, (j) => {
      if (parent[j] < 0) return;
      const [a, b] = [find(i), find(j)];
      if (a === b) return;
      const [lower, higher] = rank[a] < rank[b] ? [a, b] : [b, a];
      parent[higher] = lower;
      const depth = values[i] - values[higher];
      if (depth > 0) depths.set(higher, depth);
    });
  }
  const { low, high } = valueRange(values);
  // Parts that nothing connects have a lowest minimum each.
  for (const i of order) if (parent[i] === i) depths.set(i, high - (Number.isFinite(values[i]) ? values[i] : low));
  return depths;
}
