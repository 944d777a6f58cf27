import type { StructureFormat } from '@braggscape/core';
import { readCif } from './readCif.js';
import { writeCif } from './writeCif.js';

/** Crystallographic Information File, CIF 1.1 with the quoting of CIF 2.0. */
export const cifFormat: StructureFormat = {
  id: 'cif',
  extensions: ['.cif', '.mcif'],
  recognises: (text) => {
    const first = /^(?:\uFEFF)?(?:[ \t\r\n]+|#[^\r\n]*)*/.exec(text)?.[0].length ?? 0;
    return /^data_/i.test(text.slice(first, first + 5));
  },
  read: readCif,
  write: (structures) => writeCif(structures),
};
