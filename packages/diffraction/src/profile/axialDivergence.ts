import { DEGREES_PER_RADIAN, RADIANS_PER_DEGREE } from '@braggscape/core';

/** Points of the quadrature over the axial opening. */
const NODES = 16;

/**
 * Axial divergence after Finger, Cox & Jephcoat, J. Appl. Cryst. 27 (1994) 892, for equal half lengths of specimen and detector slit: a peak is a sum of
 * shifted copies at cos 2φ = cos 2θ·√(1 + t²), t from 0 to T = (S + H)/L, with weights falling linearly to zero at T. (Their factor
 * sin 2θ/((1 + t²) sin 2φ) differs from 1 only where the copies' weights are small, and is left out.)
 */
export interface AxialDivergence {
  /** [nodes] t/T. */
  readonly opening: Float64Array;
  /** [nodes] weights, which add up to 1. */
  readonly weight: Float64Array;
}

/** One copy in its place: no axial divergence. */
export const noAxialDivergence: AxialDivergence = { opening: new Float64Array(1), weight: Float64Array.of(1) };

/** Gauss–Legendre nodes on (0, 1) with the weights 2(1 − τ). */
export function axialDivergence(): AxialDivergence {
  const opening = new Float64Array(NODES);
  const weight = new Float64Array(NODES);
  for (let i = 0; i < NODES; i++) {
    // Newton's method on the Legendre polynomial, from the usual estimate of its roots.
    let x = Math.cos((Math.PI * (i + 0.75)) / (NODES + 0.5));
    let slope = 1;
    for (let pass = 0; pass < 50; pass++) {
      let [before, value] = [1, x];
      for (let n = 2; n <= NODES; n++) [before, value] = [value, ((2 * n - 1) * x * value - (n - 1) * before) / n];
      slope = (NODES * (x * value - before)) / (x * x - 1);
      const change = value / slope;
      x -= change;
      if (Math.abs(change) < 1e-16) break;
    }
    opening[i] = (1 - x) / 2;
    weight[i] = (1 / ((1 - x * x) * slope * slope)) * 2 * (1 - opening[i]);
  }
  return { opening, weight };
}

/**
 * Shift of a copy from its Bragg angle, degrees, with derivatives in the angle (per degree) and in t.
 * @param twoTheta degrees; @param t opening of the copy
 */
export function axialShift(twoTheta: number, t: number, out: Float64Array): void {
  const angle = twoTheta * RADIANS_PER_DEGREE;
  const cosine = Math.cos(angle);
  const root = Math.sqrt(1 + t * t);
  const shifted = cosine * root;
  const sine = Math.sqrt(1 - shifted * shifted);
  if (!(sine > 1e-6)) {
    // Closer to 0° (or 180°) than the opening itself: such a copy misses the circle and stays at its end.
    out[0] = (shifted > 0 ? 0 : 180) - twoTheta;
    out[1] = -1;
    out[2] = 0;
    return;
  }
  out[0] = DEGREES_PER_RADIAN * Math.acos(shifted) - twoTheta;
  out[1] = (Math.sin(angle) * root) / sine - 1;
  out[2] = (-DEGREES_PER_RADIAN * cosine * t) / (root * sine);
}
