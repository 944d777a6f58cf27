import { optimizer } from '@braggscape/core';
import type { EntryChoice, EntryContext, Minimizer } from '@braggscape/core';
import { asMinimizer } from '../minimizers/fromTransform.js';
import { basinHopping, shake } from '../wrappers/basinHopping.js';
import type { BasinHoppingOptions } from '../wrappers/basinHopping.js';
import { multiStart } from '../wrappers/multiStart.js';
import type { MultiStartOptions } from '../wrappers/multiStart.js';
import { curvatureScales, preconditioned } from '../wrappers/preconditioned.js';
import { restarts } from '../wrappers/restarts.js';
import type { RestartOptions } from '../wrappers/restarts.js';
import { count, notNegative, positive } from './options.js';

interface Wrapper {
  readonly of: EntryChoice;
}

const of = (use: string) =>
  ({
    description: 'The optimizer that is wrapped, with its options: { use: …, … }.',
    type: 'object',
    properties: { use: { type: 'string' } },
    required: ['use'],
    additionalProperties: true,
    default: { use },
  }) as const;

const roundOptions = (rounds: number) => ({
  of: of('lbfgs'),
  rounds: count('Descents in all.', rounds),
  steps: count('Steps of a descent at most.', 100),
  tolerance: notNegative('A descent has arrived where no component of the gradient is larger.', 1e-5),
});

async function wrapped({ of: choice }: Wrapper, context: EntryContext): Promise<Minimizer> {
  return asMinimizer(await context.make('optimizers', choice, 'optimizer.of'));
}

/** Optimizers made of optimizers, by name. */
export const wrapperEntries = {
  preconditioned: optimizer<Wrapper & { probe: number }>({
    summary: 'Any optimizer in units in which cell and coordinates have curvatures of one at the start: a unit step changes the value by about a half.',
    schema: { of: { ...of('gradient-descent'), default: { use: 'gradient-descent', learningRate: 0.2 } }, probe: positive('Trial displacement that measures the curvature, in units of x.', 1e-3) },
    create: async (options, context) => preconditioned(await wrapped(options, context), curvatureScales(options.probe)),
  }),
  restarts: optimizer<Wrapper & RestartOptions>({
    summary: 'Any optimizer, begun anew with memory and schedule forgotten after a period, and where it is stuck.',
    source: 'I. Loshchilov & F. Hutter, arXiv:1608.03983',
    schema: {
      of: { ...of('adam'), default: { use: 'adam', learningRate: { law: 'cosine', start: 0.03, end: 0.001, steps: 100 } } },
      period: count('Steps before the first restart.', 100),
      growth: { description: 'Each period is this many times as long as the one before.', type: 'number', minimum: 1, default: 1 },
    },
    create: async (options, context) => restarts(await wrapped(options, context), options),
  }),
  'multi-start': optimizer<Wrapper & MultiStartOptions>({
    summary: 'Descents from seeded starts around the given one, ending at the lowest point met; use stop rules that do not take the first minimum for the end.',
    schema: { ...roundOptions(10), spread: positive('Largest displacement of a component of a new start, in units of x.', 0.3) },
    create: async ({ of: choice, ...options }, context) => multiStart(await wrapped({ of: choice }, context), options, context.random.derive('multi-start')),
  }),
  'basin-hopping': optimizer<Wrapper & BasinHoppingOptions & { size: number }>({
    summary: 'Hops from minimum to minimum, ending at the lowest; use stop rules that do not take the first minimum for the end.',
    source: 'D. J. Wales & J. P. K. Doye, J. Phys. Chem. A 101 (1997) 5111, DOI 10.1021/jp970984n',
    schema: {
      ...roundOptions(20),
      size: positive('Largest displacement of a component in a hop, in units of x.', 0.3),
      temperature: notNegative('Rise of the value that a hop survives with probability 1/e.', 0.01),
    },
    create: async ({ of: choice, size, ...options }, context) => basinHopping(await wrapped({ of: choice }, context), shake(size), options, context.random.derive('basin-hopping')),
  }),
};
