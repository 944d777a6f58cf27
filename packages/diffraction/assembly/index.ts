// Entry of the WebAssembly kernel: every array is given by its address in the module's memory.
export { drawGaussians, gaussianMoments } from './gaussians';
export { fillPhases, pullRows, sumRows } from './structureFactors';
