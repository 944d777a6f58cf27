import type { NoiseModel } from '../protocol/noise.js';

/**
 * Mutual information between similarity and AMD distance, in nats, as published: Segal et al., Digital Discovery 2026, DOI 10.1039/D6DD00017G, Table 1. By noise model, level and setting; the
 * constraint is one on the lattice and was not run on coordinates.
 */
const published: Readonly<Record<NoiseModel, Readonly<Record<string, Readonly<Record<string, number>>>>>> = {
  lattice: {
    0.01: { cosine: 1.09, mse: 0.25, entropy: 0.76, 'cross-correlation': 0.22, 'cosine+constraint': 1.4 },
    0.05: { cosine: 0.12, mse: 0.16, entropy: 0.53, 'cross-correlation': 0.08, 'cosine+constraint': 1.55 },
    0.1: { cosine: 0.09, mse: 0.06, entropy: 0.21, 'cross-correlation': 0.07, 'cosine+constraint': 1.12 },
    0.15: { cosine: 0.03, mse: 0.02, entropy: 0.02, 'cross-correlation': 0, 'cosine+constraint': 0.9 },
    0.2: { cosine: 0.07, mse: 0.02, entropy: 0.01, 'cross-correlation': 0.03, 'cosine+constraint': 0.85 },
  },
  coords: {
    0.001: { cosine: 1.05, mse: 0.32, entropy: 0.68, 'cross-correlation': 1.02 },
    0.005: { cosine: 0.83, mse: 0.48, entropy: 0.53, 'cross-correlation': 0.82 },
    0.01: { cosine: 0.44, mse: 0.67, entropy: 0.56, 'cross-correlation': 1.01 },
    0.05: { cosine: 0.96, mse: 0.36, entropy: 1.41, 'cross-correlation': 1.81 },
    0.1: { cosine: 0.77, mse: 0.32, entropy: 1.06, 'cross-correlation': 1 },
  },
};

/** The published mutual information of a cell, nats; undefined where nothing was published. */
export function paperMutualInformation(noise: NoiseModel, level: number, setting: string): number | undefined {
  return published[noise][level]?.[setting];
}
