import { instantiateKernel } from '../wasm/kernel.js';
import type { KernelChoice } from '../wasm/kernel.js';
import { prepareAxis } from './axis.js';
import type { GaussianPeaks } from './peaks.js';
import { typescriptGaussianPeaks } from './typescriptGaussianPeaks.js';
import { wasmGaussianPeaks } from './wasmGaussianPeaks.js';

/** Gaussians on an axis: by the compiled kernel where there is one and the axis is uniform, else in plain TypeScript. */
export function gaussianPeaks(twoTheta: Float64Array, choice: KernelChoice = 'auto'): GaussianPeaks {
  const axis = prepareAxis(twoTheta);
  const kernel = choice === 'auto' && axis.step !== undefined ? instantiateKernel() : undefined;
  return kernel === undefined || axis.step === undefined ? typescriptGaussianPeaks(axis) : wasmGaussianPeaks(kernel, twoTheta[0], axis.step, twoTheta.length);
}
