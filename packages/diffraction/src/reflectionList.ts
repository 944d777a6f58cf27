import { BraggscapeError, DEGREES_PER_RADIAN, RADIANS_PER_DEGREE } from '@braggscape/core';
import type { Reflection, Structure } from '@braggscape/core';
import { lorentzPolarization } from './corrections/lorentzPolarization.js';
import { pymatgenSet } from './formFactors/scatteringSet.js';
import type { ScatteringSet } from './formFactors/scatteringSet.js';
import { createStructureFactorCalculator } from './structureFactors/createStructureFactors.js';

/** Reflections closer than this in 2θ (degrees) are one line, as in pymatgen. */
const SAME_ANGLE = 1e-5;
/** Lines weaker than this part of the strongest are extinct up to rounding. */
const EXTINCT = 1e-12;

/**
 * The stick pattern between two Bragg angles, ascending: reflections of equal angle merged, extinct ones left out. A line carries the indices of
 * its lexicographically largest reflection.
 *
 * @param from @param to degrees 2θ, both inclusive
 * @param radiation form factors (default: pymatgen's) and K of the Lorentz-polarization factor (default 1)
 * @throws BraggscapeError `option.invalid` for a reversed or impossible range; `structure.unsupported` as the pattern does
 */
export function listReflections(
  structure: Structure,
  wavelength: number,
  from: number,
  to: number,
  { set = pymatgenSet, polarization = 1 }: { readonly set?: ScatteringSet; readonly polarization?: number } = {},
): readonly Reflection[] {
  if (!(from >= 0 && from < to && to < 180)) {
    throw new BraggscapeError('option.invalid', `the 2θ range runs from ${from} to ${to}`, { hint: '0 ≤ start < stop < 180 degrees', path: 'twoTheta' });
  }
  const limit = (Math.sin((to / 2) * RADIANS_PER_DEGREE) / wavelength) ** 2;
  const { count, hkl, sSquared, squared } = createStructureFactorCalculator(set, limit).compute(structure, limit);
  const order = Int32Array.from({ length: count }, (_, i) => i).sort((i, j) => sSquared[i] - sSquared[j]);
  const lines: { -readonly [K in keyof Reflection]: Reflection[K] }[] = [];
  for (const r of order) {
    const p = wavelength * wavelength * sSquared[r];
    const twoTheta = 2 * DEGREES_PER_RADIAN * Math.asin(Math.sqrt(p));
    if (!(twoTheta >= from && twoTheta <= to)) continue;
    // Of hkl and its Friedel mate, the one whose first index that is not zero is positive: the half sphere holds just these.
    const [h, k, l] = hkl.subarray(3 * r, 3 * r + 3);
    const intensity = 2 * squared[r] * lorentzPolarization(p, polarization);
    const last = lines.at(-1);
    if (last !== undefined && twoTheta - last.twoTheta < SAME_ANGLE) {
      Object.assign(last, larger(last, { h, k, l }));
      last.multiplicity += 2;
      last.intensity += intensity;
    } else {
      lines.push({ h, k, l, dSpacing: 1 / (2 * Math.sqrt(sSquared[r])), twoTheta, multiplicity: 2, intensity });
    }
  }
  const strongest = lines.reduce((most, { intensity }) => Math.max(most, intensity), 0);
  return lines.filter(({ intensity }) => intensity > EXTINCT * strongest);
}

interface Indices {
  readonly h: number;
  readonly k: number;
  readonly l: number;
}

function larger(a: Indices, b: Indices): Indices {
  const { h, k, l } = a.h !== b.h ? (a.h > b.h ? a : b) : a.k !== b.k ? (a.k > b.k ? a : b) : a.l >= b.l ? a : b;
  return { h, k, l };
}
