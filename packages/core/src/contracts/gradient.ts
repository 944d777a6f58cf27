import type { Structure } from './structure.js';

/**
 * The plain partial derivatives of a scalar with respect to the stored numbers of a {@link Structure}.
 * Nothing is symmetrized, scaled or turned into forces here. Missing `uIso` or `occupancy` mean zero.
 */
export interface StructureGradient {
  /** [3,3] d value / d lattice, at constant fractional coordinates. Unit: value/Å. */
  readonly lattice: Float64Array;
  /** [n,3] d value / d frac. Unit: value. */
  readonly frac: Float64Array;
  /** [n] d value / d uIso. Unit: value/Å². */
  readonly uIso?: Float64Array;
  /** [n] d value / d occupancy. Unit: value. */
  readonly occupancy?: Float64Array;
}

/** A gradient of zeros with the shapes of `structure`, all four blocks present. */
export function zeroGradient(structure: Structure): Required<StructureGradient> {
  const n = structure.numbers.length;
  return {
    lattice: new Float64Array(9),
    frac: new Float64Array(3 * n),
    uIso: new Float64Array(n),
    occupancy: new Float64Array(n),
  };
}
