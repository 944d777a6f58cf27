/**
 * Chebyshev polynomials of the first kind T_0 … T_(n−1) on an axis, scaled so that its ends are −1 and 1.
 * @returns n arrays [m]
 */
export function chebyshevBasis(twoTheta: Float64Array, terms: number): readonly Float64Array[] {
  const first = twoTheta[0];
  const last = twoTheta[twoTheta.length - 1];
  const x = twoTheta.map((angle) => (2 * angle - first - last) / (last - first));
  const basis: Float64Array[] = [];
  for (let n = 0; n < terms; n++) {
    basis.push(n === 0 ? new Float64Array(x.length).fill(1) : n === 1 ? x : x.map((value, i) => 2 * value * basis[n - 1][i] - basis[n - 2][i]));
  }
  return basis;
}
