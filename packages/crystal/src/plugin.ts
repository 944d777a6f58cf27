import { definePlugin, structureFormat } from '@braggscape/core';
import { cifFormat } from './io/cif/format.js';
import { extxyzFormat } from './io/extxyz.js';
import { poscarFormat } from './io/poscar.js';
import { pymatgenJsonFormat } from './io/pymatgenJson.js';

/** The structure formats of this package as a plugin. */
export const crystalPlugin = definePlugin({
  meta: { name: '@braggscape/crystal', version: '0.1.0', api: '^0.1.0' },
  structureFormats: {
    cif: structureFormat({
      summary: 'Crystallographic Information File: any setting, several blocks, uncertainties, occupancies, U and B values.',
      source: 'S. R. Hall, F. H. Allen & I. D. Brown, Acta Cryst. A47 (1991) 655',
      schema: {},
      create: () => cifFormat,
    }),
    poscar: structureFormat({ summary: 'VASP POSCAR or CONTCAR with element symbols.', schema: {}, create: () => poscarFormat }),
    extxyz: structureFormat({ summary: 'Extended XYZ with a Lattice entry.', schema: {}, create: () => extxyzFormat }),
    'pymatgen-json': structureFormat({ summary: 'Structure dictionary of pymatgen, or a list of them.', schema: {}, create: () => pymatgenJsonFormat }),
  },
});
