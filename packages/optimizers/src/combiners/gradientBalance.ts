import { dot } from '@braggscape/core';
import type { Combiner } from '@braggscape/core';

/** Options of {@link gradientBalance}. */
export interface GradientBalanceOptions {
  /** Part of the mean gradient norms that is kept from step to step, in [0, 1). */
  readonly decay: number;
}

/** State of {@link gradientBalance}. */
export interface GradientBalanceState {
  /** Weights asked for. */
  readonly asked: Float64Array;
  /** Running mean of each objective's gradient norm; zeros before the first step. */
  readonly norms: Float64Array;
}

/**
 * Adaptive weights: each objective's gradient is divided by the running mean of its norm and multiplied by the mean of all, so that the weights asked for say how much each objective moves
 * the point, whatever its unit (the idea of GradNorm, Z. Chen et al., ICML 2018, arXiv:1711.02257, without its learned exponents).
 *
 * Value and gradient belong to the same weighted sum at a step; between steps the weights change, so values of different steps compare only roughly.
 */
export function gradientBalance({ decay }: GradientBalanceOptions): Combiner<GradientBalanceState> {
  return {
    id: 'gradient-balance',
    init: (objectives) => ({ asked: Float64Array.from(objectives, ({ weight }) => weight), norms: new Float64Array(objectives.length) }),
    combine(parts, state) {
      const { asked } = state;
      const gradients = parts.map(({ gradient }) => gradient);
      const complete = gradients.every((gradient) => gradient !== undefined);
      const norms = complete
        ? state.norms.map((before, i) => {
            const own = Math.sqrt(dot(gradients[i], gradients[i]));
            return before === 0 ? own : decay * before + (1 - decay) * own;
          })
        : state.norms;
      const known = norms.filter((norm) => norm > 0);
      const mean = known.length === 0 ? 1 : known.reduce((sum, norm) => sum + norm, 0) / known.length;
      const weights = asked.map((weight, i) => (norms[i] > 0 ? (weight * mean) / norms[i] : weight));
      const value = parts.reduce((sum, part, i) => sum + weights[i] * part.value, 0);
      if (!complete) return { value, weights, state };
      const gradient = new Float64Array(gradients[0].length);
      gradients.forEach((part, i) => part.forEach((component, k) => (gradient[k] += weights[i] * component)));
      return { value, gradient, weights, state: { asked, norms } };
    },
  };
}
