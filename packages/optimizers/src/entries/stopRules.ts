import { stopRule } from '@braggscape/core';
import { budget, diverged, gradientTolerance, maxSteps, stalled, targetValue } from '../stopRules/rules.js';

/** Stop rules by name. */
export const stopRuleEntries = {
  'max-steps': stopRule<{ steps: number }>({
    summary: 'A number of steps.',
    schema: { steps: { description: 'Steps.', type: 'integer', minimum: 0, default: 500 } },
    create: ({ steps }) => maxSteps(steps),
  }),
  'gradient-tolerance': stopRule<{ tolerance: number }>({
    summary: 'Every component of the gradient small.',
    schema: { tolerance: { description: 'Largest component, value per unit of x.', type: 'number', minimum: 0, default: 1e-5 } },
    create: ({ tolerance }) => gradientTolerance(tolerance),
  }),
  stalled: stopRule<{ patience: number; tolerance: number }>({
    summary: 'No better value for a while.',
    schema: {
      patience: { description: 'Steps to wait.', type: 'integer', minimum: 1, default: 100 },
      tolerance: { description: 'Improvement that counts, as a part of the lowest value.', type: 'number', minimum: 0, default: 1e-6 },
    },
    create: ({ patience, tolerance }) => stalled(patience, tolerance),
  }),
  'target-value': stopRule<{ value: number }>({
    summary: 'A value low enough.',
    schema: { value: { description: 'Value to reach.', type: 'number' } },
    create: ({ value }) => targetValue(value),
  }),
  budget: stopRule<{ evaluations?: number; seconds?: number }>({
    summary: 'A number of evaluations or of seconds.',
    schema: {
      evaluations: { description: 'Evaluations of the objectives.', type: 'integer', minimum: 1 },
      seconds: { description: 'Seconds of running.', type: 'number', exclusiveMinimum: 0 },
    },
    optional: ['evaluations', 'seconds'],
    create: budget,
  }),
  diverged: stopRule<{ factor: number }>({
    summary: 'A value far above its start.',
    schema: { factor: { description: 'Rise, in units of the start’s size or one.', type: 'number', exclusiveMinimum: 0, default: 10 } },
    create: ({ factor }) => diverged(factor),
  }),
};
