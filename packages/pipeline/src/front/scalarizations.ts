import { normalized } from './knee.js';
import type { FrontBox } from './knee.js';
import type { ObjectiveVector } from './dominance.js';

/**
 * Weights of two objectives for a sweep: convex combinations of the objectives in units of the front's box, whose ratio runs in equal steps of its logarithm, from the second objective prevailing to
 * the first. In 1/unit of each objective.
 * @param decades the ratio runs from 10^−decades to 10^decades
 */
export function weightLadder(count: number, decades: number, { ideal, nadir }: FrontBox): readonly (readonly [number, number])[] {
  return Array.from({ length: count }, (_, k) => {
    const ratio = 10 ** (count === 1 ? 0 : decades * ((2 * k) / (count - 1) - 1));
    return [ratio / (1 + ratio) / (nadir[0] - ideal[0]), 1 / (1 + ratio) / (nadir[1] - ideal[1])];
  });
}

/** A stretch of a front between neighbours. */
export interface Gap {
  /** Index of its first point. */
  readonly index: number;
  /** Axis along which it is widest, measured in the box of the front, and that width. */
  readonly axis: number;
  readonly width: number;
  /** Half-way along that axis, in its unit. */
  readonly middle: number;
}

/**
 * The widest gap between neighbours of a sorted front, of those that are not closed; undefined if all are narrower than `least`. The largest gap is filled first, after adaptive ε-constraint methods
 * (such as M. Laumanns, L. Thiele & E. Zitzler, Eur. J. Oper. Res. 169 (2006) 932).
 */
export function widestGap(points: readonly ObjectiveVector[], box: FrontBox, least: number, isClosed: (index: number) => boolean = () => false): Gap | undefined {
  let widest: Gap | undefined;
  for (let index = 0; index + 1 < points.length; index++) {
    if (isClosed(index)) continue;
    const [from, to] = [normalized(points[index], box), normalized(points[index + 1], box)];
    const widths = from.map((value, axis) => Math.abs(to[axis] - value));
    const width = Math.max(...widths);
    if (width < least || (widest !== undefined && width <= widest.width)) continue;
    const axis = widths.indexOf(width);
    widest = { index, axis, width, middle: (points[index][axis] + points[index + 1][axis]) / 2 };
  }
  return widest;
}
