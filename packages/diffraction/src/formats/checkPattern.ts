import type { Pattern } from '@braggscape/core';
import { patternError, repairHint } from './errors.js';

/**
 * Check that a pattern can serve as an observation: at least three finite points, 2θ within 0–180° and strictly ascending,
 * some positive intensity, positive uncertainties.
 *
 * @param at names the place of point i for the message, such as `scan.xy:12`
 * @throws BraggscapeError `pattern.invalid`
 */
export function checkPattern(pattern: Pattern, at: (i: number) => string): void {
  const { twoTheta, intensity, sigma } = pattern;
  const fail = (message: string, i: number, hint: string): never => {
    throw patternError(at(i), message, hint);
  };
  if (twoTheta.length < 3) fail(`the pattern has ${twoTheta.length} points`, 0, 'at least 3 are needed');
  if (intensity.length !== twoTheta.length) fail(`${twoTheta.length} angles but ${intensity.length} intensities`, 0, 'give one intensity per angle');
  if (sigma !== undefined && sigma.length !== twoTheta.length) {
    fail(`${twoTheta.length} angles but ${sigma.length} uncertainties`, 0, 'give one uncertainty per angle, or none');
  }
  let largest = -Infinity;
  for (let i = 0; i < twoTheta.length; i++) {
    if (!(twoTheta[i] >= 0 && twoTheta[i] <= 180)) fail(`2θ is ${twoTheta[i]}`, i, '2θ must lie between 0 and 180 degrees');
    if (i > 0 && !(twoTheta[i] > twoTheta[i - 1])) {
      fail(`2θ is ${twoTheta[i]} after ${twoTheta[i - 1]}`, i, `angles must ascend: sort the pattern, and merge repeated angles, ${repairHint}`);
    }
    if (!Number.isFinite(intensity[i])) fail(`the intensity is ${intensity[i]}`, i, `remove the point, or mend the file, ${repairHint}`);
    if (sigma !== undefined && !(sigma[i] > 0 && Number.isFinite(sigma[i]))) {
      fail(`the uncertainty is ${sigma[i]}`, i, `uncertainties must be positive: mend the file, ${repairHint}`);
    }
    largest = Math.max(largest, intensity[i]);
  }
  if (!(largest > 0)) fail(`no intensity is positive (largest ${largest})`, 0, 'check the columns and the background subtraction');
}
