import type { Evaluation, Need, Objective, Structure } from '@braggscape/core';

/** An objective that evaluates no structure twice, with the count of both cases. */
export interface RememberedObjective extends Objective {
  /** Evaluations made. */
  readonly evaluations: () => number;
  /** Evaluations asked for that were known already. */
  readonly remembered: () => number;
}

/**
 * Let an objective remember its evaluations, so that descents of different combinations share those where they meet: at starts taken over from each other, and at ends.
 * @param capacity evaluations that are kept; the oldest are forgotten first
 */
export function rememberedObjective(objective: Objective, capacity: number): RememberedObjective {
  const known = new Map<string, Evaluation>();
  let [made, remembered] = [0, 0];
  return {
    id: objective.id,
    unit: objective.unit,
    provides: objective.provides,
    ...(objective.parameters === undefined ? {} : { parameters: objective.parameters }),
    evaluations: () => made,
    remembered: () => remembered,
    async evaluate(structure, need, signal, parameters) {
      const key = keyOf(structure, parameters);
      const before = known.get(key);
      if (before !== undefined && suffices(before, need)) {
        remembered++;
        return before;
      }
      made++;
      const evaluation = await objective.evaluate(structure, need, signal, parameters);
      known.delete(key);
      known.set(key, evaluation);
      if (known.size > capacity) known.delete(known.keys().next().value as string);
      return evaluation;
    },
    dispose: () => objective.dispose?.(),
  };
}

function suffices({ gradient }: Evaluation, need: Need): boolean {
  return need === 'value' || gradient !== undefined;
}

/** Numbers as the shortest text that gives them back exactly. */
function keyOf({ lattice, frac, uIso, occupancy }: Structure, parameters: Float64Array | undefined): string {
  return [lattice, frac, uIso, occupancy, parameters ?? []].map((numbers) => numbers.join(' ')).join('|');
}
