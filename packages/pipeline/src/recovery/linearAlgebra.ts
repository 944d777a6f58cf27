/**
 * Cholesky's factor L of a symmetric matrix A + diag(added) = L·Lᵀ.
 * @param a [n,n]
 * @param added what is added to the i-th diagonal entry
 * @returns [n,n] lower triangle; nothing where the sum is not positive
 */
export function choleskyFactor(a: Float64Array, n: number, added: (i: number) => number): Float64Array | undefined {
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j] + (i === j ? added(i) : 0);
      for (let k = 0; k < j; k++) sum -= factor[i * n + k] * factor[j * n + k];
      if (i !== j) factor[i * n + j] = sum / factor[j * n + j];
      else if (sum > 0) factor[i * n + i] = Math.sqrt(sum);
      else return undefined;
    }
  }
  return factor;
}

/** L⁻¹·b for a lower triangle L [n,n]. */
export function solveLower(factor: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] -= factor[i * n + k] * x[k];
    x[i] /= factor[i * n + i];
  }
  return x;
}

/** L⁻ᵀ·b for a lower triangle L [n,n]. */
export function solveLowerTransposed(factor: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const x = b.slice();
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= factor[k * n + i] * x[k];
    x[i] /= factor[i * n + i];
  }
  return x;
}

/**
 * Solve (A + λ·diag A) x = b for a symmetric, positive semi-definite A.
 *
 * @param a [n,n]
 * @param b [n]
 * @param damping λ; a floor of 1e-12 of the largest diagonal entry is added, for parameters that nothing depends on
 * @returns nothing where the matrix is not positive to rounding
 */
export function solvePositive(a: Float64Array, b: Float64Array, damping: number): Float64Array | undefined {
  const n = b.length;
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, a[i * n + i]);
  const factor = choleskyFactor(a, n, (i) => damping * a[i * n + i] + 1e-12 * largest);
  return factor === undefined ? undefined : solveLowerTransposed(factor, solveLower(factor, b));
}
