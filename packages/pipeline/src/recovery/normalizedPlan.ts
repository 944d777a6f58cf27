import type { PlanStep } from './planSteps.js';

/** A plan with a name and every default filled in, as configurations record it. */
export interface NormalizedPlan {
  readonly name: string;
  /** Whether a potential that cannot take the structure is left out, because the plan brought it along and nobody asked for it. */
  readonly lenient: boolean;
  readonly steps: readonly PlanStep[];
}
