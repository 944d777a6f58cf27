import { BraggscapeError, dot } from '@braggscape/core';
import type { Comparison, Metric, Pattern } from '@braggscape/core';
import { requireFinite, undefinedFor } from './observed.js';
import { leastPower } from './smallest.js';
import { squaredDistance } from './squaredDistance.js';

/** How the calculated pattern is scaled before it is compared. */
export type RwpNormalization = 'least-squares' | 'none';

/** Options of {@link rwp}. */
export interface RwpOptions {
  /** `least-squares` (default): the calculated pattern takes the scale, not below zero, that fits best. `none`: values as they are. */
  readonly normalization?: RwpNormalization;
}

/** Size under which the value is nothing but rounding, and its direction noise. */
const roundOff = 1e-14;

/**
 * Weighted-profile R factor √(Σ w (y₀ − s·y)² / Σ w y₀²) with w = 1/σ², as a fraction, not in percent. σ is the pattern's own `sigma`, or for a pattern without
 * it σ² = max(y₀, 1), which is right for counts. 1 for a calculated pattern of zeros. Source: B. H. Toby, Powder Diffr. 21 (2006) 67, DOI 10.1154/1.2179804.
 *
 * The root has no derivative at a perfect fit; the gradient is zero there, that is for values below 1e-14. As it is of constant size right up to that point,
 * minimizers that rely on a vanishing gradient do better with the square, such as `mse`.
 */
export function rwp({ normalization = 'least-squares' }: RwpOptions = {}): Metric {
  const bounds = [0, normalization === 'none' ? Infinity : 1] as const;
  const fitted = normalization === 'least-squares';
  return { id: 'rwp', bounds, differentiable: true, against: (observed) => compareProfiles(observed, fitted), residualsAgainst: (observed) => weightedDifferences(observed, fitted) };
}

/** Square roots of the weights and the observed profile times them, in units in which the value is a distance. */
function weightedTarget(observed: Pattern): { readonly roots: Float64Array; readonly target: Float64Array } {
  requireFinite(observed, 'rwp');
  const roots = inverseUncertainties(observed);
  const count = roots.length;
  const target = observed.intensity.map((y, i) => y * roots[i]);
  const norm = Math.sqrt(dot(target, target));
  if (!(norm > 0 && Number.isFinite(norm))) throw undefinedFor('rwp', `the weighted norm of the observed pattern is ${norm}`, 'needs some intensity');
  for (let i = 0; i < count; i++) {
    roots[i] /= norm;
    target[i] = observed.intensity[i] * roots[i];
  }
  return { roots, target };
}

function weightedDifferences(observed: Pattern, fitted: boolean): (calc: Float64Array) => Float64Array {
  const { roots, target } = weightedTarget(observed);
  return (calc) => {
    const weighted = calc.map((y, i) => y * roots[i]);
    const scale = fitted ? fittedScale(weighted, target) : 1;
    return weighted.map((y, i) => scale * y - target[i]);
  };
}

function compareProfiles(observed: Pattern, fitted: boolean): Comparison {
  const { roots, target } = weightedTarget(observed);
  const count = roots.length;
  const weighted = new Float64Array(count);
  const dCalc = new Float64Array(count);
  return (calc, need) => {
    for (let i = 0; i < count; i++) weighted[i] = calc[i] * roots[i];
    const scale = fitted ? fittedScale(weighted, target) : 1;
    const value = Math.sqrt(squaredDistance(weighted, scale, target));
    if (need === 'value') return { value };
    // A fitted scale is at its best, so its own change does not count (envelope theorem).
    const factor = value < roundOff ? 0 : scale / value;
    for (let i = 0; i < count; i++) dCalc[i] = factor * (scale * weighted[i] - target[i]) * roots[i];
    return { value, dCalc };
  };
}

/** The scale of least squares; 0 for a pattern of zeros, or for one that only a negative scale would fit. */
function fittedScale(weighted: Float64Array, target: Float64Array): number {
  const power = dot(weighted, weighted);
  const scale = dot(weighted, target) / power;
  return power < leastPower || scale <= 0 ? 0 : scale;
}

/** 1/σ [m]. */
function inverseUncertainties({ twoTheta, intensity, sigma }: Pattern): Float64Array {
  if (sigma === undefined) return intensity.map((y) => 1 / Math.sqrt(Math.max(y, 1)));
  if (sigma.length !== intensity.length) {
    throw undefinedFor('rwp', `the observed pattern has ${sigma.length} uncertainties for ${intensity.length} intensities`, 'needs one for each, or none');
  }
  const bad = sigma.findIndex((s) => !(s > 0 && Number.isFinite(s)));
  if (bad >= 0) {
    throw new BraggscapeError('pattern.invalid', `the uncertainty at 2θ = ${twoTheta[bad]}° is ${sigma[bad]}`, {
      hint: 'rwp needs positive uncertainties: mend the point, exclude its region, or leave the uncertainties out',
    });
  }
  return sigma.map((s) => 1 / s);
}
