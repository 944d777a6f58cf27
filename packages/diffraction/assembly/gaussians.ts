// Gaussian peaks on a uniform axis. Neighbouring points of a Gaussian have ratios that form a geometric sequence, so after one start every point costs two
// multiplications; lanes run through the points in strides of 8 (drawing) or 4 (moments). Arrays have 8 spare entries at their end, because the
// last stride may run over it; drawing and moments use the same points, so that one is the exact transpose of the other.

/** Where a peak is cut, in standard deviations; the same number as in src/profile/peaks.ts. */
const REACH: f64 = 7;
const INVERSE_ROOT_TWO_PI: f64 = 0.3989422804014327;
/** Peaks narrower than this many steps are drawn point by point, since a stride's ratio would overflow. */
const NARROW: f64 = 0.5;

// @ts-ignore: decorator
@inline
function first(center: f64, reach: f64, start: f64, inverseStep: f64, points: i32): i32 {
  return i32(Math.min(f64(points), Math.max(0, Math.ceil((center - reach - start) * inverseStep))));
}

/**
 * pattern[points + 8] = Σ area·G(2θ − center, sigma). Fills edge[count, 3] with what moments needs: value of a unit peak at its first point, ratio of
 * the second to the first, damping of the ratio.
 */
export function drawGaussians(pattern: usize, points: i32, start: f64, step: f64, count: i32, center: usize, sigma: usize, area: usize, edge: usize): void {
  const inverseStep = 1 / step;
  let lastSigma: f64 = -1;
  let damping: f64 = 0;
  let damping8: f64 = 0;
  let damping28: f64 = 0;
  let damping64 = f64x2.splat(0);
  let inverse: f64 = 0;
  for (let p = 0; p < count; p++) {
    const s = load<f64>(sigma + (p << 3));
    if (s == 0) continue;
    const c = load<f64>(center + (p << 3));
    const from = first(c, REACH * s, start, inverseStep, points);
    const end = first(c, -REACH * s, start, inverseStep, points);
    if (from >= end) continue;
    if (s != lastSigma) {
      lastSigma = s;
      inverse = 0.5 / (s * s);
      damping = Math.exp(-2 * inverse * step * step);
      const squared = damping * damping;
      const fourth = squared * squared;
      damping8 = fourth * fourth;
      damping28 = damping8 * damping8 * damping8 * fourth;
      const d16 = damping8 * damping8;
      const d32 = d16 * d16;
      damping64 = f64x2.splat(d32 * d32);
    }
    const u = start + f64(from) * step - c;
    const unit = (INVERSE_ROOT_TWO_PI / s) * Math.exp(-inverse * u * u);
    const ratio = Math.exp(-inverse * step * (2 * u + step));
    const at = edge + p * 24;
    store<f64>(at, unit);
    store<f64>(at, ratio, 8);
    store<f64>(at, damping, 16);
    const value = load<f64>(area + (p << 3)) * unit;
    if (s < NARROW * step) {
      drawNarrow(pattern, from, end, value, ratio, damping);
      continue;
    }
    // Values and ratios of the first eight points.
    let r = ratio;
    const v1 = value * r;
    r *= damping;
    const v2 = v1 * r;
    r *= damping;
    const v3 = v2 * r;
    r *= damping;
    const v4 = v3 * r;
    r *= damping;
    const v5 = v4 * r;
    r *= damping;
    const v6 = v5 * r;
    r *= damping;
    const v7 = v6 * r;
    const ratio2 = ratio * ratio;
    const ratio4 = ratio2 * ratio2;
    const stride0 = ratio4 * ratio4 * damping28;
    const stride1 = stride0 * damping8;
    const step16 = f64x2.splat(damping8 * damping8);
    let g0 = f64x2.replace_lane(f64x2.splat(value), 1, v1);
    let g1 = f64x2.replace_lane(f64x2.splat(v2), 1, v3);
    let g2 = f64x2.replace_lane(f64x2.splat(v4), 1, v5);
    let g3 = f64x2.replace_lane(f64x2.splat(v6), 1, v7);
    let r0 = f64x2.replace_lane(f64x2.splat(stride0), 1, stride1);
    let r1 = f64x2.mul(r0, step16);
    let r2 = f64x2.mul(r1, step16);
    let r3 = f64x2.mul(r2, step16);
    let to = pattern + (usize(from) << 3);
    const stop = pattern + (usize(end) << 3);
    while (to < stop) {
      v128.store(to, f64x2.add(v128.load(to), g0));
      v128.store(to, f64x2.add(v128.load(to, 16), g1), 16);
      v128.store(to, f64x2.add(v128.load(to, 32), g2), 32);
      v128.store(to, f64x2.add(v128.load(to, 48), g3), 48);
      g0 = f64x2.mul(g0, r0);
      g1 = f64x2.mul(g1, r1);
      g2 = f64x2.mul(g2, r2);
      g3 = f64x2.mul(g3, r3);
      r0 = f64x2.mul(r0, damping64);
      r1 = f64x2.mul(r1, damping64);
      r2 = f64x2.mul(r2, damping64);
      r3 = f64x2.mul(r3, damping64);
      to += 64;
    }
  }
}

function drawNarrow(pattern: usize, from: i32, end: i32, value: f64, ratio: f64, damping: f64): void {
  let v = value;
  let r = ratio;
  for (let i = from; i < end; i++) {
    const to = pattern + (usize(i) << 3);
    store<f64>(to, load<f64>(to) + v);
    v *= r;
    r *= damping;
  }
}

/**
 * moments[count, 3] = Σ d G, Σ d G u, Σ d G u² of unit peaks, u = 2θ − center; after drawGaussians with the same peaks. Instead of weighing by powers of u, running
 * sums of running sums are kept (summation by parts), which saves multiplications.
 */
export function gaussianMoments(d: usize, points: i32, start: f64, step: f64, count: i32, center: usize, sigma: usize, edge: usize, moments: usize): void {
  const inverseStep = 1 / step;
  const stride = f64x2.splat(4 * step);
  const strideSquared = f64x2.splat(16 * step * step);
  let lastDamping: f64 = -1;
  let damping16 = f64x2.splat(0);
  let damping4: f64 = 0;
  let damping6: f64 = 0;
  for (let p = 0; p < count; p++) {
    const out = moments + p * 24;
    const s = load<f64>(sigma + (p << 3));
    const c = load<f64>(center + (p << 3));
    const from = first(c, REACH * s, start, inverseStep, points);
    const end = first(c, -REACH * s, start, inverseStep, points);
    if (s == 0 || from >= end) {
      store<f64>(out, 0);
      store<f64>(out, 0, 8);
      store<f64>(out, 0, 16);
      continue;
    }
    const at = edge + p * 24;
    const value = load<f64>(at);
    const ratio = load<f64>(at, 8);
    const damping = load<f64>(at, 16);
    const u = start + f64(from) * step - c;
    if (s < NARROW * step) {
      narrowMoments(d, from, end, value, ratio, damping, u, step, out);
      continue;
    }
    if (damping != lastDamping) {
      lastDamping = damping;
      const squared = damping * damping;
      damping4 = squared * squared;
      damping6 = damping4 * squared;
      const d8 = damping4 * damping4;
      damping16 = f64x2.splat(d8 * d8);
    }
    let r = ratio;
    const v1 = value * r;
    r *= damping;
    const v2 = v1 * r;
    r *= damping;
    const v3 = v2 * r;
    const ratio2 = ratio * ratio;
    const stride0 = ratio2 * ratio2 * damping6;
    const stride1 = stride0 * damping4;
    let g0 = f64x2.replace_lane(f64x2.splat(value), 1, v1);
    let g1 = f64x2.replace_lane(f64x2.splat(v2), 1, v3);
    let r0 = f64x2.replace_lane(f64x2.splat(stride0), 1, stride1);
    let r1 = f64x2.mul(r0, f64x2.splat(damping4 * damping4));
    let a0 = f64x2.splat(0);
    let a1 = a0;
    let b0 = a0;
    let b1 = a0;
    let e0 = a0;
    let e1 = a0;
    // As many points as were drawn: strides of eight, two halves each.
    const strides = ((end - from + 7) >> 3) << 1;
    let read = d + (usize(from) << 3);
    for (let i = 0; i < strides; i++) {
      a0 = f64x2.add(a0, f64x2.mul(v128.load(read), g0));
      a1 = f64x2.add(a1, f64x2.mul(v128.load(read, 16), g1));
      b0 = f64x2.add(b0, a0);
      b1 = f64x2.add(b1, a1);
      e0 = f64x2.add(e0, b0);
      e1 = f64x2.add(e1, b1);
      g0 = f64x2.mul(g0, r0);
      g1 = f64x2.mul(g1, r1);
      r0 = f64x2.mul(r0, damping16);
      r1 = f64x2.mul(r1, damping16);
      read += 32;
    }
    // With j = strides − i: Σ x = a, Σ j x = b, Σ j² x = 2e − b; and u = (u of the lane one stride after its last) − j·stride.
    const after = u + f64(strides) * 4 * step;
    const u0 = f64x2.replace_lane(f64x2.splat(after), 1, after + step);
    const u1 = f64x2.add(u0, f64x2.splat(2 * step));
    const first0 = f64x2.sub(f64x2.mul(u0, a0), f64x2.mul(stride, b0));
    const first1 = f64x2.sub(f64x2.mul(u1, a1), f64x2.mul(stride, b1));
    const second0 = f64x2.add(f64x2.mul(u0, f64x2.sub(first0, f64x2.mul(stride, b0))), f64x2.mul(strideSquared, f64x2.sub(f64x2.add(e0, e0), b0)));
    const second1 = f64x2.add(f64x2.mul(u1, f64x2.sub(first1, f64x2.mul(stride, b1))), f64x2.mul(strideSquared, f64x2.sub(f64x2.add(e1, e1), b1)));
    const m0 = f64x2.add(a0, a1);
    const m1 = f64x2.add(first0, first1);
    const m2 = f64x2.add(second0, second1);
    store<f64>(out, f64x2.extract_lane(m0, 0) + f64x2.extract_lane(m0, 1));
    store<f64>(out, f64x2.extract_lane(m1, 0) + f64x2.extract_lane(m1, 1), 8);
    store<f64>(out, f64x2.extract_lane(m2, 0) + f64x2.extract_lane(m2, 1), 16);
  }
}

function narrowMoments(d: usize, from: i32, end: i32, value: f64, ratio: f64, damping: f64, firstU: f64, step: f64, out: usize): void {
  let v = value;
  let r = ratio;
  let m0: f64 = 0;
  let m1: f64 = 0;
  let m2: f64 = 0;
  for (let i = from; i < end; i++) {
    const u = firstU + f64(i - from) * step;
    const x = load<f64>(d + (usize(i) << 3)) * v;
    m0 += x;
    m1 += x * u;
    m2 += x * u * u;
    v *= r;
    r *= damping;
  }
  store<f64>(out, m0);
  store<f64>(out, m1, 8);
  store<f64>(out, m2, 16);
}
