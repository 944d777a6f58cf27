import { compiled, incbet, incbi, ndtri } from 'cephes';

// Whoever has imported this module may call its functions at once.
await compiled;

/** Regularized incomplete beta function I_x(a, b), the distribution function of Beta(a, b) at 0 ≤ x ≤ 1; a, b > 0. */
export function incompleteBeta(x: number, a: number, b: number): number {
  return incbet(a, b, x);
}

/** The quantile x of Beta(a, b), I_x(a, b) = p, for 0 < p < 1; a, b > 0. */
export function betaQuantile(p: number, a: number, b: number): number {
  return incbi(a, b, p);
}

/** Quantile of the standard normal distribution, 0 < p < 1. */
export function normalQuantile(p: number): number {
  return ndtri(p);
}
