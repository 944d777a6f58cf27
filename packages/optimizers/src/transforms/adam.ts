import type { GradientTransform } from '@braggscape/core';

/** Options of {@link scaleByAdam}. */
export interface AdamOptions {
  /** Decay of the mean gradient, in [0, 1). */
  readonly beta1: number;
  /** Decay of the mean squared gradient, in [0, 1). */
  readonly beta2: number;
  /** Added to the root, in units of the gradient. */
  readonly epsilon: number;
}

/** State of {@link scaleByAdam}. */
export interface AdamState {
  /** First moment, [size]. */
  readonly mean: Float64Array;
  /** Second moment, [size]. */
  readonly variance: Float64Array;
  readonly count: number;
}

/** Adam's rescaling with bias correction: m̂/(√v̂ + ε) (Kingma & Ba 2015, arXiv:1412.6980, algorithm 1). */
export function scaleByAdam({ beta1, beta2, epsilon }: AdamOptions): GradientTransform<AdamState> {
  return {
    kind: 'transform',
    init: (x) => ({ mean: new Float64Array(x.length), variance: new Float64Array(x.length), count: 0 }),
    update(update, state) {
      const count = state.count + 1;
      const mean = state.mean.map((m, i) => beta1 * m + (1 - beta1) * update[i]);
      const variance = state.variance.map((v, i) => beta2 * v + (1 - beta2) * update[i] * update[i]);
      const meanBias = 1 - beta1 ** count;
      const varianceBias = 1 - beta2 ** count;
      return [mean.map((m, i) => m / meanBias / (Math.sqrt(variance[i] / varianceBias) + epsilon)), { mean, variance, count }];
    },
  };
}
