import { BraggscapeError, closedObject, compileSchema, nameHint } from '@braggscape/core';
import type { JsonValue, PropertySchema } from '@braggscape/core';

/** A step of a plan as data: what to do, with its options. */
export interface PlanStep {
  readonly do: PlanStepKind;
  readonly [option: string]: JsonValue;
}

const from = { description: 'Structure to begin from: start, annealed, relaxed, descended, or best.', enum: ['start', 'annealed', 'relaxed', 'descended', 'best'], default: 'start' } as const;
const count = (description: string, value: number) => ({ description, type: 'integer', minimum: 1, default: value }) as const;
const positive = (description: string, value: number) => ({ description, type: 'number', exclusiveMinimum: 0, default: value }) as const;
const widths = (description: string, value: readonly number[], least: 'minimum' | 'exclusiveMinimum' = 'exclusiveMinimum') =>
  ({ description, type: 'array', maxItems: 100, items: { type: 'number', [least]: 0, maximum: 45 }, default: [...value] }) as PropertySchema & { description: string };

const trials = {
  distance: positive('How far images may be from sites for a symmetry to be tried, Å.', 3),
  strain: positive('How far the cell may be from symmetric.', 0.5),
  most: count('Most symmetries tried.', 36),
  broad: widths('Widths in degrees that all symmetries go through.', [10, 5, 2.5]),
  narrow: { ...widths('Widths in degrees that the better ones go through then.', [1.2, 0.6]), minItems: 1 },
};

/** What each step does and takes. */
export const planSteps = {
  'symmetry-trials': { summary: 'Make a structure symmetric in every way that it may have been before, and descend the pattern in what is left free.', schema: { from, ...trials } },
  anneal: {
    summary: 'Descend on broad peaks first and on sharper ones then, cell and coordinates free.',
    schema: {
      from,
      fwhm: widths('Widths in degrees, broad to narrow; the sharp pattern follows.', [10, 7, 5, 3.5, 2.5, 1.8, 1.2, 0.8, 0.5]),
      steps: count('Steps for each width.', 60),
      finalSteps: count('Steps on the sharp pattern.', 100),
    },
  },
  relax: {
    summary: 'Descend the energy, cell and coordinates free.',
    schema: {
      from,
      steps: count('Most steps.', 60),
      tolerance: positive('Largest component of the gradient, eV/Å an atom.', 0.002),
      offer: { description: 'Whether the result is a candidate itself.', type: 'boolean', default: false },
    },
  },
  descend: {
    summary: 'Descend a weighted sum of pattern and energy with any optimizer.',
    schema: {
      from,
      fwhm: widths('Widths in degrees that the pattern is smoothed by in turn; 0 for as it is.', [0], 'minimum'),
      steps: count('Steps for each width.', 300),
      pattern: { description: 'Weight of the loss of the pattern.', type: 'number', minimum: 0, default: 1 },
      energy: { description: 'Weight of the energy, 1/(eV/atom).', type: 'number', minimum: 0, default: 0 },
      vary: { description: 'What moves.', type: 'array', minItems: 1, items: { enum: ['cell', 'coords'] }, default: ['cell', 'coords'] },
      target: { description: 'Combined value that is low enough.', type: 'number', default: -1e9 },
      optimizer: { description: 'Optimizer with its options.', type: 'object', properties: { use: { type: 'string' } }, required: ['use'], additionalProperties: true, default: { use: 'lbfgs' } },
    },
  },
  explore: {
    summary: 'Search on from what was found: random moves, exchanges of unlike atoms, random coordinates in the symmetries met, shaken starts.',
    schema: { moves: count('Most moves.', 60), ...trials, most: count('Most symmetries tried of a shaken start.', 24) },
  },
  rivals: {
    summary: 'Look for structures that could be mistaken for the best one, by exchanging its unlike atoms and moving it at random.',
    schema: { exchanges: { ...count('Exchanges tried.', 6), minimum: 0 }, moves: { ...count('Random moves tried.', 2), minimum: 0 } },
  },
  fit: {
    summary: 'Work the best candidates out by least squares, in the highest symmetry that the pattern allows, with the numbers of the experiment.',
    schema: {
      candidates: count('Most candidates.', 5),
       iterations: count('Most iterations of a fit.', 25),
      temperature: { description: 'Temperature in K at which the energy weighs in where the pattern is uncertain, low for much; 0: not at all.', type: 'number', minimum: 0, default: 100 },
    },
  },
} as const satisfies Readonly<Record<string, { readonly summary: string; readonly schema: Readonly<Record<string, PropertySchema>> }>>;

/** Names of the steps. */
export type PlanStepKind = keyof typeof planSteps;

const checks = new Map(
  Object.entries(planSteps).map(([kind, { schema }]) => [kind, compileSchema<Record<string, JsonValue>>(closedObject({ do: { const: kind }, ...(schema as Readonly<Record<string, PropertySchema>>) }))]),
);

/**
 * Check the steps of a plan and fill in their defaults.
 * @throws BraggscapeError `config.invalid` with the path of the key
 */
export function normalizeSteps(steps: unknown, path: string): readonly PlanStep[] {
  if (!Array.isArray(steps) || steps.length === 0) {
    throw new BraggscapeError('config.invalid', 'a plan needs a list of steps', { path, hint: `write a list of objects such as { do: anneal }; there are ${Object.keys(planSteps).join(', ')}` });
  }
  return steps.map((step: unknown, i) => {
    const kind = (step as { do?: unknown } | null)?.do;
    const check = typeof kind === 'string' ? checks.get(kind) : undefined;
    if (check === undefined) {
      throw new BraggscapeError('config.invalid', `a plan has no step "${String(kind)}"`, { path: `${path}.${i}.do`, hint: nameHint(String(kind), Object.keys(planSteps)) });
    }
    return check(step, `${path}.${i}`) as unknown as PlanStep;
  });
}
