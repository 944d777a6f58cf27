import type { Objective, Structure } from '@braggscape/core';
import type { DifferentiableFunction, GradientCheckOptions } from './checkGradient.js';
import { checkBlocks, gradientToVector, structureFromVector, structureToVector } from './structureVector.js';
import { law } from './violation.js';

/**
 * Check an objective at some structures: a finite value, equal with and without gradient and at every call, and, where it provides one, a
 * gradient that agrees with central differences in lattice, coordinates, U_iso and occupancy. The structures are left unchanged.
 *
 * @returns largest relative difference of the gradients
 * @throws LawViolation
 */
export async function checkObjective(objective: Objective, structures: readonly Structure[], options: GradientCheckOptions = {}): Promise<number> {
  let worst = 0;
  for (const [index, structure] of structures.entries()) {
    const name = `${objective.id} at structure ${index}`;
    const before = structureToVector(structure);
    const { value } = await objective.evaluate(structure, 'value');
    law(Number.isFinite(value), () => `${name}: value ${value}`);
    const again = await objective.evaluate(structure, 'value');
    law(Object.is(again.value, value), () => `${name}: values ${value} and ${again.value} at the same structure`);
    if (objective.provides.has('gradient')) {
      const full = await objective.evaluate(structure, 'gradient');
      law(Math.abs(full.value - value) <= 1e-12 * Math.max(1, Math.abs(value)), () => `${name}: value ${value} alone, ${full.value} with gradient`);
      law(full.gradient !== undefined, () => `${name}: gradient promised and not given`);
      worst = Math.max(worst, await checkBlocks(asFunction(objective, structure), structure, { name, ...options }));
    }
    law(structureToVector(structure).every((x, i) => Object.is(x, before[i])), () => `${name}: the structure was changed`);
  }
  return worst;
}

function asFunction(objective: Objective, like: Structure): DifferentiableFunction {
  return {
    value: async (x) => (await objective.evaluate(structureFromVector(x, like), 'value')).value,
    async gradient(x) {
      const { gradient } = await objective.evaluate(structureFromVector(x, like), 'gradient');
      law(gradient !== undefined, () => `${objective.id}: gradient promised and not given`);
      return gradientToVector(gradient, like);
    },
  };
}
