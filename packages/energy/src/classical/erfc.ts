const { PI, exp, sqrt } = Math;

/**
 * Complementary error function of x ≥ 0, to about 1e-13 relative: below 2 one minus the power series of erf (Abramowitz & Stegun 7.1.6, whose terms are all positive), above the continued
 * fraction 7.1.14, from its tail.
 */
export function erfc(x: number): number {
  if (x < 2) {
    let term = x;
    let sum = x;
    for (let n = 1; term > 1e-17 * sum; n++) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return 1 - (2 / sqrt(PI)) * exp(-x * x) * sum;
  }
  let tail = x;
  for (let n = 60; n > 0; n--) tail = x + n / 2 / tail;
  return exp(-x * x) / (sqrt(PI) * tail);
}
