import type { ResultVerdict, StopReason, StructureJson } from '@braggscape/core';
import type { RelaxStopReason } from '@braggscape/pipeline';
import type { NoiseModel } from '../protocol/noise.js';

/** The losses that every structure is judged by, whatever was minimized. */
export const judgedMetrics = ['cosine', 'mse', 'entropy', 'cross-correlation'] as const;
export type JudgedMetric = (typeof judgedMetrics)[number];

/** A structure compared with the truth. Numbers that do not exist, such as the displacement of structures that do not match, are null. */
export interface Judgement {
  readonly structure: StructureJson;
  /** At the paper's tolerances. */
  readonly match: boolean;
  /** At 0.01, 0.02, 0.5°, cells not rescaled. */
  readonly strict: boolean;
  /** Normalized displacements at the paper's tolerances. */
  readonly rms: number | null;
  readonly maxDist: number | null;
  /** Å, Chebyshev distance of the average minimum distances. */
  readonly amd: number | null;
  /** Of the sharp pattern against the target. */
  readonly losses: Readonly<Record<JudgedMetric, number | null>>;
  /** eV/atom, by the protocol's potential. */
  readonly energyPerAtom: number | null;
}

/** What became of one task. */
export interface TaskResult {
  readonly key: string;
  readonly structure: string;
  readonly noise: NoiseModel;
  readonly level: number;
  readonly sample: number;
  readonly setting: string;
  /** `refused`: an objective cannot take the start, as the message says; the start is the result then. */
  readonly stopReason: StopReason | RelaxStopReason | 'refused';
  readonly message: string;
  readonly steps: number;
  readonly evaluations: number;
  /** CPU seconds of the process, without the judgement. */
  readonly seconds: number;
  readonly initial: Judgement;
  readonly final: Judgement;
  /** Values of the setting's own objectives at the end, by id; energies in eV/atom. */
  readonly objectives: Readonly<Record<string, number | null>>;
  /** How far a plan believes its result. */
  readonly verdict: ResultVerdict['level'] | null;
}
