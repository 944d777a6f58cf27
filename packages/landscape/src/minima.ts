import { gridNeighbours } from './neighbours.js';
import { minimumDepths } from './persistence.js';
import { steepestDescent } from './steepestDescent.js';
import { pointAt, pointWeights, spacing, stepsOf, valueRange } from './surface.js';
import type { Surface } from './surface.js';

/** A local minimum of a surface with its basin: the points from which steepest descent on the grid leads to it. */
export interface LocalMinimum {
  readonly index: number;
  /** Coordinates in the units of the axes. */
  readonly at: readonly number[];
  readonly value: number;
  /** Least climb on the way to a lower minimum; of the lowest one the height of the surface. */
  readonly depth: number;
  /** Part of the slice that its basin covers. */
  readonly basinFraction: number;
  /** Length or area of the basin, in the units of the axes. */
  readonly basinArea: number;
  /** ∫ (lowest pass out of the basin − value) over the part of the basin below the pass: how much it holds before it runs over. Value × units of the axes. */
  readonly basinVolume: number;
  /** Whether it lies on the edge of the slice, where it may be none beyond. */
  readonly onEdge: boolean;
}

/** The minima of a surface and the basin of each point. */
export interface Minima {
  /** The lowest first. */
  readonly minima: readonly LocalMinimum[];
  /** [points] index of the minimum that steepest descent ends in; −1 where there is no value. */
  readonly basins: Int32Array;
}

/**
 * All local minima of a surface that are deep enough to count.
 *
 * A minimum that is shallower than `tolerance` is none: its basin joins the one that it runs over into. So rounding, as of energies in single precision, makes no minima.
 *
 * @param tolerance least depth, as a part of the range of values
 */
export function localMinima(surface: Surface, { tolerance = 1e-4 }: { readonly tolerance?: number } = {}): Minima {
  const { axes, values } = surface;
  const { low, high } = valueRange(values);
  const depths = minimumDepths(surface);
  const basins = merged(surface, steepestDescent(surface), depths, tolerance * (high - low));
  const weights = pointWeights(axes);
  const area = axes.reduce((product, { values: ticks }) => product * spacing(ticks) * (ticks.length - 1), 1);
  const passes = lowestPasses(surface, basins);
  const fractions = new Map<number, number>();
  const volumes = new Map<number, number>();
  for (let i = 0; i < values.length; i++) {
    const basin = basins[i];
    if (basin < 0) continue;
    fractions.set(basin, (fractions.get(basin) ?? 0) + weights[i]);
    const below = (passes.get(basin) ?? high) - values[i];
    if (below > 0) volumes.set(basin, (volumes.get(basin) ?? 0) + below * weights[i] * area);
  }
  const minima = [...fractions].map(([index, basinFraction]): LocalMinimum => ({
    index,
    at: pointAt(axes, index),
    value: values[index],
    depth: depths.get(index) ?? 0,
    basinFraction,
    basinArea: basinFraction * area,
    basinVolume: volumes.get(index) ?? 0,
    onEdge: stepsOf(axes, index).some((step, k) => step === 0 || step === axes[k].values.length - 1),
  }));
  return { minima: minima.sort((a, b) => a.value - b.value || a.index - b.index), basins };
}

/** Value of the lowest way out of each basin. */
function lowestPasses({ axes, values }: Surface, basins: Int32Array): ReadonlyMap<number, number> {
  const passes = new Map<number, number>();
  const neighbours = gridNeighbours(axes);
  for (let i = 0; i < values.length; i++) {
    if (basins[i] < 0) continue;
    neighbours(i, (j) => {
      if (basins[j] < 0 || basins[j] === basins[i]) return;
      const pass = Math.max(values[i], values[j]);
      if (!(pass >= (passes.get(basins[i]) ?? Infinity))) passes.set(basins[i], pass);
    });
  }
  return passes;
}

/** Basins of minima that are too shallow joined to the basin behind their lowest pass, the shallowest first. */
function merged(surface: Surface, ends: Int32Array, depths: ReadonlyMap<number, number>, least: number): Int32Array {
  const { axes, values } = surface;
  const shallow = [...new Set(ends)].filter((index) => index >= 0 && !((depths.get(index) ?? 0) > least));
  if (shallow.length === 0) return ends;
  const neighbours = gridNeighbours(axes);
  const target = new Map<number, number>();
  const find = (index: number): number => {
    let at = index;
    for (let to = target.get(at); to !== undefined; to = target.get(at)) at = to;
    return at;
  };
  // Border points from low to high: each is the lowest pass that is left between the two basins it joins.
  const borders: { pass: number; a: number; b: number }[] = [];
  for (let i = 0; i < values.length; i++) {
    neighbours(i, (j) => {
      if (j > i && ends[i] >= 0 && ends[j] >= 0 && ends[i] !== ends[j]) borders.push({ pass: Math.max(values[i], values[j]), a: ends[i], b: ends[j] });
    });
  }
  borders.sort((p, q) => p.pass - q.pass);
  const tooShallow = new Set(shallow);
  for (const { a, b } of borders) {
    const [p, q] = [find(a), find(b)];
    if (p === q) continue;
    const [lower, higher] = values[p] < values[q] || (values[p] === values[q] && p < q) ? [p, q] : [q, p];
    if (tooShallow.has(higher)) target.set(higher, lower);
  }
  return ends.map((end) => (end < 0 ? end : find(end)));
}
