/**
 * Cheapest one-to-one assignment of n rows to n columns: shortest augmenting paths with potentials (Kuhn 1955; Edmonds & Karp
 * 1972), O(n³).
 *
 * @param cost [n,n] row-major; Infinity forbids a pair
 * @returns column of each row [n], or nothing if every assignment uses a forbidden pair
 */
export function cheapestAssignment(cost: Float64Array, n: number): Int32Array | undefined {
  // Row and column 0 are a sentinel, so that the search always starts at column 0.
  const rowPotential = new Float64Array(n + 1);
  const columnPotential = new Float64Array(n + 1);
  const rowOf = new Int32Array(n + 1);
  for (let row = 1; row <= n; row++) {
    const previous = new Int32Array(n + 1);
    const slack = new Float64Array(n + 1).fill(Infinity);
    const done = new Uint8Array(n + 1);
    let column = 0;
    rowOf[0] = row;
    do {
      done[column] = 1;
      const at = rowOf[column];
      let step = Infinity;
      let next = 0;
      for (let j = 1; j <= n; j++) {
        if (done[j] === 1) continue;
        const reduced = cost[(at - 1) * n + j - 1] - rowPotential[at] - columnPotential[j];
        if (reduced < slack[j]) {
          slack[j] = reduced;
          previous[j] = column;
        }
        if (slack[j] < step) {
          step = slack[j];
          next = j;
        }
      }
      if (step === Infinity) return undefined;
      for (let j = 0; j <= n; j++) {
        if (done[j] === 1) {
          rowPotential[rowOf[j]] += step;
          columnPotential[j] -= step;
        } else slack[j] -= step;
      }
      column = next;
    } while (rowOf[column] !== 0);
    for (; column !== 0; column = previous[column]) rowOf[column] = rowOf[previous[column]];
  }
  const columnOf = new Int32Array(n);
  for (let j = 1; j <= n; j++) columnOf[rowOf[j] - 1] = j - 1;
  return columnOf;
}
