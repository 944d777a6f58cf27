import type { CreateContext, Metric, Minimizer, ModelParameter, Objective, Pattern, PatternModel, PluginHost, Structure } from '@braggscape/core';
import { BraggscapeError, nameHint } from '@braggscape/core';
import { variedBlocks } from '@braggscape/crystal';
import { withoutBackground } from '@braggscape/diffraction';
import { asMinimizer } from '@braggscape/optimizers';
import type { Choice, RunConfig } from '../config/runConfig.js';
import { sortVaried } from '../run/refinedParameters.js';
import type { Candidate } from './candidate.js';
import { patternTask } from './patternTask.js';
import type { PatternTask } from './patternTask.js';
import type { NormalizedPlan } from './normalizedPlan.js';
import type { PlanStep } from './planSteps.js';
import { profileModel } from './profileModel.js';
import type { ProfileModel } from './profileModel.js';

/** What a plan of steps adds to a plan of a single descent. */
export interface PlanRecovery {
  readonly name: string;
  readonly steps: readonly PlanStep[];
  /** Minimizers of the steps that name one, by their place. */
  readonly minimizers: ReadonlyMap<number, Minimizer>;
  /** Id of the metric that explains the pattern. */
  readonly metric: string;
  /** Whether candidates are fitted by least squares. */
  readonly fits: boolean;
  /** Terms of the Chebyshev background that is fitted; 0: none. */
  readonly background: number;
  /** What a plan left out or assumed by itself; a sentence each. */
  readonly leftOut: readonly string[];
  /** Numbers of the experiment that are fitted, as the configuration has them. */
  readonly startValues: Readonly<Record<string, number>>;
  /** Fitted numbers of the experiment by name. */
  named(candidate: Candidate): Readonly<Record<string, number>>;
  /** Fresh tasks for one run. */
  makeTasks(): RecoveryTasks;
}

/** The pattern as the parts of a recovery see it. */
export interface RecoveryTasks {
  readonly search: PatternTask;
  readonly quick: ProfileModel;
  readonly full: ProfileModel;
  readonly energy?: Objective;
  /** The start, with a displacement parameter like that of most crystals if one is to be fitted and it has none. */
  readonly searchStart: Structure;
}

/** Ingredients of a {@link PlanRecovery}. */
export interface RecoveryParts {
  readonly metric: { readonly id: string; readonly made: Metric };
  readonly energy?: Objective;
  readonly model: PatternModel;
  /** The model with Gaussian peaks, which are quick to draw; the model itself where it has no others. */
  readonly searchModel: PatternModel;
  readonly observed: Pattern;
  readonly start: Structure;
  readonly leftOut: readonly string[];
}

/** What of the experiment a plan fits by itself on a real instrument. */
export const fittedByPlans = ['cell', 'coords', 'uIso', 'zero', 'profile', 'scale', 'background'] as const;

/** Terms of the Chebyshev background that is fitted. */
const BACKGROUND_TERMS = 18;
/** Degrees; narrower features of a pattern are peaks to the background's estimate. */
export const PEAK_WIDTH = 3;
/** Median of the square of a standard normal deviate. */
const MEDIAN_OF_SQUARE = 0.454936;
/** Mean-square displacement that searches assume where it is to be fitted, Å²: B_iso = 0.8 Å². */
const USUAL_DISPLACEMENT = 0.01;

/**
 * Prepare the steps of a plan.
 * @throws BraggscapeError `option.invalid` for something to vary that plans cannot, `plugin.unknownId` for an unknown optimizer
 */
export async function planRecovery(plan: NormalizedPlan, config: RunConfig, host: PluginHost, context: CreateContext, parts: RecoveryParts): Promise<PlanRecovery> {
  const { metric, energy, model, searchModel, start } = parts;
  const fitted = whatIsFitted(config.vary, model);
  const counted = fitted.background && parts.observed.sigma === undefined;
  const observed = counted ? withCountingSigma(parts.observed) : parts.observed;
  const leftOut = counted ? [...parts.leftOut, 'the pattern has no uncertainties: they are estimated from its noise, as for counts in an unknown unit'] : parts.leftOut;
  const quickParameters = searchModel === model ? fitted.parameters : sameParameters(fitted.parameters, searchModel.parameters);
  const minimizers = new Map<number, Minimizer>();
  for (const [at, step] of plan.steps.entries()) {
    if (step.do !== 'descend') continue;
    const { use, ...options } = step.optimizer as Choice;
    const entry = host.registry('optimizers').get(use);
    minimizers.set(at, asMinimizer(await entry.create(entry.normalize(options, `plan.steps.${at}.optimizer`), context)));
  }
  const makeTasks = (): RecoveryTasks => {
    const bare = fitted.background ? withoutSigma(withoutBackground(observed, { width: PEAK_WIDTH })) : observed;
    const search = patternTask(metric.made, searchModel, bare);
    const options = { displacement: fitted.displacement, background: fitted.background ? BACKGROUND_TERMS : 0 };
    const quick = profileModel(bare === observed ? search : patternTask(metric.made, searchModel, observed), { ...options, parameters: quickParameters });
    const full = searchModel === model ? quick : profileModel(patternTask(metric.made, model, observed), { ...options, parameters: fitted.parameters });
    const still = fitted.displacement && start.uIso.every((u) => u === 0);
    return { search, quick, full, ...(energy === undefined ? {} : { energy }), searchStart: still ? { ...start, uIso: start.uIso.map(() => USUAL_DISPLACEMENT) } : start };
  };
  return {
    name: plan.name,
    steps: plan.steps,
    minimizers,
    metric: metric.id,
    background: fitted.background ? BACKGROUND_TERMS : 0,
    fits: plan.steps.some((step) => step.do === 'fit'),
    leftOut,
    startValues: Object.fromEntries(fitted.parameters.map(({ id, value }) => [id, value])),
    named: ({ fit }) => (fit === undefined ? {} : withoutDisplacement(fit.named)),
    makeTasks,
  };
}

function whatIsFitted(vary: readonly string[], model: PatternModel): { readonly parameters: readonly ModelParameter[]; readonly displacement: boolean; readonly background: boolean } {
  for (const block of ['cell', 'coords']) {
    if (!vary.includes(block)) {
      throw new BraggscapeError('option.invalid', `"vary" leaves out ${block}`, { path: 'vary', hint: 'plans move cell and coordinates; use the plan "descent" to hold one of them' });
    }
  }
  if (vary.includes('occupancy')) {
    throw new BraggscapeError('option.invalid', 'plans do not vary occupancies', { path: 'vary', hint: 'use the plan "descent"' });
  }
  const eliminated = ['scale', 'background'];
  const rest = vary.filter((name) => !(variedBlocks as readonly string[]).includes(name) && !eliminated.includes(name));
  // A group that the model's profile has nothing of, such as the profile of a plugin's model, is no fault of who wrote "vary".
  const known = rest.filter((name) => name !== 'profile' || model.parameters.some(({ id }) => id === 'w'));
  const unknown = known.find((name) => nothingCalled(name, model));
  if (unknown !== undefined) throw new BraggscapeError('option.invalid', `"${unknown}" cannot be varied`, { path: 'vary', hint: nameHint(unknown, [...variedBlocks, 'profile', ...model.parameters.map(({ id }) => id)]) });
  const found = sortVaried(known, model.parameters).parameters;
  return {
    // U, V and the slope of η are not told apart from W and η by a pattern that is yet to be explained.
    parameters: found.filter(({ id }) => vary.includes(id) || !['u', 'v', 'eta1'].includes(id)),
    displacement: vary.includes('uIso'),
    background: vary.includes('background'),
  };
}

function nothingCalled(name: string, { parameters }: PatternModel): boolean {
  return name !== 'profile' && !parameters.some(({ id }) => id === name || id.startsWith(`${name}.`));
}

/** Parameters of the same names. */
function sameParameters(wanted: readonly ModelParameter[], known: readonly ModelParameter[]): readonly ModelParameter[] {
  return known.filter(({ id }) => wanted.some((parameter) => parameter.id === id));
}

/**
 * Uncertainties of a pattern that states none, as for counts in an unknown unit: σ² = k·y, with k from the scatter of points about the mean of their neighbours. Where intensities are smooth the second
 * difference d has the variance 6σ², and the median of d²/6y is 0.455 k whatever a minority of points, those on peaks, do.
 */
function withCountingSigma(pattern: Pattern): Pattern {
  const { intensity } = pattern;
  const least = intensity.reduce((most, y) => Math.max(most, y), 0) * 1e-4;
  const size = (y: number): number => Math.max(y, least);
  const ratios: number[] = [];
  for (let i = 1; i < intensity.length - 1; i++) ratios.push((intensity[i - 1] - 2 * intensity[i] + intensity[i + 1]) ** 2 / (6 * size(intensity[i])));
  ratios.sort((a, b) => a - b);
  const unit = ratios[ratios.length >> 1] / MEDIAN_OF_SQUARE;
  // A pattern without noise has no uncertainties to be estimated.
  return unit > 0 ? { ...pattern, sigma: intensity.map((y) => Math.sqrt(unit * size(y))) } : pattern;
}

function withoutSigma({ sigma: _sigma, ...pattern }: Pattern): Pattern {
  return pattern;
}

/** The displacement is in the structure. */
function withoutDisplacement({ uIso: _uIso, ...named }: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return named;
}
