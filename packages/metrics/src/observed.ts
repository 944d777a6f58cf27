import { BraggscapeError } from '@braggscape/core';
import type { Pattern } from '@braggscape/core';
import { leastSize } from './smallest.js';

/** The error of a metric that is undefined for the observed pattern. */
export function undefinedFor(metric: string, message: string, hint: string): BraggscapeError {
  return new BraggscapeError('pattern.invalid', message, { hint: `${metric} ${hint}` });
}

/**
 * Check that the observed intensities are finite, one for each angle.
 * @throws BraggscapeError `pattern.invalid` with the angle of the first that is not
 */
export function requireFinite({ twoTheta, intensity }: Pattern, metric: string): void {
  if (intensity.length !== twoTheta.length) {
    throw undefinedFor(metric, `the observed pattern has ${intensity.length} intensities at ${twoTheta.length} angles`, 'needs one intensity for each angle');
  }
  const bad = intensity.findIndex((y) => !Number.isFinite(y));
  if (bad >= 0) throw undefinedFor(metric, `the observed intensity at 2θ = ${twoTheta[bad]}° is ${intensity[bad]}`, 'needs finite intensities');
}

/**
 * The observed intensities [m] with those below zero, as subtraction of a background leaves them, taken for zero.
 * @throws BraggscapeError `pattern.invalid` if one is not finite, or if their sum is zero or overflows
 */
export function nonNegative(observed: Pattern, metric: string): Float64Array {
  requireFinite(observed, metric);
  const clipped = observed.intensity.map((y) => Math.max(y, 0));
  const sum = clipped.reduce((total, y) => total + y, 0);
  if (!(sum >= leastSize && sum < Infinity)) {
    throw undefinedFor(metric, `the positive intensities of the observed pattern sum to ${sum}`, 'needs some intensity, in a unit that numbers can hold');
  }
  return clipped;
}

/**
 * Degrees of the axis [m] that each point stands for: half of the way to either neighbor. An end, or a point beside an excluded region that lies between it
 * and its neighbor, stands for as much on the open side as on the other. All are equal on an even axis without such gaps.
 * @throws BraggscapeError `pattern.invalid` for fewer than two points or an axis that does not ascend
 */
export function pointWidths({ twoTheta, excluded = [] }: Pattern, metric: string): Float64Array {
  const count = twoTheta.length;
  if (count < 2) throw undefinedFor(metric, `the observed pattern has ${count} points`, 'needs at least two');
  const stretch = (i: number): number => {
    if (i < 0 || i + 1 >= count) return 0;
    const [from, to] = [twoTheta[i], twoTheta[i + 1]];
    return excluded.some((region) => from < region.from && region.to < to) ? 0 : to - from;
  };
  for (let i = 1; i < count; i++) {
    if (!(twoTheta[i] > twoTheta[i - 1])) {
      throw undefinedFor(metric, `2θ = ${twoTheta[i - 1]}° is followed by ${twoTheta[i]}°`, 'needs an axis that ascends');
    }
  }
  return Float64Array.from(twoTheta, (_, i) => {
    const [before, after] = [stretch(i - 1), stretch(i)];
    if (before > 0 && after > 0) return (before + after) / 2;
    // A point between two gaps has no stretch of its own; it keeps the smaller of the distances to its neighbors.
    return Math.max(before, after) || Math.min(twoTheta[i] - (twoTheta[i - 1] ?? -Infinity), (twoTheta[i + 1] ?? Infinity) - twoTheta[i]);
  });
}
