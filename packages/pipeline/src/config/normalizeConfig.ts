import { BraggscapeError, canonicalJson, closedObject, compileSchema, nameHint, relocated } from '@braggscape/core';
import type { Entry, PluginHost, PropertySchema } from '@braggscape/core';
import { DESCENT, resolvePlan } from '../recovery/resolvePlan.js';
import { fittedByPlans } from '../recovery/planRecovery.js';
import { frameProperties } from './runConfig.js';
import type { Choice, RunConfig } from './runConfig.js';

const { instrument, ...withDefaults } = frameProperties;
const { default: _none, ...instrumentSchema } = instrument;

/** Closed schema of the configuration's frame. */
export const frameSchema: PropertySchema = closedObject({ ...withDefaults, instrument: instrumentSchema }, ['reference']);

const checkFrame = compileSchema<RunConfig>(frameSchema);

/** The registries whose entries can serve as an objective, in the order they are asked. */
const objectiveKinds = ['objectives', 'metrics', 'potentials'] as const;
export type ObjectiveKind = (typeof objectiveKinds)[number];

/**
 * Check a configuration against the loaded plugins and fill in every default.
 *
 * @param raw parsed JSON or YAML
 * @throws BraggscapeError `config.invalid` or `plugin.unknownId` with the key and the nearest name
 */
export function normalizeConfig(raw: unknown, host: PluginHost): RunConfig {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    throw new BraggscapeError('config.invalid', 'the configuration must be an object', { hint: 'write "key: value" lines, or a JSON object' });
  }
  const given = raw as Record<string, unknown>;
  const resolved = resolvePlan(given.plan ?? (ofDescents.some((key) => given[key] !== undefined) ? DESCENT : 'robust'));
  const frame = checkFrame(withUse(withPlanDefaults(given, resolved, host)));
  if ((frame.pattern.file === undefined) === (frame.pattern.structure === undefined)) {
    throw new BraggscapeError('config.invalid', '"pattern" needs exactly one of "file" and "structure"', { path: 'pattern' });
  }
  const { counts, ...faults } = frame.pattern.noise;
  if (frame.pattern.file !== undefined && (counts !== null || Object.values(faults).some((size) => size > 0))) {
    throw new BraggscapeError('config.invalid', '"pattern.noise" is for simulated targets, and this one is measured', { path: 'pattern.noise', hint: 'leave it out' });
  }
  if (!(frame.twoTheta.start < frame.twoTheta.stop)) {
    throw new BraggscapeError('config.invalid', `"twoTheta" runs from ${frame.twoTheta.start} to ${frame.twoTheta.stop}`, {
      path: 'twoTheta',
      hint: 'start must be smaller than stop',
    });
  }
  const seen = new Set<string>();
  const objectives = frame.objectives.map((item, i) => {
    const { weight, ...rest } = item;
    const called = typeof item.name === 'string' && item.name !== '' ? item.name : item.use;
    if (seen.has(called)) throw new BraggscapeError('config.invalid', `objective "${called}" is listed twice`, { path: `objectives.${i}`, hint: 'graph models may be told apart by "name"' });
    seen.add(called);
    return { ...checkChoice(objectiveEntry(item.use, host, `objectives.${i}`).entry, rest, `objectives.${i}`), weight };
  });
  const config = {
    ...frame,
    plan: resolved === undefined ? DESCENT : { ...resolved.plan, lenient: resolved.plan.lenient || given.objectives === undefined },
    objectives,
    instrument: choose(host, 'patternModels', frame.instrument, 'instrument'),
    combiner: choose(host, 'combiners', frame.combiner, 'combiner'),
    projector: chooseProjector(host, frame.projector, 'projector'),
    optimizer: choose(host, 'optimizers', frame.optimizer, 'optimizer'),
    stop: frame.stop.map((item, i) => choose(host, 'stopRules', item, `stop.${i}`)),
  } as const;
  if (resolved !== undefined) checkUntouched(config, host, resolved.plan.name);
  return config;
}

/** Keys that say how a single descent goes. */
const ofDescents = ['objectives', 'combiner', 'projector', 'optimizer', 'stop', 'broadening', 'units'] as const;

/** What a plan brings along where the configuration is silent. */
function withPlanDefaults(raw: Record<string, unknown>, resolved: ReturnType<typeof resolvePlan>, host: PluginHost): Record<string, unknown> {
  if (resolved === undefined) return raw;
  const instrument = (raw.instrument ?? {}) as { use?: unknown };
  // A potential that is not installed is nothing that anybody asked for.
  const known = ({ use }: { readonly use: string }): boolean => objectiveKinds.some((kind) => host.registry(kind).has(use));
  const objectives = typeof raw.plan === 'object' ? resolved.definition.objectives : resolved.definition.objectives?.filter(known);
  return {
    ...raw,
    ...(raw.objectives === undefined && objectives !== undefined ? { objectives } : {}),
    ...(raw.vary === undefined && instrument.use !== undefined && instrument.use !== 'ideal' ? { vary: [...fittedByPlans] } : {}),
  };
}

/** @throws BraggscapeError `config.invalid` if something is set that the steps of a plan would not heed */
function checkUntouched(config: RunConfig, host: PluginHost, plan: string): void {
  const usual = checkFrame({ structure: '-', pattern: { file: '-' }, instrument: { use: 'ideal' } });
  const normal: Readonly<Record<Exclude<(typeof ofDescents)[number], 'objectives'>, unknown>> = {
    combiner: choose(host, 'combiners', usual.combiner, 'combiner'),
    projector: choose(host, 'projectors', usual.projector, 'projector'),
    optimizer: choose(host, 'optimizers', usual.optimizer, 'optimizer'),
    stop: usual.stop.map((item, i) => choose(host, 'stopRules', item, `stop.${i}`)),
    broadening: usual.broadening,
    units: usual.units,
  };
  for (const key of ofDescents) {
    if (key === 'objectives' || canonicalJson(config[key]) === canonicalJson(normal[key])) continue;
    throw new BraggscapeError('config.invalid', `the plan "${plan}" does not heed "${key}"`, {
      path: key,
      hint: `use the plan "descent" for a single descent with it, or leave it out${key === 'optimizer' ? '; a step "descend" of a plan of your own may name an optimizer' : ''}`,
    });
  }
}

/** The entry that serves an objective id, and the kind it came from. */
export function objectiveEntry(id: string, host: PluginHost, path: string): { kind: ObjectiveKind; entry: Entry<unknown> } {
  for (const kind of objectiveKinds) {
    const registry = host.registry(kind);
    if (registry.has(id)) return { kind, entry: registry.get(id) };
  }
  const known = objectiveKinds.flatMap((kind) => host.registry(kind).list().map((entry) => entry.id));
  throw new BraggscapeError('plugin.unknownId', `no metric, potential or objective is called "${id}"`, { path, hint: nameHint(id, known) });
}

/** An instrument without `use` means the ideal one: the wavelength is what nobody should have to look past. */
function withUse(raw: Record<string, unknown>): Record<string, unknown> {
  const { instrument: given } = raw;
  if (typeof given !== 'object' || given === null || 'use' in given) return raw;
  return { ...raw, instrument: { use: 'ideal', ...given } };
}

function choose(
  host: PluginHost,
  kind: 'patternModels' | 'combiners' | 'projectors' | 'optimizers' | 'stopRules',
  given: Choice,
  path: string,
): Choice {
  const registry = host.registry(kind);
  try {
    return checkChoice(registry.get(given.use), given, path);
  } catch (error) {
    if (error instanceof BraggscapeError && error.path === undefined) {
      throw relocated(error, path);
    }
    throw error;
  }
}

/** A projector, with those that it is made of: a list or one of them under `of`. */
function chooseProjector(host: PluginHost, given: Choice, path: string): Choice {
  const { of, ...rest } = choose(host, 'projectors', given, path);
  if (Array.isArray(of)) return { ...rest, of: of.map((part, i) => chooseProjector(host, part as unknown as Choice, `${path}.of.${i}`)) };
  return (of === undefined ? rest : { ...rest, of: chooseProjector(host, of as unknown as Choice, `${path}.of`) });
}

function checkChoice(entry: Entry<unknown>, given: Choice, path: string): Choice {
  const { use, ...options } = given;
  return { use, ...(entry.normalize(options, path) as Record<string, never>) };
}

/** The options of a choice, without the name. */
export function optionsOf(chosen: Choice): Readonly<Record<string, unknown>> {
  const { use: _use, weight: _weight, ...options } = chosen as Choice & { weight?: number };
  return options;
}
