import { BraggscapeError } from '@braggscape/core';
import type { Comparison, Metric, Pattern } from '@braggscape/core';
import { patternSmoother } from './patternSmoother.js';
import type { PatternSmoother } from './patternSmoother.js';

/**
 * A metric between patterns that are both smoothed first: the target and the calculated one pass through the same linear operator, a Gaussian of a given width behind a window that falls to
 * zero at the ends of the scan and in excluded regions. So a measured pattern can be descended on with broad peaks, which widens the basin of the right structure, without knowing what lies
 * beyond the ends of the scan, and a right structure has the value zero at every width.
 *
 * Uncertainties of the pattern are not handed on: neighbouring points of a smoothed pattern share their noise.
 *
 * @param fwhm of the Gaussian, degrees
 * @param fall width in which the window falls to zero at the ends of the scan, degrees; the Gaussian's if left out
 * @throws BraggscapeError `option.invalid` for a width that is not positive
 */
export function smoothed(metric: Metric, fwhm: number, fall: number = fwhm): Metric {
  if (!(fwhm > 0 && Number.isFinite(fwhm))) {
    throw new BraggscapeError('option.invalid', `the width to smooth with is ${fwhm}°`, { path: 'fwhm', hint: 'give a positive width in degrees' });
  }
  const { residualsAgainst } = metric;
  return {
    ...metric,
    against: (observed) => compareSmoothed(metric, observed, fwhm, fall),
    ...(residualsAgainst === undefined ? {} : { residualsAgainst: (observed: Pattern) => smoothedResiduals(residualsAgainst, observed, fwhm, fall) }),
  };
}

function compareSmoothed(metric: Metric, observed: Pattern, fwhm: number, fall: number): Comparison {
  const smoother = patternSmoother(observed, fwhm, fall);
  const compare = metric.against(smoothedPattern(smoother, observed));
  return (calc, need) => {
    const { value, dCalc } = compare(smoother.apply(calc), need);
    return dCalc === undefined ? { value } : { value, dCalc: smoother.transposed(dCalc) };
  };
}

function smoothedResiduals(residualsAgainst: NonNullable<Metric['residualsAgainst']>, observed: Pattern, fwhm: number, fall: number): (calc: Float64Array) => Float64Array {
  const smoother = patternSmoother(observed, fwhm, fall);
  const residuals = residualsAgainst(smoothedPattern(smoother, observed));
  return (calc) => residuals(smoother.apply(calc));
}

function smoothedPattern({ twoTheta, apply }: PatternSmoother, { intensity, wavelength }: Pattern): Pattern {
  return { twoTheta, intensity: apply(intensity).slice(), ...(wavelength === undefined ? {} : { wavelength }) };
}
