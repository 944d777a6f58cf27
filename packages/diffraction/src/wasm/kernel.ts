import { kernelBase64 } from './kernelBytes.js';

/** Functions of the compiled kernel (assembly/), which take addresses in its memory. */
export interface Kernel {
  readonly memory: WebAssembly.Memory;
  fillPhases(re: number, im: number, base: number, count: number, largest: number): void;
  sumRows(...addressesAndNumbers: readonly number[]): void;
  pullRows(...addressesAndNumbers: readonly number[]): void;
  drawGaussians(pattern: number, points: number, start: number, step: number, count: number, center: number, sigma: number, area: number, edge: number): void;
  gaussianMoments(d: number, points: number, start: number, step: number, count: number, center: number, sigma: number, edge: number, moments: number): void;
}

/** Which code computes: compiled to WebAssembly where the platform has it (`auto`), or plain TypeScript. Both give the same numbers to 1e-10. */
export type KernelChoice = 'auto' | 'typescript';

let compiled: WebAssembly.Module | undefined | 'unavailable';

/** A fresh instance of the kernel with its own memory; undefined where the platform has no WebAssembly with SIMD, and plain TypeScript must do. */
export function instantiateKernel(): Kernel | undefined {
  compiled ??= compile();
  if (compiled === 'unavailable') return undefined;
  return new WebAssembly.Instance(compiled).exports as unknown as Kernel;
}

function compile(): WebAssembly.Module | 'unavailable' {
  if (typeof WebAssembly === 'undefined') return 'unavailable';
  const bytes = Uint8Array.from(atob(kernelBase64), (letter) => letter.charCodeAt(0));
  return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : 'unavailable';
}
