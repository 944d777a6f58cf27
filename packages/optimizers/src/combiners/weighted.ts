import { dot } from '@braggscape/core';
import type { CombinerResult, VectorEvaluation } from '@braggscape/core';

/** Parts of a combination with the user's weights applied: the value they add up to, and their gradients. */
export interface WeightedParts {
  readonly value: number;
  /** Gradient of each part times its weight; undefined unless every part has one. */
  readonly gradients: readonly Float64Array[] | undefined;
}

/** Values and gradients times their weights. */
export function weightedParts(parts: readonly VectorEvaluation[], weights: Float64Array): WeightedParts {
  const value = parts.reduce((sum, part, i) => sum + weights[i] * part.value, 0);
  const gradients = parts.map(({ gradient }, i) => gradient?.map((component) => weights[i] * component));
  return { value, gradients: gradients.every((gradient) => gradient !== undefined) ? gradients : undefined };
}

/** The combination Σ factorᵢ·gradientᵢ of weighted gradients, as a combiner's result. */
export function combined<State>({ value, gradients }: WeightedParts, factors: ArrayLike<number>, weights: Float64Array, state: State): CombinerResult<State> {
  const used = weights.map((weight, i) => weight * factors[i]);
  if (gradients === undefined) return { value, weights: used, state };
  const gradient = new Float64Array(gradients[0].length);
  gradients.forEach((part, i) => part.forEach((component, k) => (gradient[k] += factors[i] * component)));
  return { value, gradient, weights: used, state };
}

/** Inner products of gradients, [n][n]. */
export function gramMatrix(gradients: readonly Float64Array[]): number[][] {
  return gradients.map((a) => gradients.map((b) => dot(a, b)));
}
