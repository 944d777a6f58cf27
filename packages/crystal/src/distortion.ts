import { BraggscapeError, determinant3, identity3, multiply3, transpose3 } from '@braggscape/core';
import type { Random, Structure } from '@braggscape/core';
import { positionsOf } from './sharedSites.js';

/** How distortions are drawn. */
export interface DistortionOptions {
  /** `uniform`: every number from [−level, level); `normal`: normal deviates of standard deviation `level`. Default `uniform`. */
  readonly distribution?: 'uniform' | 'normal';
}

/** Draws after which a level counts as too high to give cells of the same hand. */
const drawLimit = 1000;

/**
 * The lattice-noise model of the paper (DOI 10.1039/D6DD00017G): L′ = L·(I + E)ᵀ with independent random strain components E_ij
 * (row by row), fractional coordinates kept. A strain that would flatten or invert the cell (det(I + E) ≤ 0, which uniform levels
 * below 1/3 cannot give) is drawn again. The uniform law is this project's reading: the paper prints no distribution.
 *
 * @param level largest strain component (or its standard deviation), ≥ 0
 * @throws BraggscapeError `option.invalid` for a level that is negative, not finite, or so high that only inverted cells come out
 */
export function distortLattice(structure: Structure, level: number, random: Random, options: DistortionOptions = {}): Structure {
  checkLevel(level);
  for (let draw = 0; draw < drawLimit; draw++) {
    const deformation = identity3().map((x) => x + noise(level, random, options));
    if (determinant3(deformation) > 0) return { ...structure, lattice: multiply3(structure.lattice, transpose3(deformation)) };
  }
  throw new BraggscapeError('option.invalid', `strains of level ${level} leave no valid cell`, { hint: 'use a level below 1/3' });
}

/**
 * The coordinate-noise model of the paper: x′ = w(x + ε) with w(u) = u − ⌊u⌋ and independent ε for every fractional component,
 * site by site. Species that share a position move together.
 *
 * @param level largest displacement in fractional units (or its standard deviation), ≥ 0
 * @throws BraggscapeError `option.invalid` for a level that is negative or not finite
 */
export function distortCoordinates(structure: Structure, level: number, random: Random, options: DistortionOptions = {}): Structure {
  checkLevel(level);
  const frac = Float64Array.from(structure.frac);
  for (const { sites } of positionsOf(structure)) {
    for (let x = 0; x < 3; x++) {
      const shift = noise(level, random, options);
      for (const site of sites) frac[3 * site + x] = wrap(frac[3 * site + x] + shift);
    }
  }
  return { ...structure, frac };
}

function noise(level: number, random: Random, { distribution = 'uniform' }: DistortionOptions): number {
  return distribution === 'normal' ? level * random.normal() : random.between(-level, level);
}

function checkLevel(level: number): void {
  if (level >= 0 && Number.isFinite(level)) return;
  throw new BraggscapeError('option.invalid', `the distortion level is ${level}`, { hint: 'give a number that is not negative' });
}

/** Into [0, 1); tiny negative numbers round up to 1, which is 0. */
function wrap(u: number): number {
  const inside = u - Math.floor(u);
  return inside < 1 ? inside : 0;
}
