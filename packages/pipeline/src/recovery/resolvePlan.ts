import { BraggscapeError, nameHint } from '@braggscape/core';
import type { NormalizedPlan } from './normalizedPlan.js';
import type { PlanDefinition } from './planDefinition.js';
import { normalizeSteps } from './planSteps.js';
import { plans } from './plans.js';

const planKeys = ['name', 'summary', 'source', 'objectives', 'lenient', 'steps'];

/** The name of a single descent with the configuration's own optimizer: no plan. */
export const DESCENT = 'descent';

/**
 * The plan that a configuration names or spells out.
 * @param given a name, or an object with steps
 * @returns the definition with its name; nothing for `descent`
 * @throws BraggscapeError `config.invalid` for an unknown name or faulty steps
 */
export function resolvePlan(given: unknown): { readonly definition: PlanDefinition; readonly plan: NormalizedPlan } | undefined {
  if (given === DESCENT) return undefined;
  if (typeof given === 'string') {
    const known = Object.hasOwn(plans, given) ? plans[given] : undefined;
    if (known === undefined) {
      throw new BraggscapeError('config.invalid', `there is no plan "${given}"`, { path: 'plan', hint: `${nameHint(given, [DESCENT, ...Object.keys(plans)])}; a plan of your own is a file (./mine.yaml), or an object with steps` });
    }
    return { definition: known, plan: { name: given, lenient: false, steps: normalizeSteps(known.steps, `plan ${given}`) } };
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new BraggscapeError('config.invalid', `"plan" is ${JSON.stringify(given)}`, { path: 'plan', hint: 'give the name of a plan, or an object with steps' });
  }
  const definition = given as PlanDefinition & { readonly name?: unknown; readonly lenient?: unknown };
  const { objectives } = definition;
  if (objectives !== undefined && !(Array.isArray(objectives) && objectives.every((chosen: unknown) => typeof (chosen as { use?: unknown } | null)?.use === 'string'))) {
    throw new BraggscapeError('config.invalid', `the objectives of a plan are ${JSON.stringify(objectives)}`, { path: 'plan.objectives', hint: 'write a list such as [{ use: cosine }, { use: chgnet }]' });
  }
  const extra = Object.keys(definition).find((key) => !planKeys.includes(key));
  if (extra !== undefined) throw new BraggscapeError('config.invalid', `a plan has no key "${extra}"`, { path: `plan.${extra}`, hint: nameHint(extra, planKeys) });
  return { definition, plan: { name: typeof definition.name === 'string' ? definition.name : 'own', lenient: definition.lenient === true, steps: normalizeSteps(definition.steps, 'plan.steps') } };
}
