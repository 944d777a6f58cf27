export { cosine } from './cosine.js';
export type { CrossCorrelationOptions } from './crossCorrelation.js';
export { crossCorrelation } from './crossCorrelation.js';
export type { MeanSquaredErrorOptions } from './meanSquaredError.js';
export { meanSquaredError } from './meanSquaredError.js';
export type { Normalization } from './normalization.js';
export { metricsPlugin } from './plugin.js';
export { wasserstein } from './wasserstein.js';
