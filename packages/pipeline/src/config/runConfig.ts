import type { JsonValue, PropertySchema } from '@braggscape/core';
import { closedObject } from '@braggscape/core';
import type { MeasurementNoise } from '@braggscape/diffraction';
import type { NormalizedPlan } from '../recovery/normalizedPlan.js';

/** A choice of plugin entry with its options: `{ "use": "adam", "learningRate": 0.02 }`. */
export interface Choice {
  readonly use: string;
  readonly [option: string]: JsonValue;
}

/** A chosen objective with its weight in the combined value. */
export interface ObjectiveChoice extends Choice {
  /** In 1/unit of the objective. */
  readonly weight: number;
}

/** A configuration with every default filled; what the record keeps. */
export interface RunConfig {
  readonly plugins: readonly string[];
  /** Start structure: a file, or `FILE#NAME` for one of several in it. */
  readonly structure: string;
  /** Seeded noise put on the start before anything else. */
  readonly distort: DistortConfig;
  readonly pattern: PatternConfig;
  readonly instrument: Choice;
  /** 2θ axis where the pattern is simulated. */
  readonly twoTheta: { readonly start: number; readonly stop: number; readonly count: number };
  /** Steps to recover the structure by; `descent`: a single descent with the optimizer below. */
  readonly plan: NormalizedPlan | 'descent';
  readonly broadening: BroadeningConfig;
  readonly objectives: readonly ObjectiveChoice[];
  readonly combiner: Choice;
  readonly vary: readonly string[];
  readonly units: 'angstrom' | 'natural';
  readonly projector: Choice;
  readonly optimizer: Choice;
  readonly stop: readonly Choice[];
  readonly seed: number;
  /** Structure to judge the result by; never seen by the refinement. */
  readonly reference?: string;
  readonly output: string;
  readonly figures: boolean;
  readonly checkpointSeconds: number;
}

export interface DistortConfig {
  readonly lattice: number;
  readonly coordinates: number;
  readonly distribution: 'uniform' | 'normal';
}

/** Where the observed pattern comes from: exactly one of `file` and `structure`. */
export interface PatternConfig {
  readonly file?: string;
  readonly structure?: string;
  /** Whether faults of a measured pattern are mended where that is possible. */
  readonly repair: boolean;
  /** Take an estimated background off; null: leave it in. */
  readonly subtractBackground: { readonly width: number } | null;
  /** Faults of a measurement put on a simulated pattern. */
  readonly noise: MeasurementNoise;
}

/** Schedule of peak widths: stages of descent on patterns that are broadened less and less, and a last one that is not broadened. */
export interface BroadeningConfig {
  /** FWHM of each broad stage in degrees; none: the sharp stage only. */
  readonly fwhm: readonly number[];
  /** Largest number of steps of a broad stage. */
  readonly steps: number;
}

const choice = (description: string, use: string): PropertySchema & { readonly description: string } => ({
  description,
  type: 'object',
  properties: { use: { type: 'string', description: 'Id of the plugin entry.' } },
  required: ['use'],
  additionalProperties: true,
  default: { use },
});

/**
 * Schema of the configuration's frame. The slots that hold a {@link Choice} stay open here: each is checked on its own against the
 * closed schema of the entry it names, so that a message can name the key.
 */
export const frameProperties: Readonly<Record<keyof RunConfig, PropertySchema & { readonly description: string }>> = {
  plugins: {
    description: 'Packages or files of plugins to load, resolved from the configuration file.',
    type: 'array',
    items: { type: 'string', minLength: 1 },
    uniqueItems: true,
    default: [],
  },
  structure: { description: 'Start structure: a file, or FILE#NAME for one of several in it.', type: 'string', minLength: 1 },
  distort: {
    description: 'Seeded noise put on the start structure: the two noise models of Segal et al. 2026.',
    ...closedObject({
      lattice: { description: 'Maximum strain.', type: 'number', minimum: 0, maximum: 0.5, default: 0 },
      coordinates: { description: 'Largest fractional displacement.', type: 'number', minimum: 0, maximum: 0.5, default: 0 },
      distribution: { description: 'Noise law.', enum: ['uniform', 'normal'], default: 'uniform' },
    }),
    default: {},
  },
  pattern: {
    description: 'Observed pattern: { "file": … } for a measured one, { "structure": … } to simulate it.',
    ...closedObject(
      {
        file: { description: 'Pattern file.', type: 'string', minLength: 1 },
        structure: { description: 'Structure file to simulate the target from.', type: 'string', minLength: 1 },
        repair: { description: 'Whether to mend faults of the pattern file where that is possible.', type: 'boolean', default: false },
        subtractBackground: {
          description: 'Subtract a background estimated by peak clipping (SNIP), everything narrower than width degrees being peaks; null: leave it in.',
          default: null,
          type: ['object', 'null'],
          properties: { width: { description: 'Widest peak, degrees.', type: 'number', exclusiveMinimum: 0, maximum: 90, default: 3 } },
          additionalProperties: false,
        },
        noise: {
          description: 'Faults of a measurement put on a simulated target, from the seed.',
          ...closedObject({
            counts: { description: 'Counts at the strongest point, Poisson-distributed; null: none.', type: ['number', 'null'], exclusiveMinimum: 0, maximum: 1e12, default: null },
            background: { description: 'Height of a background relative to the strongest point.', type: 'number', minimum: 0, maximum: 100, default: 0 },
            zeroShift: { description: 'Largest zero shift, degrees.', type: 'number', minimum: 0, maximum: 2, default: 0 },
            texture: { description: 'Largest |ln r| of preferred orientation.', type: 'number', minimum: 0, maximum: 2, default: 0 },
          }),
          default: {},
        },
      },
      ['file', 'structure'],
    ),
  },
  instrument: { ...choice('Pattern model with its instrument.', 'ideal'), default: undefined as never },
  twoTheta: {
    description: '2θ axis in degrees on which a pattern is simulated; a measured pattern brings its own.',
    ...closedObject({
      start: { description: 'First angle.', type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 180, default: 5 },
      stop: { description: 'Last angle.', type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 180, default: 90 },
      count: { description: 'Number of points.', type: 'integer', minimum: 2, maximum: 1000000, default: 8500 },
    }),
    default: {},
  },
  plan: {
    description:
      'How the structure is recovered: robust, xrd, energy, joint or paper, a file with a plan, or an object with steps; descent: a single descent as objectives, optimizer, projector and the like say. Left out: descent if one of these is given, else robust.',
    anyOf: [{ type: 'string', minLength: 1 }, { type: 'object', additionalProperties: true }],
    default: 'robust',
  },
  broadening: {
    description: 'Schedule of peak widths: descend on patterns broadened by each of these in turn, then on the sharp one.',
    ...closedObject({
      fwhm: { description: 'FWHM in degrees of each broad stage.', type: 'array', maxItems: 100, items: { type: 'number', exclusiveMinimum: 0, maximum: 45 }, default: [] },
      steps: { description: 'Largest number of steps of a broad stage.', type: 'integer', minimum: 1, default: 60 },
    }),
    default: {},
  },
  objectives: {
    description: 'What to minimize: metrics on the pattern, potentials, or other objectives, each with a weight.',
    type: 'array',
    minItems: 1,
    items: {
      type: 'object',
      properties: {
        use: { type: 'string', description: 'Id of a metric, potential or objective.' },
        weight: { type: 'number', minimum: 0, default: 1, description: 'Weight in 1/unit.' },
      },
      required: ['use'],
      additionalProperties: true,
    },
    default: [{ use: 'cosine' }],
  },
  combiner: choice('How several objectives become one direction.', 'weighted-sum'),
  vary: {
    description:
      'What may move: cell, coords, uIso, occupancy of the structure; and parameters of the instrument by their keys, such as zero, scale, background, w, or profile for all of its widths.',
    type: 'array',
    minItems: 1,
    uniqueItems: true,
    items: { type: 'string', minLength: 1 },
    default: ['cell', 'coords'],
  },
  units: {
    description: 'Scale of the optimizer’s vector: every component in Å, or the natural units (Å, degrees, fractions).',
    enum: ['angstrom', 'natural'],
    default: 'angstrom',
  },
  projector: choice('Constraint kept at every step.', 'none'),
  optimizer: choice('Optimizer with its options.', 'adam'),
  stop: {
    description: 'Stop rules; the first that speaks ends the run.',
    type: 'array',
    minItems: 1,
    items: {
      type: 'object',
      properties: { use: { type: 'string', description: 'Id of a stop rule.' } },
      required: ['use'],
      additionalProperties: true,
    },
    default: [{ use: 'max-steps' }, { use: 'gradient-tolerance' }, { use: 'stalled' }, { use: 'diverged' }],
  },
  seed: { description: 'Seed of everything random.', type: 'integer', default: 0 },
  reference: { description: 'Structure to judge the result by; the refinement never sees it.', type: 'string', minLength: 1 },
  output: { description: 'Folder for the results.', type: 'string', minLength: 1, default: 'braggscape-results' },
  figures: { description: 'Whether to draw figures.', type: 'boolean', default: true },
  checkpointSeconds: { description: 'Seconds between checkpoints.', type: 'number', exclusiveMinimum: 0, default: 10 },
};

/** Default of a top-level key of a configuration, before entries fill in their own; undefined where there is none. */
export function configDefault(key: string): JsonValue | undefined {
  return Object.hasOwn(frameProperties, key) ? frameProperties[key as keyof RunConfig].default : undefined;
}
