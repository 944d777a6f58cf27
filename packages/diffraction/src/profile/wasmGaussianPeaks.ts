import type { Kernel } from '../wasm/kernel.js';
import { createModuleArrays } from '../wasm/memory.js';
import type { GaussianPeaks } from './peaks.js';

const kinds = { pattern: 'f64', d: 'f64', center: 'f64', width: 'f64', area: 'f64', edge: 'f64', moments: 'f64' } as const;
/** Points that a stride may run over the end. */
const SPARE = 8;

/** Gaussians by the compiled kernel, eight points of a uniform axis at a time. */
export function wasmGaussianPeaks(kernel: Kernel, start: number, step: number, points: number): GaussianPeaks {
  const memory = createModuleArrays(kernel.memory, kinds);
  const { arrays } = memory;
  let drawn = 0;
  return {
    reserve(count) {
      memory.reserve({ pattern: points + SPARE, d: points + SPARE, center: count, width: count, area: count, edge: 3 * count, moments: 3 * count });
      return { center: arrays.center.view, width: arrays.width.view, area: arrays.area.view };
    },
    draw(count) {
      const { pattern, center, width, area, edge } = arrays;
      drawn = count;
      pattern.view.fill(0);
      kernel.drawGaussians(pattern.address, points, start, step, count, center.address, width.address, area.address, edge.address);
      return pattern.view.subarray(0, points);
    },
    moments(values) {
      const { d, center, width, edge, moments } = arrays;
      d.view.set(values);
      d.view.fill(0, points, points + SPARE);
      kernel.gaussianMoments(d.address, points, start, step, drawn, center.address, width.address, edge.address, moments.address);
      return moments.view;
    },
  };
}
