import type { GradientTransform } from '@braggscape/core';
import type { Schedule } from '../schedules.js';

/** Multiply by a constant; −1 turns a gradient into a descent. */
export function scale(factor: number): GradientTransform<null> {
  return { kind: 'transform', init: () => null, update: (update) => [update.map((value) => factor * value), null] };
}

/** Multiply by the negative of a learning rate that changes with the step. */
export function scaleByLearningRate(schedule: Schedule): GradientTransform<null> {
  return {
    kind: 'transform',
    init: () => null,
    update(update, _state, { step }) {
      const rate = schedule(step);
      return [update.map((value) => -rate * value), null];
    },
  };
}
