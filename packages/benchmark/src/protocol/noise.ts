/** The two noise models of the paper, by their names in tables. */
export const noiseModels = ['lattice', 'coords'] as const;
export type NoiseModel = (typeof noiseModels)[number];

/** Levels of the paper: largest strain, largest fractional displacement. */
export const paperLevels: Readonly<Record<NoiseModel, readonly number[]>> = {
  lattice: [0.01, 0.05, 0.1, 0.15, 0.2],
  coords: [0.001, 0.005, 0.01, 0.05, 0.1],
};
