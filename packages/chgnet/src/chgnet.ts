import type { Potential } from '@braggscape/core';
import { graphPotential } from '@braggscape/energy';
import type { Backend } from '@braggscape/energy';

/** Where the model's files lie. */
export const chgnetFolder = new URL('../model/', import.meta.url);

/**
 * CHGNet 0.3.0: energies of the Materials Project's GGA/GGA+U for the first 94 elements, in single precision.
 *
 * @param check whether forces and stress are compared with differences of the energy first; the files' hashes are checked in any case
 * @see B. Deng et al., Nat. Mach. Intell. 5 (2023) 1031, DOI 10.1038/s42256-023-00716-3
 * @throws BraggscapeError `potential.invalid` for files that are not those of the package, `backend.unavailable`
 */
export function chgnet({ backend = 'auto', check = false }: { readonly backend?: Backend; readonly check?: boolean } = {}): Promise<Potential> {
  return graphPotential(chgnetFolder, { id: 'chgnet', backend, check });
}
