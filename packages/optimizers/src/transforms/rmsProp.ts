import type { GradientTransform } from '@braggscape/core';

/** Options of {@link scaleByRmsProp}. */
export interface RmsPropOptions {
  /** Decay of the mean squared gradient, in [0, 1). */
  readonly decay: number;
  /** Added to the root, in units of the gradient. */
  readonly epsilon: number;
}

/** RMSProp: each component divided by the root of its running mean square (T. Tieleman & G. Hinton, Coursera lecture 6.5, 2012). */
export function scaleByRmsProp({ decay, epsilon }: RmsPropOptions): GradientTransform<Float64Array> {
  return {
    kind: 'transform',
    init: (x) => new Float64Array(x.length),
    update(update, meanSquare) {
      const next = meanSquare.map((value, i) => decay * value + (1 - decay) * update[i] * update[i]);
      return [update.map((value, i) => value / (Math.sqrt(next[i]) + epsilon)), next];
    },
  };
}
