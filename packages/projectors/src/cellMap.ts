/**
 * A map of cell parameters [6] (Å, degrees) to cell parameters, with its transposed derivative.
 * The projectors here are such maps, lifted to structures.
 */
export interface CellMap {
  apply(cell: Float64Array): Float64Array;
  /** Gradient at `apply(cell)` to gradient at `cell`, both [6]. */
  pullback(cell: Float64Array, gradient: Float64Array): Float64Array;
}
