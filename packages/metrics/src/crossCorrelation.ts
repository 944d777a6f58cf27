import { BraggscapeError, dot } from '@braggscape/core';
import type { Comparison, Metric, Pattern } from '@braggscape/core';
import { pointWidths, requireFinite, undefinedFor } from './observed.js';
import { leastPower } from './smallest.js';
import { squaredDistance } from './squaredDistance.js';

/** Options of {@link crossCorrelation}. */
export interface CrossCorrelationOptions {
  /** Half width l of the triangle in degrees: peaks farther apart than this do not see each other. Default 1. */
  readonly width?: number;
}

/**
 * Dissimilarity by weighted cross-correlation, 1 − ∫w c_fg / √(∫w c_ff · ∫w c_gg) with c_fg(r) = ∫ f(x) g(x + r) dx and the triangle w(r) = 1 − |r|/l
 * for |r| < l. Independent of the scale of either pattern; 1 for a calculated pattern of zeros. It grows with the distance of two peaks until l.
 * The integrals take each point with the stretch of axis it stands for, so uneven axes are right. Source: R. de Gelder, R. Wehrens & J. A. Hageman,
 * J. Comput. Chem. 22 (2001) 273, DOI 10.1002/1096-987X(200102)22:3<273::AID-JCC1001>3.0.CO;2-0; its form with narrow triangles: A. Otero-de-la-Roza,
 * J. Appl. Cryst. 57 (2024), DOI 10.1107/S1600576724007489.
 *
 * The triangle is the overlap of two boxes of length l over l, so ∫w c_fg is the inner product of the patterns after both are smeared by the box: sums
 * of points that change only where a box edge passes a point. That is exact for the sum over pairs of points, costs O(m) at any width, and the
 * loss is ½|û − û₀|² of the smeared unit patterns, which keeps its digits near zero.
 *
 * @throws BraggscapeError `option.invalid` for a width that is not positive and finite
 */
export function crossCorrelation({ width = 1 }: CrossCorrelationOptions = {}): Metric {
  if (!(width > 0 && Number.isFinite(width))) {
    throw new BraggscapeError('option.invalid', `the width of the triangle is ${width}`, { hint: 'width takes a positive number of degrees', path: 'width' });
  }
  return { id: 'cross-correlation', bounds: [0, 1], differentiable: true, against: (observed) => compareSmeared(observed, width) };
}

function compareSmeared(observed: Pattern, width: number): Comparison {
  requireFinite(observed, 'cross-correlation');
  const widths = pointWidths(observed, 'cross-correlation');
  const count = widths.length;
  const { first, end, roots, pieceOfStart, pieceOfEnd } = smearing(observed.twoTheta, width);
  const pieces = roots.length;
  const cumulative = new Float64Array(count + 1);
  /** [pieces] the smeared pattern, each piece times the root of its length: plain inner products are then integrals. */
  const smear = (pattern: Float64Array, into: Float64Array): void => {
    let sum = 0;
    for (let i = 0; i < count; i++) {
      sum += pattern[i] * widths[i];
      cumulative[i + 1] = sum;
    }
    for (let s = 0; s < pieces; s++) into[s] = (cumulative[end[s]] - cumulative[first[s]]) * roots[s];
  };
  const unit = new Float64Array(pieces);
  smear(observed.intensity, unit);
  const inverseNorm = 1 / Math.sqrt(dot(unit, unit));
  if (!(inverseNorm > 0 && Number.isFinite(inverseNorm))) {
    throw undefinedFor('cross-correlation', 'the observed pattern is zero, or too large to be squared', 'needs some intensity');
  }
  for (let s = 0; s < pieces; s++) unit[s] *= inverseNorm;
  const smeared = new Float64Array(pieces);
  const slopes = new Float64Array(pieces + 1);
  const dCalc = new Float64Array(count);
  return (calc, need) => {
    smear(calc, smeared);
    const power = dot(smeared, smeared);
    if (power < leastPower) {
      dCalc.fill(0);
      return need === 'value' ? { value: 1 } : { value: 1, dCalc };
    }
    const inverse = 1 / Math.sqrt(power);
    const value = squaredDistance(smeared, inverse, unit) / 2;
    if (need === 'value') return { value };
    const own = (1 - value) / power;
    let sum = 0;
    for (let s = 0; s < pieces; s++) {
      sum += (own * smeared[s] - inverse * unit[s]) * roots[s];
      slopes[s + 1] = sum;
    }
    for (let i = 0; i < count; i++) dCalc[i] = (slopes[pieceOfEnd[i]] - slopes[pieceOfStart[i]]) * widths[i];
    return { value, dCalc };
  };
}

/** Where the boxes around the points begin and end: between two such places the smeared pattern is constant. */
interface Smearing {
  /** [pieces] the points whose boxes cover a piece are first … end − 1. */
  readonly first: Int32Array;
  readonly end: Int32Array;
  /** [pieces] root of the length of the piece over the length of the box. */
  readonly roots: Float64Array;
  /** [m] the pieces that the box of a point covers are start … end − 1. */
  readonly pieceOfStart: Int32Array;
  readonly pieceOfEnd: Int32Array;
}

function smearing(twoTheta: Float64Array, width: number): Smearing {
  const count = twoTheta.length;
  const most = 2 * count - 1;
  const [first, end] = [new Int32Array(most), new Int32Array(most)];
  const [pieceOfStart, pieceOfEnd] = [new Int32Array(count), new Int32Array(count)];
  const roots = new Float64Array(most);
  let [started, ended, place, pieces] = [1, 0, twoTheta[0], 0];
  // Boxes of one length start and end in the order of their points: a merge of two ascending lists. Places are counted from the left edge of the first box.
  for (let event = 0; event < most; event++) {
    const starts = started < count && twoTheta[started] <= twoTheta[ended] + width;
    const next = starts ? twoTheta[started] : twoTheta[ended] + width;
    // Where a width is a whole number of steps, edges coincide but for rounding, and half of the pieces have no length.
    if (next - place > 1e-12 * width) {
      [first[pieces], end[pieces], roots[pieces]] = [ended, started, Math.sqrt((next - place) / width)];
      pieces++;
    }
    place = next;
    if (starts) pieceOfStart[started++] = pieces;
    else pieceOfEnd[ended++] = pieces;
  }
  return { first: first.slice(0, pieces), end: end.slice(0, pieces), roots: roots.slice(0, pieces), pieceOfStart, pieceOfEnd };
}
