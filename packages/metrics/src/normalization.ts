import { dot } from '@braggscape/core';
import { combine } from './squaredDistance.js';

/** How patterns are made comparable before they are subtracted. */
export type Normalization = 'max' | 'sum' | 'l2' | 'least-squares' | 'none';

/** Every choice, in the order it is listed to people. */
export const normalizations: readonly Normalization[] = ['max', 'sum', 'l2', 'least-squares', 'none'];

/** The number a pattern is divided by: its largest value, its sum, its norm, or 1. */
export function normalizer(pattern: Float64Array, normalization: Normalization): number {
  switch (normalization) {
    case 'max':
      return largest(pattern);
    case 'sum':
      return sumOf(pattern);
    case 'l2':
      return Math.sqrt(dot(pattern, pattern));
    default:
      return 1;
  }
}

/**
 * Pullback of y ↦ y/N(y), in place. The part at fixed N is in the gradient already; this takes off what the change of N does.
 *
 * @param size N(y)
 * @param gradient [m] gradient in the normalized pattern, divided by N(y)
 */
export function normalizePullback(pattern: Float64Array, size: number, normalization: Normalization, gradient: Float64Array): void {
  if (normalization === 'none' || normalization === 'least-squares') return;
  const along = dot(gradient, pattern) / size;
  if (normalization === 'max') {
    gradient[pattern.indexOf(size)] -= along;
  } else if (normalization === 'sum') {
    for (let i = 0; i < gradient.length; i++) gradient[i] -= along;
  } else {
    combine(1, gradient, -along / size, pattern, gradient);
  }
}

function largest(pattern: Float64Array): number {
  let [m0, m1, m2, m3] = [-Infinity, -Infinity, -Infinity, -Infinity];
  const whole = pattern.length - (pattern.length % 4);
  for (let i = 0; i < whole; i += 4) {
    if (pattern[i] > m0) m0 = pattern[i];
    if (pattern[i + 1] > m1) m1 = pattern[i + 1];
    if (pattern[i + 2] > m2) m2 = pattern[i + 2];
    if (pattern[i + 3] > m3) m3 = pattern[i + 3];
  }
  for (let i = whole; i < pattern.length; i++) if (pattern[i] > m0) m0 = pattern[i];
  return Math.max(m0, m1, m2, m3);
}

function sumOf(pattern: Float64Array): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  const whole = pattern.length - (pattern.length % 4);
  for (let i = 0; i < whole; i += 4) {
    s0 += pattern[i];
    s1 += pattern[i + 1];
    s2 += pattern[i + 2];
    s3 += pattern[i + 3];
  }
  for (let i = whole; i < pattern.length; i++) s0 += pattern[i];
  return s0 + s1 + (s2 + s3);
}
