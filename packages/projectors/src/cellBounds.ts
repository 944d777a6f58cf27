import { RADIANS_PER_DEGREE } from '@braggscape/core';
import type { CellMap } from './cellMap.js';

/** Intervals that cell parameters are held in, each containing the start. */
export interface CellBounds {
  /** [3] lengths, Å. */
  readonly lengths: readonly (readonly [number, number])[];
  /** [3] angles, degrees. */
  readonly angles: readonly (readonly [number, number])[];
  /** Å³. */
  readonly volume: readonly [number, number];
  /** Least volume of the cell with edges of length 1 and these angles, so that it stays a cell. */
  readonly leastShape: number;
  /** [6] cell parameters of the start. */
  readonly start: Float64Array;
}

/** Relative distance from a bound that counts as being on it. */
export const onBound = 1e-9;

/**
 * Clamp a cell: angles first, each to its interval and all three towards the start's if they enclose too little; then lengths to theirs, and all of them by one factor, as far as they may go, until the volume is
 * within its own. Outside a bound the derivative is that of the map; on a bound it is that from the inside.
 */
export function cellBoundsMap(bounds: CellBounds): CellMap {
  return {
    apply: (cell) => clampCell(cell, bounds).cell,
    pullback(cell, gradient) {
      const { cell: clamped, freeAngles, shape, freeLengths, volumeActive } = clampCell(cell, bounds);
      const out = new Float64Array(6);
      const dLog = [0, 1, 2].map((i) => gradient[i] * clamped[i]);
      const dAngles = [gradient[3], gradient[4], gradient[5]];
      const free = freeLengths.filter(Boolean).length;
      const common = volumeActive && free > 0 ? [0, 1, 2].reduce((sum, i) => sum + (freeLengths[i] ? dLog[i] : 0), 0) / free : 0;
      for (let i = 0; i < 3; i++) if (freeLengths[i]) out[i] = (dLog[i] - common) / cell[i];
      const slope = shapeSlope(clamped);
      const volume = shapeOf(clamped);
      // The factor makes up for the volume that the angles take.
      for (let i = 0; i < 3; i++) dAngles[i] -= (common * slope[i]) / volume;
      if (shape !== undefined) {
        const along = [0, 1, 2].reduce((sum, i) => sum + dAngles[i] * shape.direction[i], 0);
        const steep = [0, 1, 2].reduce((sum, i) => sum + slope[i] * shape.direction[i], 0);
        for (let i = 0; i < 3; i++) dAngles[i] = shape.share * (dAngles[i] - (slope[i] * along) / steep);
      }
      for (let i = 0; i < 3; i++) if (freeAngles[i]) out[3 + i] = dAngles[i];
      return out;
    },
  };
}

interface Clamped {
  readonly cell: Float64Array;
  readonly freeAngles: readonly boolean[];
  /** Where the angles enclosed too little: the part of the way from the start that is left, and the way. */
  readonly shape: { readonly share: number; readonly direction: readonly number[] } | undefined;
  readonly freeLengths: readonly boolean[];
  readonly volumeActive: boolean;
}

function clampCell(cell: Float64Array, { lengths, angles, volume, leastShape, start }: CellBounds): Clamped {
  const out = cell.slice();
  const freeAngles = angles.map(([lower, upper], i) => {
    const angle = cell[3 + i];
    out[3 + i] = clamp(angle, lower, upper);
    return isWithin(angle, lower, upper, 1);
  });
  let shape: Clamped['shape'];
  if (shapeOf(out) < leastShape * (1 - onBound)) {
    const direction = [0, 1, 2].map((i) => out[3 + i] - start[3 + i]);
    const at = (share: number): Float64Array => Float64Array.of(1, 1, 1, ...direction.map((step, i) => start[3 + i] + share * step));
    let [inside, outside] = [0, 1];
    for (let halving = 0; halving < 60; halving++) {
      const middle = (inside + outside) / 2;
      if (shapeOf(at(middle)) >= leastShape) inside = middle;
      else outside = middle;
    }
    shape = { share: inside, direction };
    out.set(at(inside).subarray(3), 3);
  }
  const logs = [0, 1, 2].map((i) => Math.log(cell[i]));
  const limits = lengths.map(([lower, upper]) => [Math.log(lower), Math.log(upper)] as const);
  const moved = (shift: number): number[] => logs.map((value, i) => clamp(value + shift, limits[i][0], limits[i][1]));
  const sum = (values: readonly number[]): number => values[0] + values[1] + values[2];
  const shapeLog = Math.log(shapeOf(out));
  const reached = sum(moved(0)) + shapeLog;
  const wanted = clamp(reached, Math.log(volume[0]), Math.log(volume[1]));
  const volumeActive = Math.abs(reached - wanted) > onBound;
  const shift = volumeActive ? shiftTo(wanted - shapeLog, (s) => sum(moved(s)), wanted > reached) : 0;
  const freeLengths = logs.map((value, i) => isWithin(value + shift, limits[i][0], limits[i][1], 1));
  if (volumeActive || freeLengths.some((free, i) => !free || logs[i] !== moved(0)[i])) moved(shift).forEach((value, i) => (out[i] = Math.exp(value)));
  return { cell: out, freeAngles, shape, freeLengths, volumeActive };
}

/** Common shift of the clamped logarithms that makes their sum what is wanted, or as near to it as the clamps allow; their sum rises with it. */
function shiftTo(wanted: number, sum: (shift: number) => number, up: boolean): number {
  let [low, high] = up ? [0, 5] : [-5, 0];
  for (let halving = 0; halving < 70; halving++) {
    const middle = (low + high) / 2;
    if (sum(middle) < wanted) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** √(1 − Σcos² + 2Πcos): volume over the product of the lengths. */
export function shapeOf(cell: ArrayLike<number>): number {
  const [a, b, c] = [3, 4, 5].map((i) => Math.cos(cell[i] * RADIANS_PER_DEGREE));
  return Math.sqrt(Math.max(0, 1 - a * a - b * b - c * c + 2 * a * b * c));
}

/** Derivative of {@link shapeOf} in the angles, per degree. */
function shapeSlope(cell: ArrayLike<number>): readonly number[] {
  const [a, b, c] = [3, 4, 5].map((i) => Math.cos(cell[i] * RADIANS_PER_DEGREE));
  const shape = shapeOf(cell);
  return [
    [a, b * c],
    [b, a * c],
    [c, a * b],
  ].map(([own, others], i) => (Math.sin(cell[3 + i] * RADIANS_PER_DEGREE) * (own - others) * RADIANS_PER_DEGREE) / shape);
}

function clamp(value: number, lower: number, upper: number): number {
  return Math.min(upper, Math.max(lower, value));
}

function isWithin(value: number, lower: number, upper: number, scale: number): boolean {
  return value >= lower - onBound * scale && value <= upper + onBound * scale;
}
