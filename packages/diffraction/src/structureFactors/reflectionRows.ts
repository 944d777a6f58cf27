import { BraggscapeError, inverse3, multiply3, transpose3 } from '@braggscape/core';

/** More reflections than this make a step not worth waiting for; a cell that large is a sign of a step gone wrong. */
export const REFLECTION_LIMIT = 2_000_000;

/**
 * Reflections of one half of the reciprocal-lattice sphere (the other half are their Friedel mates), as rows of constant h and k
 * along which l runs from `firstL` to `lastL`. Buffers grow and are reused; only the first `rows` entries count.
 */
export interface ReflectionRows {
  rows: number;
  count: number;
  h: Int32Array;
  k: Int32Array;
  firstL: Int32Array;
  lastL: Int32Array;
  /** Largest |h|, |k|, |l|. */
  largest: [number, number, number];
}

/** Empty rows with room for some. */
export function createReflectionRows(): ReflectionRows {
  const room = 256;
  return {
    rows: 0,
    count: 0,
    h: new Int32Array(room),
    k: new Int32Array(room),
    firstL: new Int32Array(room),
    lastL: new Int32Array(room),
    largest: [0, 0, 0],
  };
}

/** Reciprocal metric tensor G* = (L Lᵀ)⁻¹, Å⁻², of a lattice with rows a, b, c: 1/d² = h·G*·h. */
export function reciprocalMetric(lattice: Float64Array): Float64Array {
  const inverse = inverse3(lattice);
  return multiply3(transpose3(inverse), inverse);
}

/**
 * All h, k, l of the half sphere with 1/d² ≤ limit, the origin left out. The bounds of l in a row, of k in a layer and of h come from
 * completing squares in h·G*·h, so no reflection is missed in however skewed a cell.
 *
 * @param metric G* [3,3] Å⁻²
 * @throws BraggscapeError `structure.unsupported` if there are more than {@link REFLECTION_LIMIT}
 */
export function fillReflectionRows(into: ReflectionRows, metric: Float64Array, limit: number): void {
  const [g11, g12, g13, , g22, g23, , , g33] = metric;
  // q = g33 (l + (g13 h + g23 k)/g33)² + b22 (k + b12 h/b22)² + c11 h²
  const b11 = g11 - (g13 * g13) / g33;
  const b12 = g12 - (g13 * g23) / g33;
  const b22 = g22 - (g23 * g23) / g33;
  const c11 = b11 - (b12 * b12) / b22;
  const estimate = (2 * Math.PI * limit * Math.sqrt(limit)) / (3 * Math.sqrt(c11 * b22 * g33));
  if (!(estimate <= REFLECTION_LIMIT)) throw tooMany(estimate);
  into.rows = 0;
  into.count = 0;
  const hLast = Math.floor(Math.sqrt(limit / c11));
  let [kLargest, lLargest] = [0, 0];
  for (let h = 0; h <= hLast; h++) {
    const inLayer = Math.sqrt(Math.max(0, (limit - c11 * h * h) / b22));
    const kCenter = (-b12 * h) / b22;
    const kFirst = h === 0 ? 0 : Math.ceil(kCenter - inLayer);
    const kLast = Math.floor(kCenter + inLayer);
    for (let k = kFirst; k <= kLast; k++) {
      const offset = k - kCenter;
      const inRow = Math.sqrt(Math.max(0, (limit - c11 * h * h - b22 * offset * offset) / g33));
      const lCenter = -(g13 * h + g23 * k) / g33;
      const firstL = h === 0 && k === 0 ? 1 : Math.ceil(lCenter - inRow);
      const lastL = Math.floor(lCenter + inRow);
      if (firstL > lastL) continue;
      addRow(into, h, k, firstL, lastL);
      kLargest = Math.max(kLargest, Math.abs(k));
      lLargest = Math.max(lLargest, Math.abs(firstL), Math.abs(lastL));
    }
  }
  into.largest = [hLast, kLargest, lLargest];
}

function addRow(into: ReflectionRows, h: number, k: number, firstL: number, lastL: number): void {
  const at = into.rows++;
  if (at === into.h.length) {
    for (const field of ['h', 'k', 'firstL', 'lastL'] as const) {
      const grown = new Int32Array(2 * at);
      grown.set(into[field]);
      into[field] = grown;
    }
  }
  into.h[at] = h;
  into.k[at] = k;
  into.firstL[at] = firstL;
  into.lastL[at] = lastL;
  into.count += lastL - firstL + 1;
}

function tooMany(estimate: number): BraggscapeError {
  return new BraggscapeError('structure.unsupported', `the cell has about ${estimate.toExponential(1)} reflections in the 2θ window`, {
    hint: `at most ${REFLECTION_LIMIT} are computed: use a smaller cell, a longer wavelength or a shorter window`,
  });
}
