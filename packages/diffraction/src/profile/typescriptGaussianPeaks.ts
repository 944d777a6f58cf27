import { firstPointFrom } from './axis.js';
import type { Axis } from './axis.js';
import { GAUSSIAN_REACH } from './peaks.js';
import type { GaussianPeaks } from './peaks.js';

const NORMALIZATION = 1 / Math.sqrt(2 * Math.PI);
/** Points the compiled kernel takes at once, except for peaks narrower than so many steps. */
const STRIDE = 8;
const NARROW = 0.5;

/** The reference in plain TypeScript, and what runs on uneven axes and where there is no WebAssembly. */
export function typescriptGaussianPeaks(axis: Axis): GaussianPeaks {
  const { twoTheta, step } = axis;
  const pattern = new Float64Array(twoTheta.length);
  // Values of the current peak, so that drawing and moments share how they come about.
  const shape = new Float64Array(twoTheta.length);
  let buffers = { center: new Float64Array(0), width: new Float64Array(0), area: new Float64Array(0) };
  let moments = new Float64Array(0);
  let drawn = 0;

  /** Fill `shape` with the peak of unit area from point `first` to before `end`. */
  function fillShape(first: number, end: number, center: number, sigma: number): void {
    const a = 1 / (2 * sigma * sigma);
    const height = NORMALIZATION / sigma;
    if (step === undefined) {
      for (let i = first; i < end; i++) {
        const u = twoTheta[i] - center;
        shape[i] = height * Math.exp(-a * u * u);
      }
      return;
    }
    // From the point nearest the maximum outwards, so that rounding errors of the recurrence shrink with the peak:
    // g(u + δ) = g(u)·r(u), r(u + δ) = r(u)·exp(−2aδ²).
    const top = Math.min(end - 1, Math.max(first, Math.round((center - twoTheta[0]) / step)));
    const u = twoTheta[top] - center;
    const damping = Math.exp(-2 * a * step * step);
    const peak = height * Math.exp(-a * u * u);
    let g = peak;
    let r = Math.exp(-a * step * (step + 2 * u));
    for (let i = top; i < end; i++) {
      shape[i] = g;
      g *= r;
      r *= damping;
    }
    r = Math.exp(-a * step * (step - 2 * u));
    g = peak * r;
    for (let i = top - 1; i >= first; i--) {
      r *= damping;
      shape[i] = g;
      g *= r;
    }
  }

  /** One past the last point of a peak from point `first`: on a uniform axis as many points as the compiled kernel takes, so that both draw the same. */
  function endOf(first: number, center: number, sigma: number): number {
    const end = firstPointFrom(axis, center + GAUSSIAN_REACH * sigma);
    if (step === undefined || first >= end || sigma < NARROW * step) return end;
    return Math.min(twoTheta.length, first + STRIDE * Math.ceil((end - first) / STRIDE));
  }

  return {
    reserve(count) {
      if (buffers.center.length < count) {
        const room = Math.ceil(1.25 * count);
        buffers = { center: new Float64Array(room), width: new Float64Array(room), area: new Float64Array(room) };
        moments = new Float64Array(3 * room);
      }
      return buffers;
    },
    draw(count) {
      const { center, width, area } = buffers;
      drawn = count;
      pattern.fill(0);
      for (let p = 0; p < count; p++) {
        if (width[p] === 0) continue;
        const first = firstPointFrom(axis, center[p] - GAUSSIAN_REACH * width[p]);
        const end = endOf(first, center[p], width[p]);
        if (first >= end) continue;
        fillShape(first, end, center[p], width[p]);
        for (let i = first; i < end; i++) pattern[i] += area[p] * shape[i];
      }
      return pattern;
    },
    moments(d) {
      const { center, width } = buffers;
      for (let p = 0; p < drawn; p++) {
        let [m0, m1, m2] = [0, 0, 0];
        const first = firstPointFrom(axis, center[p] - GAUSSIAN_REACH * width[p]);
        const end = endOf(first, center[p], width[p]);
        if (width[p] !== 0 && first < end) {
          fillShape(first, end, center[p], width[p]);
          for (let i = first; i < end; i++) {
            const u = twoTheta[i] - center[p];
            const x = d[i] * shape[i];
            m0 += x;
            m1 += x * u;
            m2 += x * u * u;
          }
        }
        moments[3 * p] = m0;
        moments[3 * p + 1] = m1;
        moments[3 * p + 2] = m2;
      }
      return moments;
    },
  };
}
