import type { Structure } from './structure.js';
import type { StructureGradient } from './gradient.js';

/**
 * The map between a crystal structure and the vector x that optimizers move.
 * Optimizers know vectors only; crystals enter through this contract.
 *
 * Laws: `unpack(pack(s)) = s` for every structure with the composition, the orientation and the fixed
 * fields of the one it was made for; `pullback(x, g) = Jᵀ g` with J the Jacobian of `unpack` at x.
 */
export interface Parameterization {
  /** Length of x. */
  readonly size: number;
  /** Name of each component, for messages and the record, such as `cell.a` or `O3.x`. */
  readonly names: readonly string[];
  /** Unit of one step of each component, as a word for people, such as `Å`. */
  readonly units: readonly string[];
  /** Structure to vector. */
  pack(structure: Structure): Float64Array;
  /**
   * Vector to structure.
   * @throws BraggscapeError `cell.impossible` if x describes no cell.
   */
  unpack(x: Float64Array): Structure;
  /** Gradient in the structure's numbers to gradient in x. */
  pullback(x: Float64Array, gradient: StructureGradient): Float64Array;
}
