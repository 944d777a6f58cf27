import type { Combiner } from '../contracts/combiner.js';
import type { PatternFormat, StructureFormat } from '../contracts/format.js';
import type { Metric } from '../contracts/metric.js';
import type { Objective } from '../contracts/objective.js';
import type { GradientTransform, Minimizer } from '../contracts/optimizer.js';
import type { PatternModel } from '../contracts/patternModel.js';
import type { Potential } from '../contracts/potential.js';
import type { Projector } from '../contracts/projector.js';
import type { StopRule } from '../contracts/stopRule.js';
import type { Structure } from '../contracts/structure.js';
import type { PropertySchemas } from '../config/schema.js';
import type { Random } from '../random.js';

/** What each kind of plugin entry creates. The keys are the keys of a plugin object. */
export interface Kinds {
  readonly structureFormats: StructureFormat;
  readonly patternFormats: PatternFormat;
  readonly patternModels: PatternModel;
  readonly metrics: Metric;
  readonly objectives: Objective;
  readonly potentials: Potential;
  readonly projectors: Projector;
  readonly optimizers: GradientTransform<never> | Minimizer<never>;
  readonly combiners: Combiner<never>;
  readonly stopRules: StopRule;
}

export type Kind = keyof Kinds;

/** All kinds, in the order they are listed to people. */
export const kinds: readonly Kind[] = [
  'structureFormats',
  'patternFormats',
  'patternModels',
  'metrics',
  'objectives',
  'potentials',
  'projectors',
  'optimizers',
  'combiners',
  'stopRules',
];

/** What an entry may use when it is created. */
export interface CreateContext {
  /** The structure the run starts from. */
  readonly start: Structure;
  /** Seeded generator of its own. */
  readonly random: Random;
  readonly signal?: AbortSignal;
}

/** What an entry's `create` is given: the context, and a way to make the entries that it is made of. */
export interface EntryContext extends CreateContext {
  /**
   * Make another entry by its choice, as a configuration names it; its options are checked and completed.
   * @param path where the choice stands, for errors
   * @throws BraggscapeError `plugin.unknownId` or `config.invalid`
   */
  make<K extends Kind>(kind: K, choice: EntryChoice, path: string): Promise<Kinds[K]>;
}

/** A choice of an entry with its options: `{ "use": "adam", "learningRate": 0.02 }`. */
export interface EntryChoice {
  readonly use: string;
  readonly [option: string]: unknown;
}

/** One entry of a plugin: what it is, what it takes, how it is made. */
export interface Descriptor<Product, Options = Readonly<Record<string, never>>> {
  /** One sentence for people. */
  readonly summary: string;
  /** Paper with its DOI or equation, where there is one. */
  readonly source?: string;
  /** Options with defaults; the host closes the object. */
  readonly schema: PropertySchemas<Options>;
  /** Options that may be left out although they have no default. */
  readonly optional?: readonly (keyof Options & string)[];
  create(options: Options, context: EntryContext): Product | Promise<Product>;
}

/** A descriptor with the option type forgotten: what the host handles after the schema has vouched for the options. */
export type AnyDescriptor<Product> = Descriptor<Product, never>;

type NoOptions = Readonly<Record<never, never>>;

function erase<Product, Options>(descriptor: Descriptor<Product, Options>): AnyDescriptor<Product> {
  return descriptor as unknown as AnyDescriptor<Product>;
}

/** An optimizer whose state type is its own business. */
type AnyOptimizer = GradientTransform<never> | Minimizer<never>;

/** Declares an optimizer entry; the type parameter ties schema and `create` together. */
export function optimizer<Options = NoOptions>(
  descriptor: Omit<Descriptor<unknown, Options>, 'create'> & {
    create(options: Options, context: EntryContext): GradientTransform<any> | Minimizer<any> | Promise<GradientTransform<any> | Minimizer<any>>;
  },
): AnyDescriptor<AnyOptimizer> {
  return erase(descriptor as Descriptor<AnyOptimizer, Options>);
}

/** Declares a metric entry. */
export function metric<Options = NoOptions>(descriptor: Descriptor<Metric, Options>): AnyDescriptor<Metric> {
  return erase(descriptor);
}

/** Declares a objective entry. */
export function objective<Options = NoOptions>(descriptor: Descriptor<Objective, Options>): AnyDescriptor<Objective> {
  return erase(descriptor);
}

/** Declares a potential entry. */
export function potential<Options = NoOptions>(descriptor: Descriptor<Potential, Options>): AnyDescriptor<Potential> {
  return erase(descriptor);
}

/** Declares a projector entry. */
export function projector<Options = NoOptions>(descriptor: Descriptor<Projector, Options>): AnyDescriptor<Projector> {
  return erase(descriptor);
}

/** Declares a pattern-model entry. */
export function patternModel<Options = NoOptions>(descriptor: Descriptor<PatternModel, Options>): AnyDescriptor<PatternModel> {
  return erase(descriptor);
}

/** Declares a stop-rule entry. */
export function stopRule<Options = NoOptions>(descriptor: Descriptor<StopRule, Options>): AnyDescriptor<StopRule> {
  return erase(descriptor);
}

/** Declares a structure-format entry. */
export function structureFormat<Options = NoOptions>(descriptor: Descriptor<StructureFormat, Options>): AnyDescriptor<StructureFormat> {
  return erase(descriptor);
}

/** Declares a pattern-format entry. */
export function patternFormat<Options = NoOptions>(descriptor: Descriptor<PatternFormat, Options>): AnyDescriptor<PatternFormat> {
  return erase(descriptor);
}

/** Declares a combiner entry. */
export function combiner<Options = NoOptions>(
  descriptor: Omit<Descriptor<unknown, Options>, 'create'> & {
    create(options: Options, context: EntryContext): Combiner<any>;
  },
): AnyDescriptor<Combiner<never>> {
  return erase(descriptor as Descriptor<Combiner<never>, Options>);
}
