import type { StopReason } from './stopRule.js';
import type { StructureJson, CellParameters } from './structure.js';

/** Value of each objective, by id. */
export type ObjectiveValues = Readonly<Record<string, number>>;

/** One line of a run's history. */
export interface HistoryEntry {
  readonly step: number;
  /** Combined value. */
  readonly value: number;
  readonly objectives: ObjectiveValues;
  /** Largest absolute component of the combined gradient in x; absent in runs by a plan, whose entries are candidates. */
  readonly gradientNorm?: number;
  /** Largest absolute component of the change of x; absent likewise. */
  readonly stepNorm?: number;
  /** Largest angle between the gradients of two objectives in x, degrees; absent where fewer than two have one. Above 90 they conflict. */
  readonly conflictAngle?: number;
  readonly cell: CellParameters;
  /** FWHM in degrees that peaks were broadened by; absent where they were not. */
  readonly broadening?: number;
}

/** A result worth keeping: a structure with its objective values. */
export interface Solution {
  readonly structure: StructureJson;
  /** Refined numbers of the experiment, by id; absent where none is refined. */
  readonly parameters?: Readonly<Record<string, number>>;
  readonly value: number;
  readonly objectives: ObjectiveValues;
  readonly step: number;
}

/** Everything needed to go on later as if nothing had happened. Plain JSON, typed arrays encoded. */
export interface Checkpoint {
  readonly format: 'braggscape-checkpoint/1';
  /** Hash of the normalized plan it belongs to. */
  readonly plan: string;
  readonly step: number;
  readonly evaluations: number;
  readonly seconds: number;
  /** Encoded minimizer step (x, evaluation, state). */
  readonly minimizer: unknown;
  /** Where in the schedule of peak widths the run stands, encoded. */
  readonly stage: unknown;
  /** Encoded combiner state. */
  readonly combiner: unknown;
  readonly initial: Solution;
  readonly best: Solution;
  readonly history: readonly HistoryEntry[];
}

/** Where a run by a plan stands: between two of its steps, or between two moves of a search. */
export interface PlanCheckpoint {
  readonly format: 'braggscape-plan-checkpoint/1';
  /** Hash of the normalized plan it belongs to. */
  readonly plan: string;
  /** Encoded state: pool, named structures, place in the plan. */
  readonly state: unknown;
  readonly initial: Solution;
  readonly history: readonly HistoryEntry[];
}

/** What a run tells its observers. Plain JSON throughout. */
export type RunEvent =
  | StartedEvent
  | StageEvent
  | PlanStepEvent
  | SteppedEvent
  | WarningEvent
  | StoppedEvent;

export interface StartedEvent {
  readonly kind: 'started';
  /** Components of x. */
  readonly parameters: readonly string[];
  /** Upper bound of steps where a rule sets one, for the time left. */
  readonly maxSteps?: number;
  readonly seed: number;
  readonly initial: Solution;
  /** What the projector found in the start, such as a space group with its tolerance; absent where it looked for nothing. */
  readonly finding?: string;
  /** Step resumed from; absent in a fresh run. */
  readonly resumedAt?: number;
}

/** A stage of the schedule of peak widths begins; runs with one stage say nothing of it. */
export interface StageEvent {
  readonly kind: 'stage';
  /** From 0. */
  readonly index: number;
  readonly count: number;
  /** FWHM in degrees that peaks are broadened by; 0 in the last stage. */
  readonly broadening: number;
  /** Steps before it. */
  readonly step: number;
  /** Combined value at its start; values of stages with other widths do not compare. */
  readonly value: number;
}

export interface SteppedEvent extends HistoryEntry {
  readonly kind: 'stepped';
  readonly bestValue: number;
  readonly evaluations: number;
  readonly seconds: number;
  /** Trial points rejected on the way to this step. */
  readonly rejected: number;
  /** Present at the interval asked for and at the end. */
  readonly checkpoint?: Checkpoint | PlanCheckpoint;
}

export interface WarningEvent {
  readonly kind: 'warning';
  readonly code: string;
  readonly message: string;
  readonly step: number;
}

/** How far a result can be believed, and why. */
export interface ResultVerdict {
  /** `ambiguous`: another structure explains the pattern alike. `unsure`: see the reasons. */
  readonly level: 'confident' | 'ambiguous' | 'unsure';
  /** A sentence each; none where there is nothing against the result. */
  readonly reasons: readonly string[];
  /** √(Σ w (y₀ − y)²/Σ w y₀²) of the least-squares fit, as a fraction. */
  readonly rwp?: number;
  /** Reduced χ² of the fit, where the pattern has uncertainties. */
  readonly chiSquare?: number;
  /** Standard uncertainty in Å of the site that the pattern determines least, where it has uncertainties. */
  readonly positionUncertainty?: number;
  /** eV/atom, where a potential took part. */
  readonly energy?: number;
  /** eV/atom above the lowest energy of all candidates worked out. */
  readonly energyAboveBest?: number;
  /** Distinct structures among the candidates worked out. */
  readonly basins: number;
  /** At 0.01 Å; absent where no symmetry was found. */
  readonly spaceGroup?: { readonly number: number; readonly symbol: string };
  /** 2θ in degrees, and the smallest spacing of lattice planes in Å that was seen. */
  readonly dataRange: { readonly from: number; readonly to: number; readonly dSpacing: number };
  /** The other candidates, the best first. */
  readonly rivals: readonly Rival[];
}

/** A structure that explains the pattern too, more or less. */
export interface Rival {
  readonly structure: StructureJson;
  /** How it was come by. */
  readonly origin: string;
  /** Whether the pattern cannot tell it from the result. */
  readonly alike: boolean;
  readonly rwp?: number;
  readonly chiSquare?: number;
  readonly energy?: number;
  readonly spaceGroup?: { readonly number: number; readonly symbol: string };
}

/** A step of a plan begins. */
export interface PlanStepEvent {
  readonly kind: 'planStep';
  /** From 0. */
  readonly index: number;
  readonly count: number;
  /** What it does, such as `anneal`. */
  readonly name: string;
  /** The structure that it begins from. */
  readonly from: string;
  /** Candidates so far. */
  readonly step: number;
}

export interface StoppedEvent {
  readonly kind: 'stopped';
  readonly reason: StopReason;
  /** One sentence for people. */
  readonly message: string;
  readonly steps: number;
  readonly evaluations: number;
  readonly seconds: number;
  readonly initial: Solution;
  /** The best structure met, which is the result. */
  readonly best: Solution;
  /** The last structure, where descent ended. */
  readonly last: Solution;
  readonly history: readonly HistoryEntry[];
  /** Of runs by a plan. */
  readonly verdict?: ResultVerdict;
  readonly checkpoint: Checkpoint | PlanCheckpoint;
}
