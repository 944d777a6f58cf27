import type {
  Combiner,
  CreateContext,
  Metric,
  Minimizer,
  Objective,
  Parameterization,
  Pattern,
  PatternModel,
  PluginHost,
  Potential,
  Projector,
  StopRule,
  Structure,
} from '@braggscape/core';
import { BraggscapeError, canonicalJson, encode, isBraggscapeError, randomFromSeed, sha256, structureToJson, twoThetaAxis } from '@braggscape/core';
import { distortCoordinates, distortLattice, structureParameterization } from '@braggscape/crystal';
import { asMinimizer } from '@braggscape/optimizers';
import { objectiveEntry, optionsOf } from '../config/normalizeConfig.js';
import type { ObjectiveKind } from '../config/normalizeConfig.js';
import type { ObjectiveChoice, RunConfig } from '../config/runConfig.js';
import { coarseAxis, broadenedPattern, noisyPattern, withoutBackground } from '@braggscape/diffraction';
import { energyObjective } from '../objectives/energyObjective.js';
import { patternObjective } from '../objectives/patternObjective.js';
import { PEAK_WIDTH, planRecovery } from '../recovery/planRecovery.js';
import type { PlanRecovery, RecoveryParts } from '../recovery/planRecovery.js';
import { fixedStructure } from './fixedStructure.js';
import { refinedParameters, sortVaried } from './refinedParameters.js';
import type { RefinedParameters } from './refinedParameters.js';
import type { WeightedObjective } from './structureProblem.js';

/** What a configuration's file names stand for, read by the caller. */
export interface RunInputs {
  readonly start: Structure;
  /** The observed pattern, or the structure to simulate it from. */
  readonly observed: { readonly pattern: Pattern } | { readonly structure: Structure };
}

/** A stretch of the descent with peaks of one width and one constraint. */
export interface Stage {
  /** FWHM in degrees that peaks are broadened by; 0 in the last stage. */
  readonly broadening: number;
  readonly objectives: readonly WeightedObjective[];
  readonly projector: Projector;
  /** Largest number of steps; undefined where the stop rules alone decide. */
  readonly steps: number | undefined;
}

/** A refinement ready to run. */
export interface Plan {
  readonly config: RunConfig;
  /** Identity of what is computed: the configuration without output and stop rules, and the inputs. */
  readonly hash: string;
  readonly start: Structure;
  readonly observed: Pattern;
  readonly model: PatternModel;
  /** Objectives of the last, sharp stage. */
  readonly objectives: readonly WeightedObjective[];
  /** All stages in order; the last is the sharp one. */
  readonly stages: readonly Stage[];
  readonly combiner: Combiner<unknown>;
  readonly parameterization: Parameterization;
  /** Numbers of the experiment refined beside the structure. */
  readonly refined: RefinedParameters;
  /** Constraint of the last stage. */
  readonly projector: Projector;
  readonly minimizer: Minimizer<unknown>;
  readonly stopRules: readonly StopRule[];
  readonly maxSteps: number | undefined;
  /** The steps of a plan; absent: a single descent. */
  readonly recovery?: PlanRecovery;
  dispose(): void;
}

/**
 * Turn a normalized configuration and its inputs into a plan: distort, simulate the target if asked, create every chosen entry.
 * @throws BraggscapeError before any work starts, if an input does not fit
 */
export async function makePlan(config: RunConfig, inputs: RunInputs, host: PluginHost): Promise<Plan> {
  const random = randomFromSeed(config.seed);
  const start = distorted(inputs.start, config);
  const context: CreateContext = { start, random: random.derive('plugins') };
  const model = await host.registry('patternModels').get(config.instrument.use).create(optionsOf(config.instrument), context);
  const varied = config.plan === 'descent' ? sortVaried(config.vary, model.parameters) : ({ blocks: ['cell', 'coords'], parameters: [] } as const);
  const observed = observedPattern(inputs.observed, model, config);
  const products: Product[] = [];
  const leftOut: string[] = [];
  for (const chosen of config.objectives) {
    try {
      const product = await createProduct(chosen, host, context);
      if (product.kind === 'potentials') await checkStart(product.made as Potential, start);
      products.push(product);
    } catch (error) {
      if (config.plan === 'descent' || !config.plan.lenient || !isBraggscapeError(error) || chosen === config.objectives[0]) throw error;
      leftOut.push(`${chosen.use} is left out: ${error.message}`);
    }
  }
  // What a plan fits as background is no part of what patterns are compared by.
  const compared = config.plan !== 'descent' && config.vary.includes('background') && config.pattern.subtractBackground === null ? withoutBackground(observed, { width: PEAK_WIDTH }) : observed;
  const objectives = bindProducts(products, model, compared);
  requireGradients(objectives.map(({ objective }) => objective));
  const projector = await host.registry('projectors').get(config.projector.use).create(optionsOf(config.projector), context);
  const constraints = projector.stages ?? [projector];
  const widths = config.broadening.fwhm;
  // Widths and constraints begin together; whichever schedule ends first stays as it is.
  const count = Math.max(widths.length + 1, constraints.length);
  const stages = Array.from({ length: count }, (_, k): Stage => {
    const constraint = constraints[Math.min(k, constraints.length - 1)];
    const steps = k === count - 1 ? undefined : config.broadening.steps;
    if (k >= widths.length) return { broadening: 0, objectives, projector: constraint, steps };
    const broad = bindProducts(products, broadenedModel(model, widths[k]), broadenedTarget(inputs.observed, observed, model, config, widths[k]), objectives);
    return { broadening: widths[k], objectives: broad, projector: constraint, steps };
  });
  const stopRules: StopRule[] = [];
  for (const chosen of config.stop) {
    stopRules.push(await host.registry('stopRules').get(chosen.use).create(optionsOf(chosen), context));
  }
  const recovery = config.plan === 'descent' ? undefined : await planRecovery(config.plan, config, host, context, await recoveryParts(config, host, context, { products, objectives, model, observed, start, leftOut }));
  const maxSteps = config.stop.find((chosen) => chosen.use === 'max-steps')?.steps;
  return {
    config,
    hash: await planHash(config, inputs),
    start,
    observed,
    model,
    objectives,
    stages,
    combiner: (await host.registry('combiners').get(config.combiner.use).create(optionsOf(config.combiner), context)),
    parameterization: varied.blocks.length === 0 ? fixedStructure(start) : structureParameterization(start, { vary: varied.blocks, units: config.units }),
    refined: refinedParameters(model.parameters, varied.parameters),
    projector: constraints[constraints.length - 1],
    minimizer: asMinimizer(await host.registry('optimizers').get(config.optimizer.use).create(optionsOf(config.optimizer), context)),
    stopRules,
    maxSteps: typeof maxSteps === 'number' ? maxSteps : undefined,
    ...(recovery === undefined ? {} : { recovery }),
    dispose: () => objectives.forEach(({ objective }) => objective.dispose?.()),
  };
}

interface Ingredients {
  readonly products: readonly Product[];
  readonly objectives: readonly WeightedObjective[];
  readonly model: PatternModel;
  readonly observed: Pattern;
  readonly start: Structure;
  readonly leftOut: readonly string[];
}

/** The first metric explains the pattern, the first potential or other objective gives energies. */
async function recoveryParts(config: RunConfig, host: PluginHost, context: CreateContext, { products, objectives, ...rest }: Ingredients): Promise<RecoveryParts> {
  const metric = products.find(({ kind }) => kind === 'metrics');
  if (metric === undefined) {
    throw new BraggscapeError('option.invalid', 'no objective compares patterns', { path: 'objectives', hint: 'add a metric such as cosine, or relax the structure instead' });
  }
  const energy = products.findIndex(({ kind }) => kind === 'potentials');
  return { ...rest, metric: { id: objectiveId(metric.chosen), made: metric.made as Metric }, ...(energy < 0 ? {} : { energy: objectives[energy].objective }), searchModel: await gaussianModel(config, host, context, rest.model) };
}

/** The instrument with Gaussian peaks, for searches: they are many times quicker to draw than others, and broad ones look alike. */
async function gaussianModel({ instrument }: RunConfig, host: PluginHost, context: CreateContext, model: PatternModel): Promise<PatternModel> {
  if (instrument.use !== 'powder' || instrument.profile === 'gaussian') return model;
  return await host.registry('patternModels').get('powder').create({ ...optionsOf(instrument), profile: 'gaussian', asymmetry: 0, x: 0, y: 0 }, context);
}

/** A start that a potential cannot take is an error of the input, and said before any work. */
async function checkStart(potential: Potential, start: Structure): Promise<void> {
  const { energy } = await potential.compute(start);
  if (Number.isFinite(energy)) return;
  throw new BraggscapeError('structure.unsupported', `potential "${potential.id}" gives no finite energy for the start structure`, { path: 'structure', hint: 'check its cell and distances' });
}

/** What an objective's entry has made, before it is bound to a pattern. */
interface Product {
  readonly kind: ObjectiveKind;
  readonly made: unknown;
  readonly chosen: ObjectiveChoice;
}

async function createProduct(chosen: ObjectiveChoice, host: PluginHost, context: CreateContext): Promise<Product> {
  const { kind, entry } = objectiveEntry(chosen.use, host, 'objectives');
  return { kind, made: await entry.create(optionsOf(chosen), context), chosen };
}

/** Create the objective a configuration names: a metric on the pattern, a potential, or a plugin's own objective. */
export async function createObjective(
  chosen: ObjectiveChoice,
  host: PluginHost,
  model: PatternModel,
  observed: Pattern,
  context: CreateContext,
): Promise<Objective> {
  return bindProduct(await createProduct(chosen, host, context), model, observed);
}

/** @param shared objectives that know nothing of a pattern, to be used again */
function bindProducts(products: readonly Product[], model: PatternModel, observed: Pattern, shared?: readonly WeightedObjective[]): readonly WeightedObjective[] {
  return products.map((product, i) =>
    shared !== undefined && product.kind !== 'metrics' ? shared[i] : { objective: bindProduct(product, model, observed), weight: product.chosen.weight },
  );
}

function bindProduct({ kind, made, chosen }: Product, model: PatternModel, observed: Pattern): Objective {
  const objective =
    kind === 'metrics' ? patternObjective(made as Metric, model, observed) : kind === 'potentials' ? energyObjective(made as Potential) : (made as Objective);
  // The id in a configuration carries the plugin's namespace; what is reported must be found again there.
  return {
    id: objectiveId(chosen),
    unit: objective.unit,
    provides: objective.provides,
    ...(objective.parameters === undefined ? {} : { parameters: objective.parameters }),
    ...(objective.residuals === undefined ? {} : { residuals: (structure, parameters) => (objective.residuals as NonNullable<Objective['residuals']>)(structure, parameters) }),
    evaluate: (structure, need, signal, parameters) => objective.evaluate(structure, need, signal, parameters),
    dispose: () => objective.dispose?.(),
  };
}

/** What an objective is called in results: the name it was given, or its entry's. */
function objectiveId({ use, name }: ObjectiveChoice): string {
  return typeof name === 'string' && name !== '' ? name : use;
}

/** The pattern to compare with: measured, or simulated with the noise asked for; without its background, if that is asked for. */
function observedPattern(source: RunInputs['observed'], model: PatternModel, config: RunConfig): Pattern {
  const { noise, subtractBackground } = config.pattern;
  const pattern =
    'pattern' in source ? source.pattern : noisyPattern(model, source.structure, twoThetaAxis(config.twoTheta), noise, randomFromSeed(config.seed).derive('noise'));
  return subtractBackground === null ? pattern : withoutBackground(pattern, subtractBackground);
}

function broadenedModel(model: PatternModel, fwhm: number): PatternModel {
  if (model.broadened !== undefined) return model.broadened(fwhm);
  throw new BraggscapeError('option.invalid', `the pattern model "${model.id}" cannot be broadened`, { path: 'broadening', hint: 'leave the schedule out, or choose another model' });
}

/** A target without faults is simulated anew, exactly; anything else is averaged under the Gaussian. */
function broadenedTarget(source: RunInputs['observed'], observed: Pattern, model: PatternModel, config: RunConfig, fwhm: number): Pattern {
  const { counts, background, zeroShift, texture } = config.pattern.noise;
  const faultless = counts === null && background === 0 && zeroShift === 0 && texture === 0 && config.pattern.subtractBackground === null;
  if ('pattern' in source || !faultless) return broadenedPattern(observed, fwhm);
  const twoTheta = coarseAxis(observed.twoTheta, fwhm);
  return { twoTheta, intensity: broadenedModel(model, fwhm).on(twoTheta).simulate(source.structure), wavelength: model.wavelength };
}

/** The start with the configuration's seeded noise; the noise depends on the seed alone. */
function distorted(start: Structure, config: RunConfig): Structure {
  const random = randomFromSeed(config.seed).derive('distort');
  const { lattice, coordinates, distribution } = config.distort;
  const strained = lattice > 0 ? distortLattice(start, lattice, random.derive('lattice'), { distribution }) : start;
  return coordinates > 0 ? distortCoordinates(strained, coordinates, random.derive('coordinates'), { distribution }) : strained;
}

function requireGradients(objectives: readonly Objective[]): void {
  for (const objective of objectives) {
    if (objective.provides.has('gradient')) continue;
    throw new BraggscapeError('option.invalid', `objective "${objective.id}" has no gradient and cannot be descended`, {
      hint: 'use it with evaluate, or choose another objective',
    });
  }
}

async function planHash(config: RunConfig, inputs: RunInputs): Promise<string> {
  const { output: _output, figures: _figures, checkpointSeconds: _seconds, stop: _stop, reference: _reference, ...identity } = config;
  const observed =
    'pattern' in inputs.observed
      ? encode(inputs.observed.pattern)
      : structureToJson(inputs.observed.structure);
  return sha256(canonicalJson({ ...identity, structure: structureToJson(inputs.start), pattern: observed }));
}
