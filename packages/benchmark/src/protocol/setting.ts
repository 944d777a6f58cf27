import type { JsonValue } from '@braggscape/core';
import type { Choice } from '@braggscape/pipeline';
import type { NoiseModel } from './noise.js';

/** A way to recover structures that is benched: a refinement by a configuration, or a relaxation by a potential. */
export type Setting = RefinementSetting | RelaxationSetting;

interface SettingFrame {
  /** As it is called in tables, such as `cosine+constraint`. */
  readonly name: string;
  /** Noise models that it is benched on. */
  readonly noise: readonly NoiseModel[];
  /** Only the first of the samples; null: all. */
  readonly samples: number | null;
  /** Metric whose value is the similarity of the dependence between similarity and structural distance: the one that is minimized, or `cosine`. Tables take `cosine` for a metric that results are not judged by. */
  readonly similarity: string;
}

/** A refinement against the simulated pattern. */
export interface RefinementSetting extends SettingFrame {
  readonly kind: 'refinement';
  /** Keys of a configuration, without structure, pattern, instrument and seed. */
  readonly config: Readonly<Record<string, JsonValue>>;
  /** `lattice`: the cell is kept in the lattice family of the true structure, as the paper's constrained setting is. */
  readonly constraint: 'none' | 'lattice';
  /** `noise`: what the noise moved is refined, cell or coordinates, as in the paper; `config`: what the configuration says. */
  readonly vary: 'noise' | 'config';
}

/** A relaxation of atoms and cell that does not see the pattern. */
export interface RelaxationSetting extends SettingFrame {
  readonly kind: 'relaxation';
  readonly potential: Choice;
  readonly optimizer: Choice;
  /** eV/Å. */
  readonly forceTolerance: number;
  readonly steps: number;
}
