import type { Pattern } from '@braggscape/core';
import { firstPointFrom, prepareAxis } from '../profile/axis.js';
import { FWHM_PER_SIGMA } from '../profile/caglioti.js';
import { coarseAxis } from './coarseAxis.js';

/** Beyond this many σ a Gaussian is no longer felt. */
const REACH = 6;

/**
 * A measured pattern with its peaks widened by a Gaussian, on the axis that suffices for it.
 *
 * Each point becomes the average of the measured ones under the Gaussian, weighted by the spacing of the points, without those in excluded regions. Near the ends of the
 * scan and of such regions the average is one-sided, where a calculated pattern has the tails of peaks that the scan does not show: there the two differ until the width
 * is small against the distance.
 *
 * @param fwhm degrees
 */
export function broadenedPattern(pattern: Pattern, fwhm: number): Pattern {
  const { twoTheta, intensity, sigma, excluded = [] } = pattern;
  const axis = coarseAxis(twoTheta, fwhm);
  const fine = prepareAxis(twoTheta);
  const last = twoTheta.length - 1;
  const share = twoTheta.map((angle, i) =>
    excluded.some(({ from, to }) => angle >= from && angle <= to) ? 0 : (twoTheta[Math.min(last, i + 1)] - twoTheta[Math.max(0, i - 1)]) / 2,
  );
  const width = fwhm / FWHM_PER_SIGMA;
  const means = new Float64Array(axis.length);
  const deviations = new Float64Array(axis.length);
  axis.forEach((centre, k) => {
    let weights = 0;
    let sum = 0;
    let variance = 0;
    for (let i = firstPointFrom(fine, centre - REACH * width); i <= last && twoTheta[i] <= centre + REACH * width; i++) {
      const weight = share[i] * Math.exp(-0.5 * ((twoTheta[i] - centre) / width) ** 2);
      weights += weight;
      sum += weight * intensity[i];
      if (sigma !== undefined) variance += (weight * sigma[i]) ** 2;
    }
    // Only in the midst of an excluded region is there nothing to average, and there nothing is compared.
    means[k] = weights > 0 ? sum / weights : 0;
    deviations[k] = weights > 0 ? Math.sqrt(variance) / weights : 1;
  });
  return { ...pattern, twoTheta: axis, intensity: means, ...(sigma === undefined ? {} : { sigma: deviations }) };
}
