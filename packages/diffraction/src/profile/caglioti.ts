import { RADIANS_PER_DEGREE } from '@braggscape/core';

/** Caglioti parameters in deg²: FWHM² = U tan²θ + V tan θ + W (Caglioti, Paoletti & Ricci, Nucl. Instrum. 3 (1958) 223). */
export interface Caglioti {
  readonly u: number;
  readonly v: number;
  readonly w: number;
}

/** FWHM of a Gaussian per standard deviation, √(8 ln 2). */
export const FWHM_PER_SIGMA = Math.sqrt(8 * Math.LN2);

/** Squared full width at half maximum, deg²; not positive where the parameters describe no peak. */
export function fwhmSquared({ u, v, w }: Caglioti, twoTheta: number): number {
  const tan = Math.tan((twoTheta / 2) * RADIANS_PER_DEGREE);
  return (u * tan + v) * tan + w;
}
