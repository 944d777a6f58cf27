// How near a step comes to what the machine can do: the multiply-adds that the direct method needs, counted from the geometry, over the time of the
// step, against the best rate of small kernels in the same run. An addition or a multiplication that stands alone counts as one.
import { twoThetaAxis } from '@braggscape/core';
import { mean, row, timesOf } from './measure.mjs';
import { benchStructures, range, readCase, reflectionAngles, width } from './step.mjs';

/** Standard deviations after which the peaks are cut: the kernel's own figure if it tells it. */
const { GAUSSIAN_REACH: reach = 7 } = await import('../packages/diffraction/dist/profile/gaussian.js').catch(() => ({}));
const sigma = Math.sqrt(width.w / (8 * Math.LN2));

/** Per reflection and atom: e^{2πi h·x} by one complex product into F (4), the same product in the pullback (4), its sums, plain and times l (4). */
const perReflectionAtom = 12;
/** Per peak and point in reach: recurrence and sum when drawing (3); recurrence, distance and three moments in the gradient (8). */
const perPeakPoint = 11;

/** Points of the axis that lie within reach of the peaks, summed over peaks, and the number of peaks that reach the axis. */
export function pointsInReach(lattice, axis) {
  const [start, stop, step] = [axis[0], axis.at(-1), axis[1] - axis[0]];
  let points = 0;
  let peaks = 0;
  for (const center of reflectionAngles(lattice, stop + reach * sigma)) {
    const first = Math.max(0, Math.ceil((center - reach * sigma - start) / step));
    const last = Math.min(axis.length - 1, Math.floor((center + reach * sigma - start) / step));
    if (last < first) continue;
    points += last - first + 1;
    peaks++;
  }
  return { points, peaks };
}

/** What one step needs. */
function multiplyAdds({ lattice, numbers }) {
  const { points, peaks } = pointsInReach(lattice, twoThetaAxis(range));
  return perReflectionAtom * peaks * numbers.length + perPeakPoint * points;
}

/** Print the rate of the measured steps (in the order of the files) beside those of the micro-kernels; returns rates in 10⁹ multiply-adds per second. */
export function benchRoofline(steps) {
  const simd = simdKernel();
  const rounds = 2e6;
  const best = {
    simd: (2 * accumulators * rounds) / (1e6 * Math.min(...timesOf(() => simd(rounds), 0.3))),
    scalar: (accumulators * rounds) / (1e6 * Math.min(...timesOf(() => scalarKernel(rounds), 0.3))),
  };
  const counts = benchStructures().map((file) => multiplyAdds(readCase(file).structure));
  const times = steps.map(({ stepMs }) => stepMs);
  const achieved = mean(counts) / (1e6 * mean(times));
  console.log(`roofline, 10⁹ multiply-adds a second on one core: best of WebAssembly SIMD f64x2 ${best.simd.toFixed(2)}, of plain JavaScript ${best.scalar.toFixed(2)}\n`);
  console.log(row(['structure', 'multiply-adds', 'rate', '% of SIMD', '% of scalar']));
  const line = (name, count, rate) => console.log(row([name, Math.round(count), rate.toFixed(2), percent(rate / best.simd), percent(rate / best.scalar)]));
  steps.forEach(({ structure }, i) => line(structure, counts[i], counts[i] / (1e6 * times[i])));
  line('mean step', mean(counts), achieved);
  console.log(`\ncounted: ${perReflectionAtom} a reflection pair and atom, ${perPeakPoint} a peak and point within ±${reach}σ; exponentials, tables and the loss are left out\n`);
  return { achieved, ...best, fraction: achieved / best.simd, fractionOfScalar: achieved / best.scalar };
}

const percent = (value) => (100 * value).toFixed(0);

/** Independent sums: enough to hide the latency of each, few enough to stay in the sixteen vector registers (fourteen halve the rate). */
const accumulators = 12;

/**
 * A WebAssembly function of n that runs n rounds of `a = a·x + y` on twelve f64x2 vectors. Assembled by hand: the module is one loop.
 */
function simdKernel() {
  const section = (id, ...bytes) => [id, ...leb(bytes.length), ...bytes];
  const get = (local) => [0x20, local];
  const set = (local) => [0x21, local];
  const f64x2 = { splat: [0xfd, 0x14], add: [0xfd, 0xf0, 0x01], mul: [0xfd, 0xf2, 0x01], lane0: [0xfd, 0x21, 0] };
  const f64 = (value) => [0x44, ...new Uint8Array(Float64Array.of(value).buffer)];
  const [x, y, firstSum] = [1, 2, 3];
  const sums = Array.from({ length: accumulators }, (_, i) => firstSum + i);
  const code = [
    ...[1, accumulators + 2, 0x7b], // locals: x, y and the sums, v128; local 0 is n
    ...[...f64(0.999999), ...f64x2.splat, ...set(x), ...f64(1e-6), ...f64x2.splat, ...set(y)],
    ...[0x03, 0x40], // loop
    ...sums.flatMap((sum) => [...get(sum), ...get(x), ...f64x2.mul, ...get(y), ...f64x2.add, ...set(sum)]),
    ...[...get(0), 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b], // n = n − 1; again while it is not 0; end
    ...sums.flatMap((sum, i) => [...get(sum), ...f64x2.lane0, ...(i === 0 ? [] : [0xa0])]), // Σ of the first lanes, so that nothing is optimized away
    0x0b,
  ];
  const bytes = Uint8Array.of(
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 1, 0x60, 1, 0x7f, 1, 0x7c), // type i32 → f64
    ...section(3, 1, 0),
    ...section(7, 1, 1, 0x66, 0, 0), // export "f"
    ...section(10, 1, ...leb(code.length), ...code),
  );
  return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports.f;
}

/** Unsigned LEB128. */
function leb(value) {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >> 7)];
}

/** The same with as many sums in plain JavaScript. */
function scalarKernel(rounds) {
  const [x, y] = [0.999999, 1e-6];
  let [a, b, c, d, e, f, g, h, i, j, k, l] = new Array(accumulators).fill(0);
  for (let round = 0; round < rounds; round++) {
    a = a * x + y;
    b = b * x + y;
    c = c * x + y;
    d = d * x + y;
    e = e * x + y;
    f = f * x + y;
    g = g * x + y;
    h = h * x + y;
    i = i * x + y;
    j = j * x + y;
    k = k * x + y;
    l = l * x + y;
  }
  return a + b + c + d + e + f + g + h + i + j + k + l;
}
