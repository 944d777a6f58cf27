import { formFactorParameters, MOTT_BETHE } from './formFactor.js';
import { radialTable } from './radialTable.js';
import type { RadialTable } from './radialTable.js';

export interface ScatteringSet {
  readonly id: string;
  readonly radiation: 'x-ray' | 'neutron';
  radial(z: number, sSquaredMost: number): RadialTable;
  constant(z: number): readonly [number, number];
}

export const pymatgenSet: ScatteringSet = {
  id: 'pymatgen',
  radiation: 'x-ray',
  radial: (z, limit) => {
    const p = formFactorParameters(z);
    const f = (q: number): number => {
      let sum = 0;
      for (let i = 0; i < 8; i += 2) sum += p[i] * Math.exp(-p[i + 1] * q);
      return z - MOTT_BETHE * q * sum;
    };
    return radialTable(f, limit);
  },
  constant: () => [0, 0],
};

export type ScatteringSetId = 'pymatgen' | 'waasmaier-kirfel' | 'neutron';
export const scatteringSetIds: readonly ScatteringSetId[] = ['pymatgen', 'waasmaier-kirfel', 'neutron'];
export function scatteringSet(_id: ScatteringSetId, _wavelength: number | undefined): ScatteringSet {
  return pymatgenSet;
}
