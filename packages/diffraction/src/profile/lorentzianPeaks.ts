import { firstPointFrom, prepareAxis } from './axis.js';
import type { PeakBuffers } from './peaks.js';

/** Draws Lorentzians on one axis. Their tails are taken smoothly to zero at a fixed distance, by the factor (1 − (u/reach)²)², so that nothing jumps where they end. */
export interface LorentzianPeaks {
  /** Buffers with room for so many peaks; those given before are dead. */
  reserve(count: number): PeakBuffers;
  /** Add the first `count` peaks to a pattern [m]. */
  addTo(pattern: Float64Array, count: number): void;
  /**
   * [count, 3] Σ d L, d(Σ d L)/d center, d(Σ d L)/d width with L the peak of unit area before the tails are cut, for the peaks drawn last. A work buffer.
   * @param d [m]
   */
  moments(d: Float64Array): Float64Array;
}

/**
 * Lorentzians on an axis.
 * @param reach degrees from the centre to where the tails end; Infinity leaves them whole
 */
export function lorentzianPeaks(twoTheta: Float64Array, reach: number): LorentzianPeaks {
  const axis = prepareAxis(twoTheta);
  const taper = 1 / (reach * reach);
  let buffers = { center: new Float64Array(0), width: new Float64Array(0), area: new Float64Array(0) };
  let moments = new Float64Array(0);
  let drawn = 0;
  return {
    reserve(count) {
      if (buffers.center.length < count) {
        const room = Math.ceil(1.25 * count);
        buffers = { center: new Float64Array(room), width: new Float64Array(room), area: new Float64Array(room) };
        moments = new Float64Array(3 * room);
      }
      return buffers;
    },
    addTo(pattern, count) {
      const { center, width, area } = buffers;
      drawn = count;
      for (let p = 0; p < count; p++) {
        const gamma = width[p];
        if (gamma === 0) continue;
        const first = firstPointFrom(axis, center[p] - reach);
        const end = firstPointFrom(axis, center[p] + reach);
        const height = (area[p] * gamma) / Math.PI;
        const squared = gamma * gamma;
        for (let i = first; i < end; i++) {
          const u = twoTheta[i] - center[p];
          const cut = 1 - u * u * taper;
          pattern[i] += (height * cut * cut) / (u * u + squared);
        }
      }
    },
    moments(d) {
      const { center, width } = buffers;
      for (let p = 0; p < drawn; p++) {
        const gamma = width[p];
        const squared = gamma * gamma;
        let [value, alongCenter, alongWidth] = [0, 0, 0];
        if (gamma !== 0) {
          const first = firstPointFrom(axis, center[p] - reach);
          const end = firstPointFrom(axis, center[p] + reach);
          for (let i = first; i < end; i++) {
            const u = twoTheta[i] - center[p];
            const cut = 1 - u * u * taper;
            const inverse = 1 / (u * u + squared);
            const x = (d[i] * cut * inverse) / Math.PI;
            value += x * cut;
            // −d/du of cut²·γ/(u² + γ²), and its derivative in γ; γ is multiplied in below.
            alongCenter += x * u * (4 * taper + 2 * cut * inverse);
            alongWidth += x * cut * (1 - 2 * squared * inverse);
          }
        }
        moments[3 * p] = value * gamma;
        moments[3 * p + 1] = alongCenter * gamma;
        moments[3 * p + 2] = alongWidth;
      }
      return moments;
    },
  };
}
