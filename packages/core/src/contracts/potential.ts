import type { Structure } from './structure.js';

/**
 * An interatomic potential.
 *
 * Laws: forces = −∂E/∂(cartesian positions); stress = (1/V) ∂E/∂strain, tension positive; energy is extensive in
 * supercells and invariant under rotation and translation.
 */
export interface Potential {
  readonly id: string;
  /** What `compute` can deliver beside the energy. */
  readonly provides: ReadonlySet<'forces' | 'stress'>;
  /** Atomic numbers it is defined for; undefined means all. */
  readonly elements?: ReadonlySet<number>;
  compute(structure: Structure, signal?: AbortSignal): Promise<PotentialResult>;
  dispose?(): void;
}

export interface PotentialResult {
  /** eV per cell. */
  readonly energy: number;
  /** [n,3] eV/Å, cartesian. */
  readonly forces?: Float64Array;
  /** [3,3] eV/Å³. */
  readonly stress?: Float64Array;
}
