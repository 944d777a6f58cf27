import type { Random } from '@braggscape/core';

/**
 * Background as diffractometers have it: scattering by air that falls off with the angle, a level, and the diffuse hump of something amorphous, with
 * shares, positions and widths drawn at random.
 *
 * @returns [m] smooth and positive, 1 at its highest
 */
export function simulatedBackground(twoTheta: Float64Array, random: Random): Float64Array {
  const first = twoTheta[0];
  const range = twoTheta[twoTheta.length - 1] - first;
  const decay = random.between(0.1, 0.4) * range;
  const level = random.between(0.2, 0.6);
  const hump = random.between(0, 0.6);
  const centre = first + random.between(0.15, 0.5) * range;
  const width = random.between(0.05, 0.12) * range;
  const shape = twoTheta.map((angle) => level + Math.exp((first - angle) / decay) + hump * Math.exp(-0.5 * ((angle - centre) / width) ** 2));
  const highest = shape.reduce((most, y) => Math.max(most, y), 0);
  return shape.map((y) => y / highest);
}
