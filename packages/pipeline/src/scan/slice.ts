import { dot } from '@braggscape/core';
import type { Structure, StructureGradient } from '@braggscape/core';
import { structureParameterization } from '@braggscape/crystal';
import { angstromScales } from './scanAxis.js';
import type { ScanAxis } from './scanAxis.js';

/** A line or plane of structures. */
export interface Slice {
  readonly axes: readonly ScanAxis[];
  /** Position of the structure it goes through. */
  readonly origin: readonly number[];
  /** [axes][x] change of each parameter in Å for one unit of each axis. */
  readonly directions: readonly Float64Array[];
  /** Å by which one unit of each axis moves the structure. */
  readonly scales: readonly number[];
  /**
   * Structure at a position in the units of the axes.
   * @throws BraggscapeError `cell.impossible` where there is no cell
   */
  structureAt(position: readonly number[]): Structure;
  /** Gradient in the position, from that in the structure at it. */
  pullback(position: readonly number[], gradient: StructureGradient): readonly number[];
  /** Position nearest to a structure, distances in Å. */
  positionOf(structure: Structure): readonly number[];
}

/** The slice through a structure along one or two axes. */
export function makeSlice(structure: Structure, axes: readonly ScanAxis[]): Slice {
  const natural = structureParameterization(structure, { vary: ['cell', 'coords'], units: 'natural' });
  const here = natural.pack(structure);
  const scales = angstromScales(structure, natural.names);
  const directions = axes.map(({ direction }) => direction.map((value, i) => value * scales[i]));
  const parametersAt = (position: readonly number[]): Float64Array => {
    const x = here.slice();
    axes.forEach(({ origin, direction }, k) => {
      const shift = position[k] - origin;
      if (shift !== 0) for (let i = 0; i < x.length; i++) x[i] += shift * direction[i];
    });
    return x;
  };
  return {
    axes,
    origin: axes.map(({ origin }) => origin),
    directions,
    scales: directions.map((direction) => Math.sqrt(dot(direction, direction))),
    structureAt: (position) => natural.unpack(parametersAt(position)),
    pullback: (position, gradient) => {
      const pulled = natural.pullback(parametersAt(position), gradient);
      return axes.map(({ direction }) => dot(direction, pulled));
    },
    positionOf: (other) => {
      const there = natural.pack(other);
      // Coordinates count the short way round: structures are periodic.
      const way = there.map((value, i) => {
        const shift = value - here[i];
        return (i < 6 ? shift : shift - Math.round(shift)) * scales[i];
      });
      return leastSquares(directions, way).map((t, k) => axes[k].origin + t);
    },
  };
}

/** Coefficients of the combination of one or two vectors that comes nearest to another. */
function leastSquares(directions: readonly Float64Array[], way: Float64Array): readonly number[] {
  const [u, v] = directions as readonly [Float64Array, Float64Array | undefined];
  const [uu, uw] = [dot(u, u), dot(u, way)];
  if (v === undefined) return [uw / uu];
  const [vv, uv, vw] = [dot(v, v), dot(u, v), dot(v, way)];
  const determinant = uu * vv - uv * uv;
  return [(uw * vv - vw * uv) / determinant, (vw * uu - uw * uv) / determinant];
}
