import { randomPoisson } from 'd3-random';
import { BraggscapeError } from '@braggscape/core';
import type { Pattern, PatternModel, Random, Structure } from '@braggscape/core';
import { simulatedBackground } from './simulatedBackground.js';

/** What makes a simulated pattern look measured. All zero, and `counts` null: the pattern as calculated. */
export interface MeasurementNoise {
  /** Counts at the strongest point, background included, each point then drawn from Poisson's distribution; null: no counting. */
  readonly counts: number | null;
  /** Height of the background relative to the strongest point. */
  readonly background: number;
  /** Largest zero shift, degrees; the shift is uniform in ±this. */
  readonly zeroShift: number;
  /** Largest |ln r| of March and Dollase's r for a direction of low indices; ln r is uniform in ±this. */
  readonly texture: number;
}

/** Directions that texture is drawn from. */
const directions: readonly (readonly [number, number, number])[] = [
  [0, 0, 1],
  [1, 0, 0],
  [0, 1, 0],
  [1, 1, 0],
  [1, 0, 1],
  [1, 1, 1],
];

/**
 * Simulate a pattern with the faults of a measurement.
 *
 * @param twoTheta [m] degrees
 * @param random the parts draw from generators of their own, so that changing one leaves the others' numbers
 * @returns with σ = √counts (at least 1) where counts are drawn
 * @throws BraggscapeError `option.invalid` if texture is asked of a model that has none
 */
export function noisyPattern(model: PatternModel, structure: Structure, twoTheta: Float64Array, noise: MeasurementNoise, random: Random): Pattern {
  const textured = noise.texture > 0 ? withTexture(model, noise.texture, random.derive('texture')) : model;
  const shift = noise.zeroShift > 0 ? random.derive('zeroShift').between(-noise.zeroShift, noise.zeroShift) : 0;
  // A pattern that is moved up is the same pattern on an axis moved down, whatever the model.
  const intensity = textured.on(shift === 0 ? twoTheta : twoTheta.map((angle) => angle - shift)).simulate(structure);
  const strongest = intensity.reduce((most, y) => Math.max(most, y), 0);
  if (noise.background > 0) {
    const background = simulatedBackground(twoTheta, random.derive('background'));
    for (let i = 0; i < intensity.length; i++) intensity[i] += noise.background * strongest * background[i];
  }
  const pattern: Pattern = { twoTheta, intensity, wavelength: model.wavelength };
  return noise.counts === null ? pattern : counted(pattern, noise.counts, random.derive('counts'));
}

/** Counts of a scan whose strongest point has `most` of them on average. */
function counted(pattern: Pattern, most: number, random: Random): Pattern {
  const strongest = pattern.intensity.reduce((max, y) => Math.max(max, y), 0);
  const scale = strongest > 0 ? most / strongest : 0;
  const poisson = randomPoisson.source(() => random.uniform());
  const intensity = pattern.intensity.map((y) => (y * scale > 0 ? poisson(y * scale)() : 0));
  return { ...pattern, intensity, sigma: intensity.map((counts) => Math.sqrt(Math.max(1, counts))) };
}

function withTexture(model: PatternModel, most: number, random: Random): PatternModel {
  if (model.textured === undefined) {
    throw new BraggscapeError('option.invalid', `the pattern model "${model.id}" has no preferred orientation`, { path: 'pattern.noise.texture', hint: 'set it to 0, or choose another model' });
  }
  return model.textured({ direction: directions[random.integer(directions.length)], r: Math.exp(random.between(-most, most)) });
}
