import { dot } from '@braggscape/core';
import type { GradientTransform } from '@braggscape/core';

/** Shortens updates whose Euclidean norm is larger than `norm`; their direction stays (R. Pascanu, T. Mikolov & Y. Bengio, ICML 2013, arXiv:1211.5063). */
export function clipNorm(norm: number): GradientTransform<null> {
  return {
    kind: 'transform',
    init: () => null,
    update(update) {
      const length = Math.sqrt(dot(update, update));
      return [length > norm ? update.map((value) => (value * norm) / length) : update, null];
    },
  };
}
