import type { GradientTransform } from '@braggscape/core';
import type { AdamOptions, AdamState } from './adam.js';

/** State of {@link scaleByAmsGrad}. */
export interface AmsGradState extends AdamState {
  /** Largest second moment so far, [size]. */
  readonly largest: Float64Array;
}

/**
 * AMSGrad: Adam whose second moment never falls, so that the step size of a component never rises again (S. J. Reddi, S. Kale & S. Kumar, ICLR 2018, arXiv:1904.09237, algorithm 2; with Adam's bias
 * correction, as it is commonly used).
 */
export function scaleByAmsGrad({ beta1, beta2, epsilon }: AdamOptions): GradientTransform<AmsGradState> {
  return {
    kind: 'transform',
    init: (x) => ({ mean: new Float64Array(x.length), variance: new Float64Array(x.length), largest: new Float64Array(x.length), count: 0 }),
    update(update, state) {
      const count = state.count + 1;
      const mean = state.mean.map((m, i) => beta1 * m + (1 - beta1) * update[i]);
      const variance = state.variance.map((v, i) => beta2 * v + (1 - beta2) * update[i] * update[i]);
      const varianceBias = 1 - beta2 ** count;
      const largest = state.largest.map((v, i) => Math.max(v, variance[i] / varianceBias));
      const meanBias = 1 - beta1 ** count;
      return [mean.map((m, i) => m / meanBias / (Math.sqrt(largest[i]) + epsilon)), { mean, variance, largest, count }];
    },
  };
}
