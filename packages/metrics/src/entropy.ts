import type { Comparison, Metric, Pattern } from '@braggscape/core';
import { nonNegative } from './observed.js';
import { leastSize } from './smallest.js';

/** Options of {@link entropy}. */
export interface EntropyOptions {
  /**
   * Raise weak intensities of patterns of low entropy, as published: where S < 3, intensities to the power of 0.25 + 0.25 S, then to unit sum again. Each pattern
   * has its own power. The gradient has a kink where S = 3. Default false.
   */
  readonly weighting?: boolean;
}

/** Part of the total intensity that a calculated point counts as at least, in the gradient alone: too small to be seen in the value. */
const leastShare = 1e-60;

/**
 * Spectral entropy distance: 1 − similarity = (2 S((p + p₀)/2) − S(p) − S(p₀)) / ln 4 with the patterns as distributions p = y/Σy and Shannon's entropy S in
 * nats; the Jensen–Shannon divergence in units of its largest value. Independent of the scale of either pattern; 1 for patterns that share no point and for a
 * calculated pattern of zeros. Points count equally, so a finer part of an uneven axis weighs more. Source: Y. Li et al., Nat. Methods 18 (2021) 1524,
 * DOI 10.1038/s41592-021-01331-z.
 *
 * Intensities below zero, as subtraction of a background leaves them, count as zero in both patterns, with no slope. At a calculated zero the slope is infinite
 * where the target is positive, and everywhere with `weighting`; the gradient takes it at 1e-60 of the total intensity instead, where it is finite: moderate
 * (a logarithm) without `weighting`, and up to 1e45 with it, for a model that could put intensity where it has exactly none.
 */
export function entropy({ weighting = false }: EntropyOptions = {}): Metric {
  return { id: 'entropy', bounds: [0, 1], differentiable: true, against: (observed) => compareEntropy(observed, weighting) };
}

function compareEntropy(observed: Pattern, weighting: boolean): Comparison {
  const positive = nonNegative(observed, 'entropy');
  const count = positive.length;
  const target = new Float64Array(count);
  toUnitSum(positive, target);
  if (weighting) reweight(target, target);
  const share = new Float64Array(count);
  const weighted = weighting ? new Float64Array(count) : share;
  const dCalc = new Float64Array(count);
  return (calc, need) => {
    const inverse = toUnitSum(calc, share);
    if (inverse === Infinity) {
      dCalc.fill(0);
      return need === 'value' ? { value: 1 } : { value: 1, dCalc };
    }
    const { power, norm, shannon } = weighting ? reweight(share, weighted) : plain;
    let value = 0;
    for (let i = 0; i < count; i++) value += divergence(weighted[i], target[i]);
    value /= Math.LN2 * 2;
    if (need === 'value') return { value };

    const leastWeighted = leastShare ** power * norm;
    let mean = 0;
    for (let i = 0; i < count; i++) {
      const p = share[i] < leastShare ? leastWeighted : weighted[i];
      dCalc[i] = Math.log((2 * p) / (p + target[i])) / (Math.LN2 * 2);
      mean += dCalc[i] * weighted[i];
    }
    if (power === 1) {
      for (let i = 0; i < count; i++) dCalc[i] = calc[i] < 0 ? 0 : (dCalc[i] - mean) * inverse;
      return { value, dCalc };
    }
    // The power follows the entropy: what a change of the power does to the value, per unit of entropy.
    let perEntropy = 0;
    for (let i = 0; i < count; i++) if (!(share[i] < leastShare)) perEntropy += 0.25 * weighted[i] * (dCalc[i] - mean) * Math.log(share[i]);
    for (let i = 0; i < count; i++) {
      const z = Math.max(share[i], leastShare);
      const p = share[i] < leastShare ? leastWeighted : weighted[i];
      const slope = (power * p * (dCalc[i] - mean)) / z - perEntropy * (Math.log(z) + shannon);
      dCalc[i] = calc[i] < 0 ? 0 : slope * inverse;
    }
    return { value, dCalc };
  };
}

/** A distribution and its re-weighting p = norm·zᵖᵒʷᵉʳ. */
interface Reweighting {
  readonly power: number;
  readonly norm: number;
  /** Entropy before the re-weighting, nats. */
  readonly shannon: number;
}

const plain: Reweighting = { power: 1, norm: 1, shannon: 0 };

/** The re-weighting of Li et al. of a distribution z, which may be `into` itself. */
function reweight(z: Float64Array, into: Float64Array): Reweighting {
  let shannon = 0;
  for (let i = 0; i < z.length; i++) shannon -= timesLog(z[i]);
  if (shannon >= 3) {
    into.set(z);
    return plain;
  }
  const power = 0.25 + 0.25 * shannon;
  let sum = 0;
  for (let i = 0; i < z.length; i++) {
    into[i] = z[i] === 0 ? 0 : z[i] ** power;
    sum += into[i];
  }
  const norm = 1 / sum;
  for (let i = 0; i < z.length; i++) into[i] *= norm;
  return { power, norm, shannon };
}

/** The pattern, clipped at zero, over its sum; returns one over the sum, or infinity for a pattern of zeros. */
function toUnitSum(pattern: Float64Array, into: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < into.length; i++) {
    into[i] = pattern[i] < 0 ? 0 : pattern[i];
    sum += into[i];
  }
  if (sum < leastSize) return Infinity;
  const inverse = 1 / sum;
  for (let i = 0; i < into.length; i++) into[i] *= inverse;
  return inverse;
}

/**
 * p ln(p/m) + q ln(q/m) with m = (p + q)/2. Near p = q by a form in which nothing but the leading order cancels, so that small distances keep their digits.
 */
function divergence(p: number, q: number): number {
  const sum = p + q;
  if (sum === 0) return 0;
  const t = (p - q) / sum;
  return (sum / 2) * (Math.abs(t) < 0.5 ? 2 * t * Math.atanh(t) + Math.log1p(-t * t) : timesLog(1 + t) + timesLog(1 - t));
}

/** x ln x, 0 at 0. */
function timesLog(x: number): number {
  return x === 0 ? 0 : x * Math.log(x);
}
