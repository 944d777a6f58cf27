export type { CellParameters, Structure, StructureJson } from './contracts/structure.js';
export { siteCount, structureFrom, structureFromJson, structureToJson, withFields } from './contracts/structure.js';
export type { StructureGradient } from './contracts/gradient.js';
export { zeroGradient } from './contracts/gradient.js';
export type { Parameterization } from './contracts/parameterization.js';
export type { AngularInterval, EmissionLine, Pattern, Reflection, TwoThetaRange } from './contracts/pattern.js';
export { twoThetaAxis } from './contracts/pattern.js';
export type { LinearizedPattern, ModelParameter, PatternCalculator, PatternGradient, PatternModel, Texture } from './contracts/patternModel.js';
export type { Comparison, Metric, MetricValue, Need } from './contracts/metric.js';
export type { Evaluation, Objective } from './contracts/objective.js';
export type { Potential, PotentialResult } from './contracts/potential.js';
export type { Projector } from './contracts/projector.js';
export type {
  GradientTransform,
  Minimizer,
  MinimizerStep,
  StepInfo,
  VectorEvaluation,
  VectorProblem,
} from './contracts/optimizer.js';
export type { Combiner, CombinerInput, CombinerResult } from './contracts/combiner.js';
export type { Progress, StopReason, StopRule } from './contracts/stopRule.js';
export { stopReasons } from './contracts/stopRule.js';
export type {
  Checkpoint,
  HistoryEntry,
  ObjectiveValues,
  PlanCheckpoint,
  PlanStepEvent,
  ResultVerdict,
  Rival,
  RunEvent,
  Solution,
  StageEvent,
  StartedEvent,
  SteppedEvent,
  StoppedEvent,
  WarningEvent,
} from './contracts/run.js';
export type { Front, FrontEvent, FrontMethod, FrontPoint } from './contracts/front.js';
export type { FileContent, NamedStructure, PatternFormat, Source, StructureFormat } from './contracts/format.js';
export type { ErrorCode } from './errors.js';
export { BraggscapeError, isBraggscapeError, relocated } from './errors.js';
export { B_PER_U, DEGREES_PER_RADIAN, GPA_PER_EV_PER_CUBIC_ANGSTROM, RADIANS_PER_DEGREE, WAVELENGTHS } from './units.js';
export type { Random } from './random.js';
export { randomFromSeed, randomFromState } from './random.js';
export { determinant3, identity3, inverse3, multiply3, rowTimes3, transpose3 } from './numerics/matrix3.js';
export { allFinite, dot, maxAbs } from './numerics/vector.js';
export { canonicalJson, decode, encode, sha256 } from './serialization.js';
export type { JsonType, JsonValue, PropertySchema, PropertySchemas } from './config/schema.js';
export { closedObject } from './config/schema.js';
export type { Validator } from './config/validate.js';
export { compileSchema } from './config/validate.js';
export { nameHint, nearestName } from './config/nearestName.js';
export type { AnyDescriptor, CreateContext, Descriptor, EntryChoice, EntryContext, Kind, Kinds } from './plugin/kinds.js';
export {
  combiner,
  kinds,
  metric,
  objective,
  optimizer,
  patternFormat,
  patternModel,
  potential,
  projector,
  stopRule,
  structureFormat,
} from './plugin/kinds.js';
export type { Plugin, PluginDefinition, PluginMeta } from './plugin/definePlugin.js';
export { apiVersion, definePlugin, isPlugin } from './plugin/definePlugin.js';
export type { Entry, Registry } from './plugin/registry.js';
export { createRegistry, singular } from './plugin/registry.js';
export type { PluginHost } from './plugin/host.js';
export { createPluginHost } from './plugin/host.js';
