import type { PropertySchema } from '@braggscape/core';
import { scheduleSchema } from '../schedules.js';
import type { ScheduleConfig } from '../schedules.js';

/** Options of everything with a learning rate. */
export interface Rate {
  readonly learningRate: ScheduleConfig;
}

type Described = PropertySchema & { readonly description: string };

/** A learning rate or its schedule. */
export const rate = (fallback: ScheduleConfig): Described => scheduleSchema('Learning rate', fallback);

/** A decay in [0, 1). */
export const decay = (description: string, fallback: number): Described => ({ description, type: 'number', minimum: 0, exclusiveMaximum: 1, default: fallback });

/** A positive number. */
export const positive = (description: string, fallback: number): Described => ({ description, type: 'number', exclusiveMinimum: 0, default: fallback });

/** Zero or a positive number. */
export const notNegative = (description: string, fallback: number): Described => ({ description, type: 'number', minimum: 0, default: fallback });

/** A number of things, at least one. */
export const count = (description: string, fallback: number): Described => ({ description, type: 'integer', minimum: 1, default: fallback });
