import type { ScatteringSet } from '../formFactors/scatteringSet.js';
import { instantiateKernel } from '../wasm/kernel.js';
import type { KernelChoice } from '../wasm/kernel.js';
import type { StructureFactorCalculator } from './structureFactors.js';
import { typescriptStructureFactors } from './typescriptStructureFactors.js';
import { wasmStructureFactors } from './wasmStructureFactors.js';

/**
 * A calculator with empty buffers.
 * @param sSquaredMost Å⁻², no later limit is larger
 */
export function createStructureFactorCalculator(set: ScatteringSet, sSquaredMost: number, choice: KernelChoice = 'auto'): StructureFactorCalculator {
  const kernel = choice === 'auto' ? instantiateKernel() : undefined;
  return kernel === undefined ? typescriptStructureFactors(set, sSquaredMost) : wasmStructureFactors(kernel, set, sSquaredMost);
}
