import { definePlugin, objective, optimizer, createPluginHost, structureFrom } from '@braggscape/core';
import type { Minimizer, Objective, Plugin, PluginHost, Structure } from '@braggscape/core';
import { crystalPlugin } from '@braggscape/crystal';
import { diffractionPlugin } from '@braggscape/diffraction';
import { metricsPlugin } from '@braggscape/metrics';
import { optimizersPlugin } from '@braggscape/optimizers';
import { projectorsPlugin } from '@braggscape/projectors';

/** A cubic start of one atom. */
export const start: Structure = structureFrom([[4, 0, 0], [0, 4, 0], [0, 0, 4]], [14], [[0, 0, 0]]);

/** (trace of the lattice − target)² with its gradient; `wall` makes it NaN where a > wall. */
function trace(target: number, wall: number): Objective {
  return {
    id: 'trace',
    unit: '1',
    provides: new Set(['value', 'gradient']),
    evaluate(structure) {
      const { lattice } = structure;
      const error = lattice[0] + lattice[4] + lattice[8] - target;
      const bad = lattice[0] > wall;
      const d = bad ? Number.NaN : 2 * error;
      return Promise.resolve({
        value: bad ? Number.NaN : error * error,
        gradient: { lattice: Float64Array.of(d, 0, 0, 0, d, 0, 0, 0, d), frac: new Float64Array(structure.frac.length) },
      });
    },
  };
}

/** A minimizer that jumps by a fixed amount, whatever the gradient says. */
const leap: Minimizer<null> = {
  kind: 'minimizer',
  init: async (problem, x) => ({ x, evaluation: await problem.evaluate(x, 'gradient'), state: null, rejected: 0 }),
  async step(problem, { x }) {
    const next = problem.project(x.map((value) => value - 10));
    return next.every(Number.isFinite)
      ? { x: next, evaluation: await problem.evaluate(next, 'gradient'), state: null, rejected: 0 }
      : { x, evaluation: { value: Number.NaN }, state: null, rejected: 1, failed: 'nonFinite' };
  },
};

/** Objectives and an optimizer for tests, as a plugin of their own. */
const testPlugin = definePlugin({
  meta: { name: 'test-plugin', version: '1.0.0', namespace: 'test', api: '^0.1.0' },
  objectives: {
    trace: objective<{ target: number; wall: number }>({
      summary: 'Squared deviation of the lattice trace.',
      schema: {
        target: { type: 'number', default: 15, description: 'Trace wanted, Å.' },
        wall: { type: 'number', default: 1000, description: 'NaN beyond this a, Å.' },
      },
      create: ({ target, wall }) => trace(target, wall),
    }),
  },
  optimizers: { leap: optimizer({ summary: 'Jumps out of every cell.', schema: {}, create: () => leap }) },
});

/** A host with everything the pipeline needs, the test plugin, and others. */
export function testHost(more: readonly Plugin[] = []): PluginHost {
  return createPluginHost([crystalPlugin, diffractionPlugin, metricsPlugin, optimizersPlugin, projectorsPlugin, testPlugin, ...more]);
}

/** A configuration of the test objective. */
export function testConfig(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    structure: 'start.cif',
    pattern: { structure: 'start.cif' },
    instrument: { wavelength: 1.5406 },
    twoTheta: { start: 20, stop: 60, count: 101 },
    objectives: [{ use: 'test/trace' }],
    vary: ['cell'],
    optimizer: { use: 'gradient-descent', learningRate: 0.1 },
    stop: [{ use: 'max-steps', steps: 20 }],
    ...more,
  };
}
