/**
 * Powers of the phase exp(2πi x) of every site along one axis: entry (index + largest)·count + site holds exp(2πi·index·x).
 * With one table per axis the phase of any reflection is a product of three entries.
 */
export interface PhaseTable {
  re: Float64Array;
  im: Float64Array;
  largest: number;
}

/** An empty table. */
export function createPhaseTable(): PhaseTable {
  return { re: new Float64Array(0), im: new Float64Array(0), largest: 0 };
}

/**
 * Fill a table for indices −largest … largest by repeated multiplication; the error grows by about one unit of the last place per power.
 *
 * @param frac [n,3] fractional coordinates
 * @param axis 0, 1 or 2
 * @param order [count] sites in the order wanted
 */
export function fillPhaseTable(table: PhaseTable, frac: Float64Array, axis: number, order: Int32Array, largest: number): void {
  const count = order.length;
  const size = (2 * largest + 1) * count;
  if (table.re.length < size) {
    table.re = new Float64Array(size);
    table.im = new Float64Array(size);
  }
  table.largest = largest;
  const { re, im } = table;
  const middle = largest * count;
  for (let j = 0; j < count; j++) {
    const x = frac[3 * order[j] + axis];
    // Whole periods first: cosine and sine lose digits far from the origin.
    const angle = 2 * Math.PI * (x - Math.round(x));
    const c = Math.cos(angle);
    const s = Math.sin(angle);
    re[middle + j] = 1;
    im[middle + j] = 0;
    for (let index = 1; index <= largest; index++) {
      const up = middle + index * count + j;
      const before = up - count;
      re[up] = re[before] * c - im[before] * s;
      im[up] = re[before] * s + im[before] * c;
      const down = middle - index * count + j;
      re[down] = re[up];
      im[down] = -im[up];
    }
  }
}
