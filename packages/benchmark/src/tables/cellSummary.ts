import type { NoiseModel } from '../protocol/noise.js';

/** Successes among runs, with their 95 % Jeffreys interval. */
export interface Rate {
  readonly successes: number;
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

/** An estimate with its 95 % interval; null where it is not defined, as a correlation with a constant is. */
export interface Estimate {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** One cell of the benchmark's table: a noise model, a level and a setting, over structures and samples. */
export interface CellSummary {
  readonly noise: NoiseModel;
  readonly level: number;
  readonly setting: string;
  readonly runs: number;
  /** Starts that match already. */
  readonly initialMatch: Rate;
  readonly initialStrict: Rate;
  readonly match: Rate;
  readonly strict: Rate;
  /** Metric whose similarity, one minus its value, is compared with the AMD distance to the truth. */
  readonly similarity: string;
  /** Nats, Kraskov's estimate between final similarity and final AMD distance. */
  readonly mutualInformation: Estimate;
  readonly pearson: Estimate;
  readonly spearman: Estimate;
  readonly medianEvaluations: number;
}
