import { definePlugin, projector } from '@braggscape/core';
import { families } from './families.js';
import type { Average, Family, UniqueAxis } from './families.js';
import { familyProjector, noProjector } from './familyProjector.js';
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
  },
});
