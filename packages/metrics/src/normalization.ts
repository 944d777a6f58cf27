import { dot } from '@braggscape/core';

/** How patterns are made comparable before they are subtracted. */
export type Normalization = 'max' | 'sum' | 'l2' | 'least-squares' | 'none';

/** Every choice, in the order it is listed to people. */
export const normalizations: readonly Normalization[] = ['max', 'sum', 'l2', 'least-squares', 'none'];

/** The number a pattern is divided by: its largest value, its sum, its norm, or 1. */
export function normalizer(pattern: Float64Array, normalization: Normalization): number {
  switch (normalization) {
    case 'max': {
      let largest = -Infinity;
      for (const y of pattern) if (y > largest) largest = y;
      return largest;
    }
    case 'sum': {
      let sum = 0;
      for (const y of pattern) sum += y;
      return sum;
    }
    case 'l2':
      return Math.sqrt(dot(pattern, pattern));
    default:
      return 1;
  }
}

/**
 * Pullback of y ↦ y/N(y), in place: gradient in the normalized pattern to gradient in the pattern.
 *
 * @param gradient [m] overwritten
 * @param size N(y)
 */
export function normalizePullback(pattern: Float64Array, size: number, normalization: Normalization, gradient: Float64Array): void {
  const along = normalization === 'none' || normalization === 'least-squares' ? 0 : dot(gradient, pattern) / (size * size);
  let top = -1;
  if (normalization === 'max') top = pattern.indexOf(size);
  for (let i = 0; i < gradient.length; i++) {
    const slope = normalization === 'sum' ? 1 : normalization === 'l2' ? pattern[i] / size : i === top ? 1 : 0;
    gradient[i] = gradient[i] / size - along * slope;
  }
}
