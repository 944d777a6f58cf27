/** Coefficients of each polynomial; assembly/structureFactors.ts has the same number. */
export const RADIAL_COEFFICIENTS = 8;

/**
 * The radial part f(q) of a scattering power, q = s² in Å⁻², as polynomials on equal intervals of 0 … limit: a few products instead of as many exponentials as the fit
 * has terms. Each polynomial is in t, which runs from −1 to 1 over its interval.
 */
export interface RadialTable {
  /** [intervals, {@link RADIAL_COEFFICIENTS}] of t⁰, t¹, … */
  readonly coefficients: Float64Array;
  readonly intervals: number;
  /** Intervals per unit of q. */
  readonly perUnit: number;
}

/**
 * Interpolate a sum of terms exp(−b q) and q·exp(−b q) at Chebyshev's nodes. Intervals are so narrow that exp(−b q) is met to 1e-12 of its value at 0 for the largest b
 * (the error is 2(b·width/4)⁸/8!).
 *
 * @param largestB largest b, Å²
 * @param limit largest q
 */
export function radialTable(f: (q: number) => number, largestB: number, limit: number): RadialTable {
  const n = RADIAL_COEFFICIENTS;
  const intervals = Math.max(1, Math.ceil((limit * largestB) / 0.4));
  const coefficients = new Float64Array(intervals * n);
  const nodes = Array.from({ length: n }, (_, k) => Math.cos((Math.PI * (k + 0.5)) / n));
  const polynomials = chebyshevPolynomials(n);
  for (let i = 0; i < intervals; i++) {
    const values = nodes.map((t) => f(((i + (t + 1) / 2) * limit) / intervals));
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += values[k] * Math.cos((Math.PI * j * (k + 0.5)) / n);
      const weight = (sum * (j === 0 ? 1 : 2)) / n;
      polynomials[j].forEach((coefficient, power) => (coefficients[i * n + power] += weight * coefficient));
    }
  }
  return { coefficients, intervals, perUnit: intervals / limit };
}

/**
 * Value and slope in q.
 * @param q within the limit of the table
 * @param out [0] value, [1] slope
 */
export function evaluateRadial({ coefficients, intervals, perUnit }: RadialTable, q: number, out: Float64Array): void {
  const scaled = q * perUnit;
  const interval = Math.min(Math.floor(scaled), intervals - 1);
  const t = 2 * (scaled - interval) - 1;
  const at = interval * RADIAL_COEFFICIENTS;
  let value = coefficients[at + RADIAL_COEFFICIENTS - 1];
  let slope = 0;
  for (let i = RADIAL_COEFFICIENTS - 2; i >= 0; i--) {
    slope = slope * t + value;
    value = value * t + coefficients[at + i];
  }
  out[0] = value;
  out[1] = slope * 2 * perUnit;
}

/** Monomial coefficients of T_0 … T_(n−1). */
function chebyshevPolynomials(n: number): readonly (readonly number[])[] {
  const all: number[][] = [[1], [0, 1]];
  while (all.length < n) {
    const [before, last] = all.slice(-2);
    all.push([0, ...last.map((c) => 2 * c)].map((c, power) => c - (before[power] ?? 0)));
  }
  return all;
}
