import type { Combiner } from '@braggscape/core';

/** Σ wᵢ fᵢ with the weights asked for; the gradient likewise. Keeps no state. */
export const weightedSum: Combiner<Float64Array> = {
  id: 'weighted-sum',
  init: (objectives) => Float64Array.from(objectives, ({ weight }) => weight),
  combine(parts, weights) {
    const value = parts.reduce((sum, part, i) => sum + weights[i] * part.value, 0);
    const gradients = parts.map(({ gradient }) => gradient);
    if (!gradients.every((gradient) => gradient !== undefined)) return { value, weights, state: weights };
    const gradient = new Float64Array(gradients[0].length);
    gradients.forEach((part, i) => part.forEach((component, k) => (gradient[k] += weights[i] * component)));
    return { value, gradient, weights, state: weights };
  },
};
