import { inverse3 } from '@braggscape/core';

/** Square root of a symmetric positive definite matrix [3,3] by the Denman–Beavers iteration, which converges quadratically. */
export function squareRoot3(matrix: Float64Array): Float64Array {
  let root = matrix.slice();
  let inverse = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
  for (let round = 0; round < 100; round++) {
    const [rootInverse, inverseInverse] = [inverse3(root), inverse3(inverse)];
    const next = root.map((value, i) => (value + inverseInverse[i]) / 2);
    inverse = inverse.map((value, i) => (value + rootInverse[i]) / 2);
    const change = Math.hypot(...next.map((value, i) => value - root[i]));
    root = next;
    if (!(change > 1e-15 * Math.hypot(...root))) break;
  }
  // What rounding has made unlike is made alike.
  return root.map((_, i) => (root[i] + root[3 * (i % 3) + Math.floor(i / 3)]) / 2);
}
