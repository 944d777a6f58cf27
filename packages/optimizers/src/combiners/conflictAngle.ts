import { DEGREES_PER_RADIAN, dot } from '@braggscape/core';
import type { VectorEvaluation } from '@braggscape/core';

/**
 * Largest angle between two of the gradients, degrees: 0 where all agree, above 90 where a step down one gradient goes up another, 180 where two oppose each other. Weights do not matter.
 * Undefined where fewer than two gradients are there and not zero, or where they are not finite.
 */
export function conflictAngle(parts: readonly VectorEvaluation[]): number | undefined {
  const gradients = parts.flatMap(({ gradient }) => (gradient === undefined ? [] : [gradient]));
  const sizes = gradients.map((gradient) => Math.sqrt(dot(gradient, gradient)));
  let least = Infinity;
  for (let i = 0; i < gradients.length; i++) {
    for (let j = 0; j < i; j++) {
      if (sizes[i] > 0 && sizes[j] > 0) least = Math.min(least, dot(gradients[i], gradients[j]) / sizes[i] / sizes[j]);
    }
  }
  return Number.isFinite(least) ? Math.acos(Math.max(-1, Math.min(1, least))) * DEGREES_PER_RADIAN : undefined;
}
