import type { ObjectiveValues } from './run.js';
import type { StopReason } from './stopRule.js';
import type { StructureJson } from './structure.js';

/** How a point of a front was found: what was minimized there. */
export type FrontMethod =
  /** One objective alone. */
  | { readonly kind: 'single'; readonly objective: string }
  /** The sum of the objectives with these weights, in 1/unit, by id. */
  | { readonly kind: 'weights'; readonly weights: Readonly<Record<string, number>> }
  /** One objective, while another one stays below a bound in its unit. */
  | { readonly kind: 'epsilon'; readonly objective: string; readonly bounded: string; readonly bound: number };

/** A refined structure that no other one of its front dominates. */
export interface FrontPoint {
  readonly structure: StructureJson;
  /** Refined numbers of the experiment, by id; absent where none is refined. */
  readonly parameters?: Readonly<Record<string, number>>;
  readonly objectives: ObjectiveValues;
  readonly method: FrontMethod;
  /** Why the descent that led here ended, and after how many steps. */
  readonly stopReason: StopReason;
  readonly steps: number;
}

/** The best compromises between objectives, and figures of the whole. Plain JSON. */
export interface Front {
  readonly format: 'braggscape-front/1';
  /** In the order of the axes. */
  readonly objectives: readonly { readonly id: string; readonly unit: string }[];
  /** Sorted by the first objective, ascending; with two objectives the second then descends strictly. */
  readonly points: readonly FrontPoint[];
  /** Refined structures that are not on the front, as values only: dominated by a point of it, or too near to one. */
  readonly dominated: readonly ObjectiveValues[];
  /** Lowest and highest value of each objective on the front. */
  readonly ideal: ObjectiveValues;
  readonly nadir: ObjectiveValues;
  /** What the points dominate of the box between ideal and nadir, as a part of it: 0 for two points or fewer, below 1. */
  readonly hypervolume: number;
  /** Index of the point where little is gained in either direction; −1 for an empty front. */
  readonly knee: number;
  /** Evaluations of each objective, and those that were remembered instead of made. */
  readonly evaluations: Readonly<Record<string, number>>;
  readonly remembered: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** `converged`: done; `maxSteps`: some descents of its points hit their limit; `cancelled`: what there was by then. */
  readonly stopReason: StopReason;
}

/** What the computation of a front tells its observers. Plain JSON throughout. */
export type FrontEvent =
  | { readonly kind: 'started'; readonly objectives: Front['objectives']; readonly parameters: readonly string[]; readonly points: number }
  /** A descent begins; `phase` says which part of the work it belongs to. */
  | { readonly kind: 'descending'; readonly phase: 'ends' | 'weights' | 'epsilon'; readonly method: FrontMethod }
  /** A step of it was accepted. */
  | { readonly kind: 'stepped'; readonly step: number; readonly value: number; readonly evaluations: number; readonly seconds: number }
  /** It ended; `accepted` where the front has changed by it. */
  | { readonly kind: 'refined'; readonly point: FrontPoint; readonly accepted: boolean; readonly seconds: number }
  | { readonly kind: 'frontChanged'; readonly points: readonly ObjectiveValues[] }
  | { readonly kind: 'stopped'; readonly front: Front };
