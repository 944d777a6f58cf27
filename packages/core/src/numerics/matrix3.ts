/** 3×3 matrices as row-major Float64Array(9). */

/** A·B. */
export function multiply3(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(9);
  for (let i = 0; i < 3; i++)
    for (let j = 0; j < 3; j++)
      out[3 * i + j] = a[3 * i] * b[j] + a[3 * i + 1] * b[3 + j] + a[3 * i + 2] * b[6 + j];
  return out;
}

/** Aᵀ. */
export function transpose3(a: Float64Array): Float64Array {
  const out = new Float64Array(9);
  for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) out[3 * i + j] = a[3 * j + i];
  return out;
}

/** det A. */
export function determinant3(a: Float64Array): number {
  return (
    a[0] * (a[4] * a[8] - a[5] * a[7]) -
    a[1] * (a[3] * a[8] - a[5] * a[6]) +
    a[2] * (a[3] * a[7] - a[4] * a[6])
  );
}

/** A⁻¹; not finite where A is singular. */
export function inverse3(a: Float64Array): Float64Array {
  const d = 1 / determinant3(a);
  const out = new Float64Array(9);
  out[0] = (a[4] * a[8] - a[5] * a[7]) * d;
  out[1] = (a[2] * a[7] - a[1] * a[8]) * d;
  out[2] = (a[1] * a[5] - a[2] * a[4]) * d;
  out[3] = (a[5] * a[6] - a[3] * a[8]) * d;
  out[4] = (a[0] * a[8] - a[2] * a[6]) * d;
  out[5] = (a[2] * a[3] - a[0] * a[5]) * d;
  out[6] = (a[3] * a[7] - a[4] * a[6]) * d;
  out[7] = (a[1] * a[6] - a[0] * a[7]) * d;
  out[8] = (a[0] * a[4] - a[1] * a[3]) * d;
  return out;
}

/** Row vector times matrix, v·A. */
export function rowTimes3(v: ArrayLike<number>, a: Float64Array): Float64Array {
  return Float64Array.of(
    v[0] * a[0] + v[1] * a[3] + v[2] * a[6],
    v[0] * a[1] + v[1] * a[4] + v[2] * a[7],
    v[0] * a[2] + v[1] * a[5] + v[2] * a[8],
  );
}

/** The identity. */
export function identity3(): Float64Array {
  return Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
}
