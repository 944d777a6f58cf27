import { BraggscapeError } from '@braggscape/core';

/** From here to {@link LAST_ANGLE} intensities fade to nothing: at 180° the Lorentz factor has a pole and reflections end. */
export const FADE_ANGLE = 176;
/** No reflection beyond this 2θ is drawn. */
export const LAST_ANGLE = 178;

/** 2θ limits in degrees within which a reflection can reach into the window. */
export interface AngularWindow {
  readonly first: number;
  readonly last: number;
}

/**
 * The window widened by the reach of peaks that lie outside, so that none enters or leaves it with a jump.
 *
 * @param reach how far a peak at an angle reaches, degrees
 */
export function angularWindow(twoTheta: Float64Array, reach: (angle: number) => number): AngularWindow {
  const start = twoTheta[0];
  const stop = twoTheta[twoTheta.length - 1];
  const stride = 0.02;
  let first = start;
  while (first > 0 && start - first <= reach(first)) first -= stride;
  let last = stop;
  while (last < LAST_ANGLE && last - stop <= reach(last)) last += stride;
  return { first: Math.max(0, first), last: Math.min(LAST_ANGLE, last) };
}

/** Factor that takes intensities smoothly (C¹) to zero between {@link FADE_ANGLE} and {@link LAST_ANGLE}, and its slope per degree. */
export function fade(twoTheta: number): readonly [number, number] {
  if (twoTheta <= FADE_ANGLE) return [1, 0];
  const t = Math.min(1, (twoTheta - FADE_ANGLE) / (LAST_ANGLE - FADE_ANGLE));
  return [1 - t * t * (3 - 2 * t), (-6 * t * (1 - t)) / (LAST_ANGLE - FADE_ANGLE)];
}

/**
 * Check that an axis can be drawn on.
 * @throws BraggscapeError `pattern.invalid`
 */
export function checkAxis(twoTheta: Float64Array): void {
  const fail = (message: string): never => {
    throw new BraggscapeError('pattern.invalid', message, { hint: 'angles must ascend strictly and lie between 0 and 180 degrees', path: 'twoTheta' });
  };
  if (twoTheta.length < 2) fail(`the 2θ axis has ${twoTheta.length} points`);
  for (let i = 0; i < twoTheta.length; i++) {
    if (!(twoTheta[i] >= 0 && twoTheta[i] < LAST_ANGLE)) fail(`2θ is ${twoTheta[i]} at point ${i + 1}`);
    if (i > 0 && !(twoTheta[i] > twoTheta[i - 1])) fail(`2θ is ${twoTheta[i]} after ${twoTheta[i - 1]} at point ${i + 1}`);
  }
}
