import { definePlugin, projector } from '@braggscape/core';
import type { EntryChoice } from '@braggscape/core';
import { parseSymmetryOperation } from '@braggscape/crystal';
import type { SymmetryOperation } from '@braggscape/crystal';
import { autoProjector } from './autoProjector.js';
import { boundsPresets, boundsProjector } from './boundsProjector.js';
import type { BoundsPreset } from './boundsProjector.js';
import { composeProjectors } from './composeProjectors.js';
import { families } from './families.js';
import type { Average, Family, UniqueAxis } from './families.js';
import { familyProjector, noProjector } from './familyProjector.js';
import { operationsProjector } from './operationsProjector.js';
import { rampProjector } from './softProjector.js';
import { spaceGroupProjector } from './spaceGroupProjector.js';

const average = {
  description: 'Means of the cell parameters, or of the metric tensor over the point group.',
  enum: ['parameters', 'metric'],
  default: 'parameters',
} as const;

const summaries: Readonly<Record<Exclude<Family, 'monoclinic'>, string>> = {
  cubic: 'a = b = c, right angles.',
  hexagonal: 'a = b, α = β = 90°, γ = 120°.',
  rhombohedral: 'a = b = c, α = β = γ (rhombohedral axes).',
  tetragonal: 'a = b, right angles.',
  orthorhombic: 'Right angles.',
  triclinic: 'Any cell of positive volume.',
};

const entry = (family: Exclude<Family, 'monoclinic'>) =>
  projector<{ average: Average }>({ summary: summaries[family], schema: { average }, create: (options) => familyProjector(family, options) });

const choice = { type: 'object', properties: { use: { type: 'string', description: 'Id of a projector.' } }, required: ['use'], additionalProperties: true } as const;
const interval = (description: string) => ({ description: `${description}; null: the preset's.`, type: ['array', 'null'], items: { type: 'number' }, minItems: 2, maxItems: 2, default: null }) as const;
const own = (description: string) => ({ description: `${description}; null: the preset's.`, type: ['number', 'null'], minimum: 0, default: null }) as const;

interface BoundsOptions {
  readonly preset: BoundsPreset;
  readonly lengths: readonly [number, number] | null;
  readonly angles: readonly [number, number] | null;
  readonly angleChange: number | null;
  readonly volume: readonly [number, number] | null;
  readonly minimumDistance: number | null;
}

/** The projectors of this package as a plugin. */
export const projectorsPlugin = definePlugin({
  meta: { name: '@braggscape/projectors', version: '0.1.0', api: '^0.1.0' },
  projectors: {
    none: projector({ summary: 'No constraint.', schema: {}, create: () => noProjector }),
    ...Object.fromEntries(families.filter((family) => family !== 'monoclinic').map((family) => [family, entry(family)])),
    monoclinic: projector<{ average: Average; uniqueAxis: UniqueAxis }>({
      summary: 'Two right angles.',
      schema: { average, uniqueAxis: { description: 'Axis perpendicular to the two others.', enum: ['a', 'b', 'c'], default: 'b' } },
      create: (options) => familyProjector('monoclinic', options),
    }),
    spacegroup: projector<{ symprec: number }>({
      summary: 'Every symmetry operation of the start structure.',
      schema: { symprec: { description: 'Distance within which positions count as equivalent, Å.', type: 'number', exclusiveMinimum: 0, maximum: 1, default: 0.01 } },
      create: ({ symprec }, { start }) => spaceGroupProjector(start, symprec),
    }),
    auto: projector<{ distance: number; strain: number }>({
      summary: 'The highest symmetry that the start structure nearly has, which is reported.',
      schema: {
        distance: { description: 'Largest distance between a site and its image, Å.', type: 'number', exclusiveMinimum: 0, maximum: 2, default: 0.3 },
        strain: { description: 'Largest strain that makes the cell symmetric.', type: 'number', exclusiveMinimum: 0, maximum: 0.5, default: 0.05 },
      },
      create: (tolerances, { start }) => autoProjector(start, tolerances),
    }),
    operations: projector<{ operations: readonly string[]; tolerance: number }>({
      summary: 'Symmetry operations given one by one, in the cell of the start structure.',
      schema: {
        operations: { description: 'The whole group, such as x,y,z and -x,-y,-z.', type: 'array', items: { type: 'string', minLength: 5 }, minItems: 1, maxItems: 768 },
        tolerance: { description: 'Distance within which an operation must bring each site to another, Å.', type: 'number', exclusiveMinimum: 0, maximum: 3, default: 0.5 },
      },
      create: ({ operations, tolerance }, { start }) => operationsProjector(start, operations.map(operationOf), { tolerance }),
    }),
    bounds: projector<BoundsOptions>({
      summary: 'Cell and distances within bounds around the start structure.',
      schema: {
        preset: { description: 'wide, or tight (5 % and 5 degrees).', enum: ['wide', 'tight'], default: 'wide' },
        lengths: interval('Least and largest factor of each length'),
        angles: interval('Least and largest angle, degrees'),
        angleChange: own('Largest change of each angle, degrees'),
        volume: interval('Least and largest factor of the volume'),
        minimumDistance: own('Least distance of atoms as a part of the sum of their covalent radii, 0 for none'),
      },
      create: ({ preset, lengths, angles, angleChange, volume, minimumDistance }, { start }) => {
        const given = boundsPresets[preset];
        return boundsProjector(start, {
          lengths: lengths ?? given.lengths,
          angles: angles ?? given.angles,
          angleChange: angleChange ?? given.angleChange,
          volume: volume ?? given.volume,
          minimumDistance: minimumDistance ?? given.minimumDistance,
        });
      },
    }),
    compose: projector<{ of: readonly EntryChoice[]; tolerance: number }>({
      summary: 'Several projectors at once, in turn until all are satisfied.',
      source: 'alternating projections: J. von Neumann, Functional Operators II (1950)',
      schema: {
        of: { description: 'The projectors.', type: 'array', items: choice, minItems: 1, maxItems: 20 },
        tolerance: { description: 'Violation that counts as none.', type: 'number', exclusiveMinimum: 0, maximum: 0.1, default: 1e-10 },
      },
      create: async ({ of, tolerance }, { make }) => composeProjectors(await Promise.all(of.map((part, i) => make('projectors', part, `projector.of.${i}`))), { tolerance }),
    }),
    ramp: projector<{ of: EntryChoice; strengths: readonly number[] }>({
      summary: 'A constraint that grows: part of the way to it, more in each stage of the descent.',
      schema: {
        of: { description: 'The projector.', ...choice },
        strengths: {
          description: 'Part of the way in each stage, 0 to 1; 1 in the last makes the result satisfy the constraint.',
          type: 'array',
          items: { type: 'number', minimum: 0, maximum: 1 },
          minItems: 1,
          maxItems: 100,
          default: [0, 0.5, 0.9, 1],
        },
      },
      create: async ({ of, strengths }, { make }) => rampProjector(await make('projectors', of, 'projector.of'), strengths),
    }),
  },
});

function operationOf(text: string, index: number): SymmetryOperation {
  const { rotation, translation } = parseSymmetryOperation(text, `projector.operations.${index}`);
  return { rotation: Int8Array.from(rotation), translation: Float64Array.from(translation) };
}
