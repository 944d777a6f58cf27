import { pointWeights, spacing, stepsOf, valueBetween, valueRange } from './surface.js';
import type { Surface } from './surface.js';

/** What has to be climbed on a path. */
export interface Barrier {
  /** Highest value less the first one; 0 where the path starts at its highest. */
  readonly aboveStart: number;
  /** Longest rise from any point of the path to a later one: what a walker climbs at once, at most. */
  readonly climb: number;
}

/** The barrier along a path, given the values on it in order; values that are not finite count as a wall of infinite height. */
export function barrierAlong(values: ArrayLike<number>): Barrier {
  let [lowest, highest, climb] = [Infinity, -Infinity, 0];
  for (let i = 0; i < values.length; i++) {
    const value = Number.isFinite(values[i]) ? values[i] : Infinity;
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
    if (value !== lowest) climb = Math.max(climb, value - lowest);
  }
  const aboveStart = highest === values[0] ? 0 : highest - values[0];
  return { aboveStart, climb };
}

/** Most starts of straight ways: more do not change the numbers, but cost time. */
const MOST_STARTS = 40000;

/** The straight ways home from everywhere in a slice. */
export interface StraightPaths {
  /** Part of the slice from which the straight way goes downhill all along. */
  readonly downhillFraction: number;
  /** Median and largest climb on the straight ways, in the unit of the value. */
  readonly medianClimb: number;
  readonly largestClimb: number;
}

/**
 * The barrier along the straight path from every grid point (of large grids from every second, third … along each axis) to one position, interpolated linearly between grid points.
 *
 * @param home in the units of the axes
 * @param tolerance rise that counts as none, as a part of the range of values
 */
export function straightPaths(surface: Surface, home: readonly number[], { tolerance = 1e-4 }: { readonly tolerance?: number } = {}): StraightPaths {
  const { axes, values } = surface;
  const { low, high } = valueRange(values);
  const weights = pointWeights(axes);
  const columns = axes[0].values.length;
  const goal = axes.map(({ values: ticks }, k) => (home[k] - ticks[0]) / spacing(ticks));
  const stride = Math.ceil((values.length / MOST_STARTS) ** (1 / axes.length));
  const climbs: number[] = [];
  let [downhill, all] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const steps = stepsOf(axes, i);
    if (!Number.isFinite(values[i]) || steps.some((step) => step % stride !== 0)) continue;
    const climb = climbHome(steps);
    climbs.push(climb);
    all += weights[i];
    if (climb <= tolerance * (high - low)) downhill += weights[i];
  }
  climbs.sort((a, b) => a - b);
  return { downhillFraction: downhill / all, medianClimb: climbs[climbs.length >> 1], largestClimb: climbs[climbs.length - 1] };

  /** Climb on the way from a grid point, sampled twice a grid step: interpolated values bend nowhere else than at the steps. */
  function climbHome(from: readonly number[]): number {
    const samples = Math.max(1, Math.ceil(2 * Math.max(...from.map((step, k) => Math.abs(goal[k] - step)))));
    let [lowest, climb] = [Infinity, 0];
    for (let s = 0; s <= samples; s++) {
      const x = from[0] + ((goal[0] - from[0]) * s) / samples;
      const y = axes.length === 1 ? 0 : from[1] + ((goal[1] - from[1]) * s) / samples;
      const found = valueBetween(values, columns, x, y);
      const value = Number.isFinite(found) ? found : Infinity;
      if (value < lowest) lowest = value;
      else if (value > lowest) climb = Math.max(climb, value - lowest);
    }
    return climb;
  }
}
