export { cosine } from './cosine.js';
export type { MeanSquaredErrorOptions } from './meanSquaredError.js';
export { meanSquaredError } from './meanSquaredError.js';
export type { Normalization } from './normalization.js';
export { metricsPlugin } from './plugin.js';
