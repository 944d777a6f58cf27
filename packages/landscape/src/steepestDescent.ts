import { gridNeighbours } from './neighbours.js';
import type { Surface } from './surface.js';

/**
 * Where steepest descent on the grid ends: each point goes to the neighbour to which the value falls fastest per distance, until none is lower. Points of a plateau go to
 * its nearest way down; a plateau without one is a single minimum, at its first point.
 *
 * @returns [points] index of the minimum of each point; −1 where there is no value
 */
export function steepestDescent({ axes, values }: Surface): Int32Array {
  const neighbours = gridNeighbours(axes);
  const next = new Int32Array(values.length).fill(-1);
  const queue: number[] = [];
  for (let i = 0; i < values.length; i++) {
    let steepest = 0;
    if (!Number.isFinite(values[i])) continue;
    neighbours(i, (j, distance) => {
      const slope = (values[i] - values[j]) / distance;
      if (slope > steepest) {
        steepest = slope;
        next[i] = j;
      }
    });
    if (next[i] >= 0) queue.push(i);
  }
  // Plateaus, from their ways down inwards.
  for (let head = 0; head < queue.length; head++) {
    const i = queue[head];
    neighbours(i, (j) => {
      if (next[j] >= 0 || values[j] !== values[i]) return;
      next[j] = i;
      queue.push(j);
    });
  }
  for (let i = 0; i < values.length; i++) if (next[i] < 0 && Number.isFinite(values[i])) floodMinimum(i);
  return resolved(next);

  /** A minimum, flat or not: all points of equal value that hang together end at the first. */
  function floodMinimum(root: number): void {
    const open = [root];
    next[root] = root;
    for (let i = open.pop(); i !== undefined; i = open.pop()) {
      const value = values[i];
      neighbours(i, (j) => {
        if (next[j] >= 0 || values[j] !== value) return;
        next[j] = root;
        open.push(j);
      });
    }
  }
}

function resolved(next: Int32Array): Int32Array {
  const ends = new Int32Array(next.length).fill(-1);
  const way: number[] = [];
  for (let i = 0; i < next.length; i++) {
    let at = i;
    while (at >= 0 && ends[at] < 0 && next[at] >= 0 && next[at] !== at) {
      way.push(at);
      at = next[at];
    }
    const end = at < 0 || next[at] < 0 ? -1 : ends[at] >= 0 ? ends[at] : at;
    if (at >= 0 && end >= 0) ends[at] = end;
    for (const point of way) ends[point] = end;
    way.length = 0;
  }
  return ends;
}
