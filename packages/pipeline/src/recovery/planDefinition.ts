import type { ObjectiveChoice } from '../config/runConfig.js';

/** A plan as data: steps that share a pool of candidates. */
export interface PlanDefinition {
  /** One sentence for people. */
  readonly summary?: string;
  readonly source?: string;
  /** What takes part where the configuration names no objectives: the first metric explains the pattern, the first potential gives energies. */
  readonly objectives?: readonly ObjectiveChoice[];
  /** Steps as written; see `normalizeSteps`. */
  readonly steps: readonly Readonly<Record<string, unknown>>[];
}
