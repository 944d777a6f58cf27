import type { Structure } from '@braggscape/core';

/**
 * Structure factors of one half sphere of reflections, in reused buffers of which the first `count` entries count:
 * F(hkl) = Σ_j occ_j (f_j(s) + f′_j + i f″_j) exp(−8π² U_j s²) exp(2πi h·x_j) = P + iQ with real weights f + f′ in P and f″ in Q.
 */
export interface StructureFactors {
  count: number;
  /** [count, 3] Miller indices. */
  hkl: Int32Array;
  /** [count] s² = 1/4d², Å⁻². */
  sSquared: Float64Array;
  /** [count] mean of |F|² over hkl and its Friedel mate, which is |P|² + |Q|²; electrons² (fm² for neutrons). */
  squared: Float64Array;
  /** [count] d squared/ds² at constant phases. */
  squaredSlope: Float64Array;
  /** [count] to be filled by the caller before the pullback: d scalar/d squared. */
  weight: Float64Array;
}

/** What {@link StructureFactorCalculator.pullback} returns, beside the lattice, which the caller handles through s². */
export interface SiteGradient {
  /** [n,3] */
  readonly frac: Float64Array;
  /** [n] per Å² */
  readonly uIso: Float64Array;
  /** [n] */
  readonly occupancy: Float64Array;
}

/** Computes structure factors and their pullback in its own buffers: one caller at a time. */
export interface StructureFactorCalculator {
  /**
   * Structure factors of all reflections with s² up to a limit.
   * @throws BraggscapeError `structure.unsupported` for too many reflections or an element the set does not know
   */
  compute(structure: Structure, sSquaredLimit: number): StructureFactors;
  /**
   * Gradient in the sites of a scalar with d scalar/d squared = `weight`, at the structure computed last.
   * The part that comes from s² moving with the lattice is not in it.
   */
  pullback(): SiteGradient;
}
