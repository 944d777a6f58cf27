import type { PropertySchema } from '@braggscape/core';

/** A positive number that changes with the step, such as a learning rate. Pure: the same step gives the same value. */
export type Schedule = (step: number) => number;

/** A schedule as data: a constant, or a named law. */
export type ScheduleConfig =
  | number
  | { readonly law: 'linear' | 'exponential' | 'cosine'; readonly start: number; readonly end: number; readonly steps: number }
  | { readonly law: 'step'; readonly start: number; readonly factor: number; readonly every: number };

/**
 * Make a schedule. `linear`, `exponential` and `cosine` (half a period; Loshchilov & Hutter 2017, arXiv:1608.03983) go from `start` to `end`
 * in `steps` steps and stay there; `step` multiplies by `factor` after every `every` steps.
 */
export function makeSchedule(config: ScheduleConfig): Schedule {
  if (typeof config === 'number') return () => config;
  if (config.law === 'step') return (step) => config.start * config.factor ** Math.floor(step / config.every);
  const { law, start, end, steps } = config;
  const progress = (step: number): number => Math.min(1, step / steps);
  switch (law) {
    case 'linear':
      return (step) => start + (end - start) * progress(step);
    case 'exponential':
      return (step) => start * (end / start) ** progress(step);
    case 'cosine':
      return (step) => end + ((start - end) * (1 + Math.cos(Math.PI * progress(step)))) / 2;
  }
}

const positive = { type: 'number', exclusiveMinimum: 0 } as const;
const count = { type: 'integer', minimum: 1 } as const;

/** Schema of a {@link ScheduleConfig} option. */
export function scheduleSchema(description: string, fallback: ScheduleConfig): PropertySchema & { readonly description: string } {
  return {
    description: `${description}: a number, { law: linear|exponential|cosine, start, end, steps } or { law: step, start, factor, every }.`,
    default: fallback,
    anyOf: [
      positive,
      {
        type: 'object',
        properties: { law: { enum: ['linear', 'exponential', 'cosine'] }, start: positive, end: positive, steps: count },
        required: ['law', 'start', 'end', 'steps'],
        additionalProperties: false,
      },
      {
        type: 'object',
        properties: { law: { const: 'step' }, start: positive, factor: positive, every: count },
        required: ['law', 'start', 'factor', 'every'],
        additionalProperties: false,
      },
    ],
  };
}
