import type { StructureJson } from '@braggscape/core';
import type { Choice } from '@braggscape/pipeline';
import type { NoiseModel } from './noise.js';
import type { Setting } from './setting.js';

/** A crystal of the benchmark. */
export interface BenchmarkStructure {
  /** Unique within a protocol. */
  readonly name: string;
  /** The truth: conventional cell, no noise. */
  readonly structure: StructureJson;
}

/** What a benchmark consists of, as plain data with every default filled in: all that a machine needs to work on it. */
export interface Protocol {
  readonly format: 'braggscape-benchmark/1';
  /** Version of the program; results of different versions are not mixed. */
  readonly version: string;
  readonly structures: readonly BenchmarkStructure[];
  /** Levels by noise model; a model that is left out is not benched. */
  readonly levels: Readonly<Partial<Record<NoiseModel, readonly number[]>>>;
  /** Noise law. */
  readonly distribution: 'uniform' | 'normal';
  /** Starts for each structure, noise model and level. */
  readonly samples: number;
  readonly seed: number;
  readonly settings: readonly Setting[];
  /** The instrument that patterns are simulated for, with every option. */
  readonly instrument: Choice;
  readonly twoTheta: { readonly start: number; readonly stop: number; readonly count: number };
  /** Potential whose energies results are reported with, with every option; null: none. */
  readonly energies: Choice | null;
  /** Plugins to load, as given; a worker must have them too. */
  readonly plugins: readonly string[];
  /** What results depend on and the protocol does not hold, such as the code of plugins and the weights of models, each with a hash; absent where there is nothing of the kind. */
  readonly contents?: readonly string[];
}
