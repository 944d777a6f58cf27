// Structure factors along rows of constant h and k, two sites at a time. Sites are sorted into groups of equal form factor and displacement; each group is padded to
// an even number of sites with sites of occupancy 0.

/** Degree of the radial polynomials plus one; each coefficient is stored with that of the slope beside it. */
const COEFFICIENTS = 8;

/**
 * Powers of the base phases: re and im [2·largest + 1, count] for indices −largest … largest from base[2, count] (cosines, then sines).
 */
export function fillPhases(re: usize, im: usize, base: usize, count: i32, largest: i32): void {
  const row = usize(count) << 3;
  const middle = usize(largest) * row;
  const sines = base + row;
  for (let j: usize = 0; j < row; j += 16) {
    const c = v128.load(base + j);
    const s = v128.load(sines + j);
    let x = f64x2.splat(1);
    let y = f64x2.splat(0);
    let up = middle + j;
    let down = up;
    v128.store(re + up, x);
    v128.store(im + up, y);
    for (let index = 1; index <= largest; index++) {
      const next = f64x2.sub(f64x2.mul(x, c), f64x2.mul(y, s));
      y = f64x2.add(f64x2.mul(x, s), f64x2.mul(y, c));
      x = next;
      up += row;
      down -= row;
      v128.store(re + up, x);
      v128.store(im + up, y);
      v128.store(re + down, x);
      v128.store(im + down, f64x2.neg(y));
    }
  }
}

/** row[2, count] = product of the phases of h and k, times `factor` [count]. */
// @ts-ignore: decorator
@inline
function rowPhases(row: usize, count: i32, hRe: usize, hIm: usize, kRe: usize, kIm: usize, factor: usize): void {
  const bytes = usize(count) << 3;
  for (let j: usize = 0; j < bytes; j += 16) {
    const a = v128.load(hRe + j);
    const b = v128.load(hIm + j);
    const c = v128.load(kRe + j);
    const d = v128.load(kIm + j);
    const o = v128.load(factor + j);
    v128.store(row + j, f64x2.mul(o, f64x2.sub(f64x2.mul(a, c), f64x2.mul(b, d))));
    v128.store(row + bytes + j, f64x2.mul(o, f64x2.add(f64x2.mul(a, d), f64x2.mul(b, c))));
  }
}

/**
 * Sum the rows. `groups` entries of groupData [9]: first site, end site, table address, intervals, intervals per unit of s², f′, f″, 8π²U, 0 (as f64).
 * Fills hkl, sSquared, squared, slope, and what the pullback needs: sums[count, 4] (P and Q, see src/structureFactors) and amplitude[count, groups, 2].
 */
export function sumRows(
  rows: i32,
  h: usize,
  k: usize,
  firstL: usize,
  lastL: usize,
  g11: f64,
  g22: f64,
  g33: f64,
  g12: f64,
  g13: f64,
  g23: f64,
  count: i32,
  occupancy: usize,
  tables: usize,
  groups: i32,
  groupData: usize,
  row: usize,
  hkl: usize,
  sSquared: usize,
  squared: usize,
  slope: usize,
  sums: usize,
  amplitude: usize,
): void {
  const bytes = usize(count) << 3;
  // Address of re and im at index 0 along each axis.
  const hReZero = usize(load<i32>(tables));
  const hImZero = usize(load<i32>(tables, 4));
  const kReZero = usize(load<i32>(tables, 8));
  const kImZero = usize(load<i32>(tables, 12));
  const lReZero = usize(load<i32>(tables, 16));
  const lImZero = usize(load<i32>(tables, 20));
  const rowIm = row + bytes;
  let at: usize = 0;
  let amp = amplitude;
  for (let i = 0; i < rows; i++) {
    const hIndex = load<i32>(h + (i << 2));
    const kIndex = load<i32>(k + (i << 2));
    const last = load<i32>(lastL + (i << 2));
    const hOffset = usize(hIndex * i32(bytes));
    const kOffset = usize(kIndex * i32(bytes));
    rowPhases(row, count, hReZero + hOffset, hImZero + hOffset, kReZero + kOffset, kImZero + kOffset, occupancy);
    const hf = f64(hIndex);
    const kf = f64(kIndex);
    const inLayer = g11 * hf * hf + 2 * g12 * hf * kf + g22 * kf * kf;
    const along = 2 * (g13 * hf + g23 * kf);
    for (let l = load<i32>(firstL + (i << 2)); l <= last; l++) {
      const lf = f64(l);
      const s2 = 0.25 * (inLayer + (along + g33 * lf) * lf);
      const offset = usize(l * i32(bytes));
      const lRe = lReZero + offset;
      const lIm = lImZero + offset;
      let pRe: f64 = 0;
      let pIm: f64 = 0;
      let qRe: f64 = 0;
      let qIm: f64 = 0;
      let slopePRe: f64 = 0;
      let slopePIm: f64 = 0;
      let slopeQRe: f64 = 0;
      let slopeQIm: f64 = 0;
      for (let g = 0; g < groups; g++) {
        const data = groupData + g * 72;
        const begin = usize(load<f64>(data)) << 3;
        const end = usize(load<f64>(data, 8)) << 3;
        let a = f64x2.splat(0);
        let b = a;
        for (let j = begin; j < end; j += 16) {
          const x = v128.load(row + j);
          const y = v128.load(rowIm + j);
          const c = v128.load(lRe + j);
          const d = v128.load(lIm + j);
          a = f64x2.add(a, f64x2.sub(f64x2.mul(x, c), f64x2.mul(y, d)));
          b = f64x2.add(b, f64x2.add(f64x2.mul(x, d), f64x2.mul(y, c)));
        }
        const re = f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
        const im = f64x2.extract_lane(b, 0) + f64x2.extract_lane(b, 1);
        const scaled = s2 * load<f64>(data, 32);
        const interval = i32(Math.min(scaled, load<f64>(data, 24) - 1));
        const t = f64x2.splat(2 * (scaled - f64(interval)) - 1);
        const coefficients = usize(load<f64>(data, 16)) + usize(interval) * (COEFFICIENTS * 16);
        let value = v128.load(coefficients, 112);
        value = f64x2.add(f64x2.mul(value, t), v128.load(coefficients, 96));
        value = f64x2.add(f64x2.mul(value, t), v128.load(coefficients, 80));
        value = f64x2.add(f64x2.mul(value, t), v128.load(coefficients, 64));
        value = f64x2.add(f64x2.mul(value, t), v128.load(coefficients, 48));
        value = f64x2.add(f64x2.mul(value, t), v128.load(coefficients, 32));
        value = f64x2.add(f64x2.mul(value, t), v128.load(coefficients, 16));
        value = f64x2.add(f64x2.mul(value, t), v128.load(coefficients));
        let f = f64x2.extract_lane(value, 0) + load<f64>(data, 40);
        let fSlope = f64x2.extract_lane(value, 1);
        let imaginary = load<f64>(data, 48);
        const damping = load<f64>(data, 56);
        let imaginarySlope: f64 = 0;
        if (damping != 0) {
          const factor = Math.exp(-damping * s2);
          f *= factor;
          fSlope = fSlope * factor - damping * f;
          imaginary *= factor;
          imaginarySlope = -damping * imaginary;
        }
        store<f64>(amp, f);
        store<f64>(amp, imaginary, 8);
        amp += 16;
        pRe += f * re;
        pIm += f * im;
        slopePRe += fSlope * re;
        slopePIm += fSlope * im;
        if (imaginary != 0) {
          qRe += imaginary * re;
          qIm += imaginary * im;
          slopeQRe += imaginarySlope * re;
          slopeQIm += imaginarySlope * im;
        }
      }
      store<i32>(hkl + at * 12, hIndex);
      store<i32>(hkl + at * 12, kIndex, 4);
      store<i32>(hkl + at * 12, l, 8);
      store<f64>(sSquared + (at << 3), s2);
      store<f64>(squared + (at << 3), pRe * pRe + pIm * pIm + qRe * qRe + qIm * qIm);
      store<f64>(slope + (at << 3), 2 * (pRe * slopePRe + pIm * slopePIm + qRe * slopeQRe + qIm * slopeQIm));
      const sum = sums + (at << 5);
      store<f64>(sum, pRe);
      store<f64>(sum, pIm, 8);
      store<f64>(sum, qRe, 16);
      store<f64>(sum, qIm, 24);
      at++;
    }
  }
}

/**
 * Gradient in the sites of Σ weight·|F|², before the factors that all reflections share: frac[3, count] wants −4π·occupancy, uIso wants −16π²·occupancy,
 * occupancy wants 2. `ones` [count] is all 1; `coefficients` is room for 2·(length of the longest row)·groups numbers.
 */
export function pullRows(
  rows: i32,
  h: usize,
  k: usize,
  firstL: usize,
  lastL: usize,
  g11: f64,
  g22: f64,
  g33: f64,
  g12: f64,
  g13: f64,
  g23: f64,
  count: i32,
  ones: usize,
  tables: usize,
  groups: i32,
  groupData: usize,
  row: usize,
  sums: usize,
  amplitude: usize,
  weight: usize,
  coefficients: usize,
  frac: usize,
  uIso: usize,
  occupancy: usize,
): void {
  const bytes = usize(count) << 3;
  const hReZero = usize(load<i32>(tables));
  const hImZero = usize(load<i32>(tables, 4));
  const kReZero = usize(load<i32>(tables, 8));
  const kImZero = usize(load<i32>(tables, 12));
  const lReZero = usize(load<i32>(tables, 16));
  const lImZero = usize(load<i32>(tables, 20));
  const perReflection = usize(groups) << 4;
  let at: usize = 0;
  for (let i = 0; i < rows; i++) {
    const from = load<i32>(firstL + (i << 2));
    const length = load<i32>(lastL + (i << 2)) - from + 1;
    // weight·(f P̄ + f″ Q̄) for every reflection and group of the row.
    let any = false;
    let to = coefficients;
    for (let n = 0; n < length; n++, at++) {
      const w = load<f64>(weight + (at << 3));
      if (w != 0) any = true;
      const sum = sums + (at << 5);
      const pRe = w * load<f64>(sum);
      const pIm = w * load<f64>(sum, 8);
      const qRe = w * load<f64>(sum, 16);
      const qIm = w * load<f64>(sum, 24);
      let amp = amplitude + at * perReflection;
      for (let g = 0; g < groups; g++) {
        const f = load<f64>(amp);
        const imaginary = load<f64>(amp, 8);
        store<f64>(to, f * pRe + imaginary * qRe);
        store<f64>(to, -(f * pIm + imaginary * qIm), 8);
        to += 16;
        amp += 16;
      }
    }
    if (!any) continue;
    const hIndex = load<i32>(h + (i << 2));
    const kIndex = load<i32>(k + (i << 2));
    const hf = f64(hIndex);
    const kf = f64(kIndex);
    const inLayer = 0.25 * (g11 * hf * hf + 2 * g12 * hf * kf + g22 * kf * kf);
    const along = 0.5 * (g13 * hf + g23 * kf);
    const hOffset = usize(hIndex * i32(bytes));
    const kOffset = usize(kIndex * i32(bytes));
    rowPhases(row, count, hReZero + hOffset, hImZero + hOffset, kReZero + kOffset, kImZero + kOffset, ones);
    const offset = usize(from * i32(bytes));
    const end = f64(from + length);
    for (let g = 0; g < groups; g++) {
      const data = groupData + g * 72;
      const lastSite = usize(load<f64>(data, 8)) << 3;
      for (let j = usize(load<f64>(data)) << 3; j < lastSite; j += 16) {
        let lRe = lReZero + offset + j;
        let lIm = lImZero + offset + j;
        let read = coefficients + (usize(g) << 4);
        // Running sums: a of x, b of a, e of b, for the real (0) and imaginary (1) parts.
        let a0 = f64x2.splat(0);
        let a1 = a0;
        let b0 = a0;
        let b1 = a0;
        let e0 = a0;
        let e1 = a0;
        for (let n = 0; n < length; n++) {
          const c = v128.load(lRe);
          const d = v128.load(lIm);
          const x = v128.load64_splat(read);
          const y = v128.load64_splat(read, 8);
          a0 = f64x2.add(a0, f64x2.sub(f64x2.mul(x, c), f64x2.mul(y, d)));
          a1 = f64x2.add(a1, f64x2.add(f64x2.mul(x, d), f64x2.mul(y, c)));
          b0 = f64x2.add(b0, a0);
          b1 = f64x2.add(b1, a1);
          e0 = f64x2.add(e0, b0);
          e1 = f64x2.add(e1, b1);
          lRe += bytes;
          lIm += bytes;
          read += perReflection;
        }
        // l = end − m with m = length − n: Σ l x = end·a − b, Σ l² x = end²·a − 2·end·b + 2e − b.
        const ends = f64x2.splat(end);
        const l0 = f64x2.sub(f64x2.mul(ends, a0), b0);
        const l1 = f64x2.sub(f64x2.mul(ends, a1), b1);
        const ll0 = f64x2.add(f64x2.mul(ends, f64x2.sub(l0, b0)), f64x2.sub(f64x2.add(e0, e0), b0));
        const ll1 = f64x2.add(f64x2.mul(ends, f64x2.sub(l1, b1)), f64x2.sub(f64x2.add(e1, e1), b1));
        const s0 = f64x2.add(f64x2.mul(f64x2.splat(inLayer), a0), f64x2.add(f64x2.mul(f64x2.splat(along), l0), f64x2.mul(f64x2.splat(0.25 * g33), ll0)));
        const s1 = f64x2.add(f64x2.mul(f64x2.splat(inLayer), a1), f64x2.add(f64x2.mul(f64x2.splat(along), l1), f64x2.mul(f64x2.splat(0.25 * g33), ll1)));
        const c = v128.load(row + j);
        const d = v128.load(row + bytes + j);
        const cosine = f64x2.sub(f64x2.mul(c, a0), f64x2.mul(d, a1));
        const sine = f64x2.add(f64x2.mul(c, a1), f64x2.mul(d, a0));
        const sineL = f64x2.add(f64x2.mul(c, l1), f64x2.mul(d, l0));
        const cosineS = f64x2.sub(f64x2.mul(c, s0), f64x2.mul(d, s1));
        const x = frac + j;
        v128.store(x, f64x2.add(v128.load(x), f64x2.mul(f64x2.splat(hf), sine)));
        v128.store(x + bytes, f64x2.add(v128.load(x + bytes), f64x2.mul(f64x2.splat(kf), sine)));
        v128.store(x + 2 * bytes, f64x2.add(v128.load(x + 2 * bytes), sineL));
        v128.store(uIso + j, f64x2.add(v128.load(uIso + j), cosineS));
        v128.store(occupancy + j, f64x2.add(v128.load(occupancy + j), cosine));
      }
    }
  }
}
