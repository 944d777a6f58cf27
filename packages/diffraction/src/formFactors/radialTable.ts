export const RADIAL_COEFFICIENTS = 8;
export interface RadialTable {
  readonly coefficients: Float64Array;
  readonly intervals: number;
  readonly perUnit: number;
  readonly limit: number;
}
export function radialTable(f: (q: number) => number, limit: number): RadialTable {
  const intervals = Math.ceil(limit * 400);
  const n = 8;
  const coefficients = new Float64Array(intervals * n);
  for (let i = 0; i < intervals; i++) {
    const cheb = new Array(n).fill(0);
    const values = Array.from({ length: n }, (_, k) => f(((i + (Math.cos((Math.PI * (k + 0.5)) / n) + 1) / 2) * limit) / intervals));
    for (let j = 0; j < n; j++) {
      let s = 0;
      for (let k = 0; k < n; k++) s += values[k] * Math.cos((Math.PI * j * (k + 0.5)) / n);
      cheb[j] = (s * (j === 0 ? 1 : 2)) / n;
    }
    let t0 = [1], t1 = [0, 1];
    const out = new Array(n).fill(0);
    out[0] += cheb[0];
    for (let j = 1; j < n; j++) {
      t1.forEach((c, k) => (out[k] += c * cheb[j]));
      const t2 = [0, ...t1.map((c) => 2 * c)];
      t0.forEach((c, k) => (t2[k] -= c));
      t0 = t1;
      t1 = t2;
    }
    coefficients.set(out, i * n);
  }
  return { coefficients, intervals, perUnit: intervals / limit, limit };
}
export function evaluateRadial(table: RadialTable, q: number, out: Float64Array): void {
  const scaled = q * table.perUnit;
  const interval = Math.min(Math.floor(scaled), table.intervals - 1);
  const t = 2 * (scaled - interval) - 1;
  const at = interval * 8;
  const c = table.coefficients;
  let value = c[at + 7];
  let slope = 0;
  for (let i = 6; i >= 0; i--) {
    slope = slope * t + value;
    value = value * t + c[at + i];
  }
  out[0] = value;
  out[1] = slope * 2 * table.perUnit;
}
