/**
 * Pairs of atoms no further apart than a cutoff, each pair once, periodic images counted.
 * Arrays may be longer than needed and are work buffers: read them before the search is used again.
 */
export interface NeighbourList {
  /** Number of bonds m. */
  readonly count: number;
  /** [m] index of the atom the bond starts from. */
  readonly first: Int32Array;
  /** [m] index of the atom it leads to; equal to `first` for a bond to the atom's own image. */
  readonly second: Int32Array;
  /** [m,3] lattice translation T of the second atom, for the coordinates as given. */
  readonly image: Int32Array;
  /** [m,3] Å, cartesian vector x_second + T − x_first. */
  readonly vector: Float64Array;
  /** [m] Å, length of the vector. */
  readonly distance: Float64Array;
}
