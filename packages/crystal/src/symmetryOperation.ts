/** A symmetry operation in the basis of a structure: x′ = W·x + w on column vectors of fractional coordinates. */
export interface SymmetryOperation {
  /** [3,3] row-major W. */
  readonly rotation: Int8Array;
  /** [3] w, fractional. */
  readonly translation: Float64Array;
}

/** W row by row from the symmetry library's W, which comes column by column. */
export function rowsOf(columns: ArrayLike<number>): Int8Array {
  return Int8Array.of(columns[0], columns[3], columns[6], columns[1], columns[4], columns[7], columns[2], columns[5], columns[8]);
}
