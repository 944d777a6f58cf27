import { createPluginHost, definePlugin, objective, structureFrom } from '@braggscape/core';
import type { Objective, PluginHost, Structure } from '@braggscape/core';
import { crystalPlugin } from '@braggscape/crystal';
import { diffractionPlugin } from '@braggscape/diffraction';
import { metricsPlugin } from '@braggscape/metrics';
import { optimizersPlugin } from '@braggscape/optimizers';
import { makePlan, normalizeConfig } from '@braggscape/pipeline';
import type { Plan } from '@braggscape/pipeline';
import { projectorsPlugin } from '@braggscape/projectors';

/** A start away from the front: an orthorhombic cell of one atom. */
export const start: Structure = structureFrom([[4.3, 0, 0], [0, 3.8, 0], [0, 0, 4.1]], [14], [[0, 0, 0]]);

/** 1 − exp(−Σ (xᵢ − centre)²) of the lattice's diagonal, with its gradient. */
function bowl(id: string, centre: number): Objective {
  return {
    id,
    unit: '1',
    provides: new Set(['value', 'gradient']),
    evaluate({ lattice, frac }) {
      const from = [0, 4, 8].map((k) => lattice[k] - centre);
      const away = Math.exp(-from.reduce((sum, d) => sum + d * d, 0));
      const gradient = { lattice: new Float64Array(9), frac: new Float64Array(frac.length) };
      from.forEach((d, i) => (gradient.lattice[4 * i] = 2 * d * away));
      return Promise.resolve({ value: 1 - away, gradient });
    },
  };
}

const centre = objective<{ centre: number; name: string }>({
  summary: 'A bowl around a cube.',
  schema: { centre: { type: 'number', default: 4, description: 'Edge of the cube, Å.' }, name: { type: 'string', default: 'bowl', description: 'Name of the objective.' } },
  create: (options) => bowl(options.name, options.centre),
});

export function testHost(): PluginHost {
  const test = definePlugin({ meta: { name: 'test-plugin', version: '1.0.0', namespace: 'test', api: '^0.1.0' }, objectives: { bowl: centre } });
  return createPluginHost([crystalPlugin, diffractionPlugin, metricsPlugin, optimizersPlugin, projectorsPlugin, test]);
}

/**
 * The problem of C. M. Fonseca & P. J. Fleming (Evol. Comput. 3 (1995) 1) with three variables: its front is f₂ = 1 − exp(−(2 − √(−ln(1 − f₁)))²), concave in the middle, between
 * (0, 1 − e⁻⁴) and (1 − e⁻⁴, 0).
 */
export function fonsecaFleming(more: Readonly<Record<string, unknown>> = {}): Promise<Plan> {
  const host = testHost();
  const config = {
    structure: 'start.cif',
    pattern: { structure: 'start.cif' },
    instrument: { wavelength: 1.5406 },
    twoTheta: { start: 20, stop: 60, count: 101 },
    objectives: [{ use: 'test/bowl', name: 'left', centre: 4 - 1 / Math.sqrt(3) }, { use: 'test/bowl', name: 'right', centre: 4 + 1 / Math.sqrt(3) }],
    vary: ['cell'],
    optimizer: { use: 'lbfgs' },
    ...more,
  };
  return makePlan(normalizeConfig(config, host), { start, observed: { structure: start } }, host);
}

/** The other objective on the front where the first one has this value. */
export function frontAt(first: number): number {
  return 1 - Math.exp(-((2 - Math.sqrt(-Math.log(1 - first))) ** 2));
}
