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
  /** Where it is computed, for records, such as `wasm`; absent where there is no choice. */
  readonly backend?: string;
  /**
   * @throws BraggscapeError for a structure it is not defined for: an unknown element, a partly occupied site, atoms on top of each other.
   * Numbers that are not finite are returned as they are.
   */
  compute(structure: Structure, signal?: AbortSignal): Promise<PotentialResult>;
  /** Several structures in one go, where that is faster; results as by `compute`, to rounding. */
  computeMany?(structures: readonly Structure[], signal?: AbortSignal): Promise<readonly PotentialResult[]>;
  dispose?(): void;
}

export interface PotentialResult {
  /** eV per cell. */
  readonly energy: number;
  /** [n,3] eV/Å, cartesian. */
  readonly forces?: Float64Array;
  /** [3,3] eV/Å³. */
  readonly stress?: Float64Array;
  /** [n] numbers of each site that come with the energy, by name, such as `magneticMoments` in μ_B. */
  readonly sites?: Readonly<Record<string, Float64Array>>;
}
