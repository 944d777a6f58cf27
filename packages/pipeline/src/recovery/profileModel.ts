import type { ModelParameter, Pattern, Structure } from '@braggscape/core';
import { chebyshevBasis } from '@braggscape/diffraction';
import { refinedParameters } from '../run/refinedParameters.js';
import { solvePositive } from './linearAlgebra.js';
import type { PatternTask } from './patternTask.js';

/** What of the experiment is fitted beside the structure. */
export interface ProfileOptions {
  /** Parameters of the pattern model that are fitted. */
  readonly parameters: readonly ModelParameter[];
  /** Whether one displacement parameter of all sites, added to their own, is fitted. */
  readonly displacement: boolean;
  /** Terms of a Chebyshev background that is fitted; 0 for none. */
  readonly background: number;
}

/** The residuals of a pattern, as least squares see them. */
export interface ProfileModel {
  readonly task: PatternTask;
  /** Points that count. */
  readonly points: number;
  /** Numbers eliminated: scale and background. */
  readonly linear: number;
  /** Σ w y₀² where the weights are 1/σ²; absent where the pattern has no uncertainties. */
  readonly weight?: number;
  /** [n] start values of the experiment's numbers. */
  readonly start: Float64Array;
  /** Nearest values within the bounds. */
  clip(experiment: Float64Array): Float64Array;
  /** Values by name; the displacement added to the structure's own as `uIso` in Å². */
  named(experiment: Float64Array): Readonly<Record<string, number>>;
  /** Start values with those named in the place of the model's own. */
  from(named: Readonly<Record<string, number>>): Float64Array;
  /** Structure with the fitted displacement added to its sites. */
  displaced(structure: Structure, experiment: Float64Array): Structure;
  /**
   * Weighted residuals with scale and background at their best, over √(Σ w y₀²).
   * @param into [points]
   * @returns sum of their squares
   */
  residual(structure: Structure, experiment: Float64Array, into: Float64Array): number;
}

/** Å² of mean-square displacement that one unit of x stands for: felt in the pattern about as 1 Å is. */
const DISPLACEMENT_UNIT = 0.2;
/** Largest mean-square displacement, Å². */
const LARGEST_DISPLACEMENT = 0.2;

/** Residuals of a task's pattern. */
export function profileModel(task: PatternTask, { parameters, displacement, background }: ProfileOptions): ProfileModel {
  const { observed, model } = task;
  const refined = refinedParameters(model.parameters, parameters);
  const kept = keptPoints(observed.twoTheta, observed.excluded ?? []);
  const points = kept.length;
  const roots = Float64Array.from(kept, (i) => (observed.sigma === undefined ? 1 : 1 / observed.sigma[i]));
  let weight = 0;
  const target = Float64Array.from(kept, (i, k) => observed.intensity[i] * roots[k]);
  for (let k = 0; k < points; k++) weight += target[k] * target[k];
  const norm = 1 / Math.sqrt(weight);
  for (let k = 0; k < points; k++) {
    target[k] *= norm;
    roots[k] *= norm;
  }
  const basis = orthonormal(chebyshevBasis(observed.twoTheta, background).map((shape) => Float64Array.from(kept, (i, k) => shape[i] * roots[k])));
  removeParts(target, basis);
  const size = refined.size + (displacement ? 1 : 0);
  const uOf = (experiment: Float64Array): number => (displacement ? experiment[refined.size] * DISPLACEMENT_UNIT : 0);
  const displaced = (structure: Structure, experiment: Float64Array): Structure => {
    const u = uOf(experiment);
    return u === 0 ? structure : { ...structure, uIso: structure.uIso.map((own) => Math.max(0, own + u)) };
  };
  const start = new Float64Array(size);
  start.set(refined.start);
  return {
    task,
    points,
    linear: 1 + background,
    ...(observed.sigma === undefined ? {} : { weight }),
    start,
    displaced,
    from(named) {
      const out = start.slice();
      refined.names.forEach((name, i) => {
        if (name in named) out[i] = named[name] / (100 * parameters[i].step);
      });
      if (displacement && 'uIso' in named) out[refined.size] = named.uIso / DISPLACEMENT_UNIT;
      return out;
    },
    clip(experiment) {
      const out = new Float64Array(size);
      out.set(refined.clip(experiment.subarray(0, refined.size)));
      if (displacement) out[refined.size] = Math.min(LARGEST_DISPLACEMENT, Math.max(-LARGEST_DISPLACEMENT, uOf(experiment))) / DISPLACEMENT_UNIT;
      return out;
    },
    named: (experiment) => ({ ...refined.named(experiment.subarray(0, refined.size)), ...(displacement ? { uIso: uOf(experiment) } : {}) }),
    residual(structure, experiment, into) {
      const calc = task.simulate(displaced(structure, experiment), refined.size === 0 ? undefined : refined.values(experiment.subarray(0, refined.size)));
      for (let k = 0; k < points; k++) into[k] = calc[kept[k]] * roots[k];
      removeParts(into, basis);
      let power = 0;
      let along = 0;
      for (let k = 0; k < points; k++) {
        power += into[k] * into[k];
        along += into[k] * target[k];
      }
      const scale = power > 0 && along > 0 ? along / power : 0;
      let sum = 0;
      for (let k = 0; k < points; k++) {
        into[k] = scale * into[k] - target[k];
        sum += into[k] * into[k];
      }
      return sum;
    },
  };
}

/**
 * A calculated pattern as a fit draws it: with scale and background at their best.
 * @param calc [m] on the observed axis
 * @param background terms of the Chebyshev background, see {@link ProfileOptions}
 * @returns [m] in the unit of the observed intensities
 */
export function drawnProfile({ twoTheta, intensity, sigma, excluded = [] }: Pattern, calc: Float64Array, background: number): Float64Array {
  const kept = keptPoints(twoTheta, excluded);
  // Of one size, so that rounding treats peaks and background alike.
  const shapes = [calc, ...chebyshevBasis(twoTheta, background)].map((shape) => {
    const size = Math.sqrt(shape.reduce((sum, y) => sum + y * y, 0));
    return size > 0 ? shape.map((y) => y / size) : shape;
  });
  const n = shapes.length;
  const normal = new Float64Array(n * n);
  const right = new Float64Array(n);
  for (const i of kept) {
    const weight = sigma === undefined ? 1 : 1 / sigma[i] ** 2;
    for (let a = 0; a < n; a++) {
      right[a] += weight * shapes[a][i] * intensity[i];
      for (let b = 0; b < n; b++) normal[a * n + b] += weight * shapes[a][i] * shapes[b][i];
    }
  }
  const coefficients = solvePositive(normal, right, 0) ?? new Float64Array(n);
  return calc.map((_, i) => shapes.reduce((sum, shape, a) => sum + coefficients[a] * shape[i], 0));
}

function keptPoints(twoTheta: Float64Array, excluded: readonly { from: number; to: number }[]): Int32Array {
  return Int32Array.from([...twoTheta.keys()].filter((i) => !excluded.some(({ from, to }) => twoTheta[i] >= from && twoTheta[i] <= to)));
}

/** Gram and Schmidt, twice for rounding; shapes that add nothing are left out. */
function orthonormal(shapes: readonly Float64Array[]): readonly Float64Array[] {
  const basis: Float64Array[] = [];
  for (const shape of shapes) {
    const own = shape.slice();
    removeParts(own, basis);
    removeParts(own, basis);
    let power = 0;
    for (const value of own) power += value * value;
    if (power > 0) basis.push(own.map((value) => value / Math.sqrt(power)));
  }
  return basis;
}

function removeParts(vector: Float64Array, basis: readonly Float64Array[]): void {
  for (const direction of basis) {
    let part = 0;
    for (let k = 0; k < vector.length; k++) part += vector[k] * direction[k];
    for (let k = 0; k < vector.length; k++) vector[k] -= part * direction[k];
  }
}
