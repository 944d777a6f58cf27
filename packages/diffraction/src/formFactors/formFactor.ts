import { BraggscapeError } from '@braggscape/core';
import { elementSymbol } from '@braggscape/crystal';
import { pymatgenTable } from './pymatgenTable.js';

/** 8π²m₀e²/h² in Å⁻²: turns the electron-scattering expansion into an X-ray one by the Mott–Bethe formula. */
const MOTT_BETHE = 41.78214;

/**
 * X-ray form factor of a neutral atom, electrons, without anomalous dispersion:
 * f(s) = Z − 41.78214 s² Σ a exp(−b s²) with s = sin θ/λ (De Graef & McHenry 2012, the set pymatgen uses). Meant for s up to about 2 Å⁻¹.
 *
 * @param z atomic number
 * @param sSquared s² in Å⁻²
 * @throws BraggscapeError `structure.unsupported` for an element without parameters
 */
export function formFactor(z: number, sSquared: number): number {
  const p = formFactorParameters(z);
  return z - MOTT_BETHE * sSquared * expansion(p, sSquared);
}

/** Derivative of {@link formFactor} in s², Å². */
export function formFactorSlope(z: number, sSquared: number): number {
  const p = formFactorParameters(z);
  let slope = 0;
  for (let i = 0; i < 8; i += 2) slope += p[i] * (1 - p[i + 1] * sSquared) * Math.exp(-p[i + 1] * sSquared);
  return -MOTT_BETHE * slope;
}

/**
 * Parameters a1, b1 … a4, b4 of an element.
 * @throws BraggscapeError `structure.unsupported` for an element without parameters
 */
export function formFactorParameters(z: number): readonly number[] {
  const found = pymatgenTable[z] as readonly number[] | undefined;
  if (found !== undefined) return found;
  throw new BraggscapeError('structure.unsupported', `no X-ray form factor is known for ${elementSymbol(z)}`, {
    hint: 'the table reaches from hydrogen to californium',
  });
}

function expansion(p: readonly number[], sSquared: number): number {
  let sum = 0;
  for (let i = 0; i < 8; i += 2) sum += p[i] * Math.exp(-p[i + 1] * sSquared);
  return sum;
}
