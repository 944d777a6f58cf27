import { BraggscapeError } from '@braggscape/core';
import { elementSymbol } from '@braggscape/crystal';
import { dispersionTable } from './dispersionTable.js';
import { formFactor, formFactorParameters } from './formFactor.js';
import { neutronLengthTable } from './neutronLengthTable.js';
import { radialTable } from './radialTable.js';
import type { RadialTable } from './radialTable.js';
import { waasmaierKirfelTable } from './waasmaierKirfelTable.js';

/** Names of the sets. */
export type ScatteringSetId = 'pymatgen' | 'waasmaier-kirfel' | 'neutron';

/** All names, in the order they are listed to people. */
export const scatteringSetIds: readonly ScatteringSetId[] = ['pymatgen', 'waasmaier-kirfel', 'neutron'];

/** Scattering powers of the elements: a radial part, and a constant. */
export interface ScatteringSet {
  readonly id: ScatteringSetId;
  readonly radiation: 'x-ray' | 'neutron';
  /**
   * Radial part as a table: electrons for X-rays, 0 for neutrons.
   * @param sSquaredMost largest s², Å⁻²
   * @throws BraggscapeError `structure.unsupported` for an element without data
   */
  radial(z: number, sSquaredMost: number): RadialTable;
  /**
   * f′ and f″ in electrons, or the coherent scattering length in fm (and 0).
   * @throws BraggscapeError `structure.unsupported` for an element without data
   */
  constant(z: number): readonly [number, number];
}

/** A wavelength counts as an anode's Kα if it is this near, relatively: both lines of each doublet are. */
const NEAR = 0.005;
/** Tables kept; a program that meets more starts over. */
const KEPT = 1000;
const tables = new Map<string, RadialTable>();

/** The set pymatgen uses, without dispersion. */
export const pymatgenSet: ScatteringSet = scatteringSet('pymatgen', undefined);

/**
 * A set of scattering powers.
 *
 * @param wavelength Å; f′ and f″ (Chantler) are added if it is near the Kα of Cr, Fe, Co, Cu, Mo or Ag. Left out, or elsewhere: no dispersion.
 */
export function scatteringSet(id: ScatteringSetId, wavelength: number | undefined): ScatteringSet {
  if (id === 'neutron') {
    return {
      id,
      radiation: 'neutron',
      radial: (_z, sSquaredMost) => kept(`none ${sSquaredMost}`, () => radialTable(() => 0, 0, sSquaredMost)),
      constant: (z) => [known(neutronLengthTable[z] as number | undefined, z, 'neutron scattering length'), 0],
    };
  }
  const dispersion = wavelength === undefined ? undefined : dispersionTable.find((entry) => Math.abs(entry.wavelength / wavelength - 1) < NEAR)?.values;
  return {
    id,
    radiation: 'x-ray',
    radial: (z, sSquaredMost) =>
      kept(`${id} ${z} ${sSquaredMost}`, () => {
        if (id === 'pymatgen') return radialTable((q) => formFactor(z, q), largestOf(formFactorParameters(z)), sSquaredMost);
        const p = known(waasmaierKirfelTable[z] as readonly number[] | undefined, z, 'X-ray form factor of Waasmaier and Kirfel');
        return radialTable((q) => waasmaierKirfel(p, q), largestOf(p.slice(0, 10)), sSquaredMost);
      }),
    constant: (z) => dispersion?.[z] ?? [0, 0],
  };
}

/** Σ a exp(−b q) + c (Waasmaier & Kirfel, Acta Cryst. A51 (1995) 416). */
function waasmaierKirfel(p: readonly number[], q: number): number {
  let sum = p[10];
  for (let i = 0; i < 10; i += 2) sum += p[i] * Math.exp(-p[i + 1] * q);
  return sum;
}

/** Largest b of a1, b1, a2, b2, … */
function largestOf(p: readonly number[]): number {
  return p.reduce((most, value, i) => (i % 2 === 1 ? Math.max(most, value) : most), 0);
}

function known<Value>(value: Value | undefined, z: number, what: string): Value {
  if (value !== undefined) return value;
  throw new BraggscapeError('structure.unsupported', `no ${what} is known for ${elementSymbol(z)}`, { hint: `choose another set: ${scatteringSetIds.join(', ')}` });
}

function kept(key: string, make: () => RadialTable): RadialTable {
  const found = tables.get(key);
  if (found !== undefined) return found;
  if (tables.size >= KEPT) tables.clear();
  const made = make();
  tables.set(key, made);
  return made;
}
