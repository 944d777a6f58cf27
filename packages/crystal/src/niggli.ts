import { BraggscapeError, multiply3, transpose3 } from '@braggscape/core';
import { cellVolume } from './cell.js';

/** A reduced basis of a lattice. */
export interface ReducedLattice {
  /** [3,3] Å, rows a, b, c of the reduced basis in the frame of the input. Right-handed. */
  readonly lattice: Float64Array;
  /** [3,3] integers: `lattice = transformation · input`. */
  readonly transformation: Float64Array;
}

const iterationLimit = 1000;

/**
 * Niggli-reduced basis of a lattice: Křivý & Gruber, Acta Cryst. A32 (1976) 297, with the comparisons within a tolerance of
 * Grosse-Kunstleve, Sauter & Adams, Acta Cryst. A60 (2004) 1.
 *
 * @param lattice [3,3] Å, rows a, b, c, of either hand
 * @param tolerance relative tolerance; terms of the metric tensor are compared within tolerance · V^(1/3) (Å²), the scaling of
 * pymatgen, so that near-degenerate cells are judged alike
 * @throws BraggscapeError `cell.impossible` if the lattice has no volume
 */
export function niggliReduce(lattice: Float64Array, tolerance = 1e-5): ReducedLattice {
  const volume = cellVolume(lattice);
  if (!(Math.abs(volume) > 1e-9) || !Number.isFinite(volume)) {
    throw new BraggscapeError('cell.impossible', `the cell volume is ${volume} Å³`, { hint: 'give three lattice vectors that span space' });
  }
  const epsilon = tolerance * Math.cbrt(Math.abs(volume));
  const hand = Math.sign(volume);
  let transformation: Float64Array = Float64Array.of(hand, 0, 0, 0, hand, 0, 0, 0, hand);
  for (let iteration = 0; iteration < iterationLimit; iteration++) {
    // The metric is recomputed from integers each time: rounding does not pile up.
    const next = reductionStep(metricTerms(multiply3(transformation, lattice)), epsilon);
    if (next === undefined) return { lattice: multiply3(transformation, lattice), transformation };
    transformation = multiply3(next, transformation);
  }
  throw new BraggscapeError('cell.impossible', 'the cell cannot be reduced', { hint: 'its axes are too skewed for double precision' });
}

/** A = a², B = b², C = c², ξ = 2 b·c, η = 2 a·c, ζ = 2 a·b. */
interface MetricTerms {
  readonly A: number;
  readonly B: number;
  readonly C: number;
  readonly xi: number;
  readonly eta: number;
  readonly zeta: number;
}

function metricTerms(lattice: Float64Array): MetricTerms {
  const g = multiply3(lattice, transpose3(lattice));
  return { A: g[0], B: g[4], C: g[8], xi: 2 * g[5], eta: 2 * g[2], zeta: 2 * g[1] };
}

/** The next change of basis (rows act on rows), or nothing when the cell is reduced. Step numbers as in Křivý & Gruber. */
function reductionStep(metric: MetricTerms, epsilon: number): Float64Array | undefined {
  return orderStep(metric, epsilon) ?? signStep(metric, epsilon) ?? shortenStep(metric, epsilon);
}

/** Steps 1 and 2: A ≤ B ≤ C. */
function orderStep({ A, B, C, xi, eta, zeta }: MetricTerms, epsilon: number): Float64Array | undefined {
  const equal = (x: number, y: number): boolean => Math.abs(x - y) <= epsilon;
  const less = (x: number, y: number): boolean => x < y - epsilon;
  if (less(B, A) || (equal(A, B) && less(Math.abs(eta), Math.abs(xi)))) return Float64Array.of(0, -1, 0, -1, 0, 0, 0, 0, -1);
  if (less(C, B) || (equal(B, C) && less(Math.abs(zeta), Math.abs(eta)))) return Float64Array.of(-1, 0, 0, 0, 0, -1, 0, -1, 0);
  return undefined;
}

/** Steps 3 and 4: all angles acute, or none. */
function signStep({ xi, eta, zeta }: MetricTerms, epsilon: number): Float64Array | undefined {
  const signs = [xi, eta, zeta].map((x) => (x > epsilon ? 1 : x < -epsilon ? -1 : 0));
  const acute = signs[0] * signs[1] * signs[2] > 0;
  const flip: number[] = signs.map((sign) => (acute ? (sign < 0 ? -1 : 1) : sign > 0 ? -1 : 1));
  // The product must be +1 to keep the hand; an axis pair at right angles may absorb the sign.
  if (flip[0] * flip[1] * flip[2] < 0) {
    const free = signs.lastIndexOf(0);
    flip[free] = -flip[free];
  }
  // Turning a right angle around changes nothing that the later steps look at.
  const changes = signs.some((sign, i) => sign !== 0 && flip[(i + 1) % 3] * flip[(i + 2) % 3] < 0);
  return changes ? Float64Array.of(flip[0], 0, 0, 0, flip[1], 0, 0, 0, flip[2]) : undefined;
}

/** Steps 5 to 8: no sum or difference of two axes is shorter than the longer of them, nor the body diagonal. */
function shortenStep({ A, B, xi, eta, zeta }: MetricTerms, epsilon: number): Float64Array | undefined {
  const equal = (x: number, y: number): boolean => Math.abs(x - y) <= epsilon;
  const less = (x: number, y: number): boolean => x < y - epsilon;
  const long = (inner: number, square: number, p: number, q: number): boolean =>
    less(square, Math.abs(inner)) || (equal(inner, square) && less(2 * p, q)) || (equal(inner, -square) && less(q, 0));
  if (long(xi, B, eta, zeta)) return Float64Array.of(1, 0, 0, 0, 1, 0, 0, -Math.sign(xi), 1);
  if (long(eta, A, xi, zeta)) return Float64Array.of(1, 0, 0, 0, 1, 0, -Math.sign(eta), 0, 1);
  if (long(zeta, A, xi, eta)) return Float64Array.of(1, 0, 0, -Math.sign(zeta), 1, 0, 0, 0, 1);
  const sum = xi + eta + zeta + A + B;
  if (less(sum, 0) || (equal(sum, 0) && less(0, 2 * (A + eta) + zeta))) return Float64Array.of(1, 0, 0, 0, 1, 0, 1, 1, 1);
  return undefined;
}
