import { nonDominated } from './dominance.js';
import type { ObjectiveVector } from './dominance.js';

/**
 * Volume of what the points dominate up to the reference point (E. Zitzler & L. Thiele, PPSN V (1998) 292): the larger, the better the front. Unit: the product of the objectives' units.
 * Points that are not better than the reference in every objective add nothing.
 *
 * Exact: a sweep for two objectives; for more, volumes of what each point adds to those after it (the WFG recursion: L. While, L. Bradstreet & L. Barone, IEEE Trans. Evol. Comput. 16 (2012) 86),
 * whose cost grows steeply with the number of objectives and is none for the few of a refinement.
 */
export function hypervolume(points: readonly ObjectiveVector[], reference: ObjectiveVector): number {
  const inside = points.filter((point) => point.every((value, i) => value < reference[i]));
  const front = [...nonDominated(inside, (point) => point)].sort((a, b) => a[0] - b[0]);
  return reference.length === 2 ? sweep(front, reference) : recursion(front, reference);
}

/** Strips of a front that is sorted by the first objective. */
function sweep(front: readonly ObjectiveVector[], [right, top]: ObjectiveVector): number {
  let area = 0;
  front.forEach(([x, y], i) => {
    area += ((i + 1 < front.length ? front[i + 1][0] : right) - x) * (top - y);
  });
  return area;
}

function recursion(front: readonly ObjectiveVector[], reference: ObjectiveVector): number {
  return front.reduce((sum, point, i) => {
    const box = point.reduce((volume, value, axis) => volume * (reference[axis] - value), 1);
    const shared = front.slice(i + 1).map((other) => other.map((value, axis) => Math.max(value, point[axis])));
    return sum + box - recursion(nonDominated(shared, (values) => values), reference);
  }, 0);
}
