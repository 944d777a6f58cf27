import { B_PER_U, inverse3 } from '@braggscape/core';
import type { Source } from '@braggscape/core';
import { cifColumn, isPlaceholder } from './document.js';
import type { CifBlock, CifValue } from './document.js';
import { requiredNumber } from './number.js';

/**
 * U_iso in Å² of the sites of a block, by row of the site list: from `_atom_site_U_iso_or_equiv`, else `_atom_site_B_iso_or_equiv`
 * (B = 8π²U), else the equivalent isotropic value of the anisotropic tensor of the site's label, else 0.
 */
export function displacementReader(
  block: CifBlock,
  lattice: Float64Array,
  source: Source,
): (row: number, label: string | undefined) => number {
  const u = cifColumn(block, '_atom_site_U_iso_or_equiv', '_atom_site_U_equiv_geom_mean');
  const b = cifColumn(block, '_atom_site_B_iso_or_equiv', '_atom_site_B_equiv_geom_mean');
  const equivalents = equivalentDisplacements(block, lattice, source);
  return (row, label) => {
    const uValue = u?.[row];
    if (uValue !== undefined && !isPlaceholder(uValue)) return requiredNumber(uValue, 'U_iso', source).value;
    const bValue = b?.[row];
    if (bValue !== undefined && !isPlaceholder(bValue)) return requiredNumber(bValue, 'B_iso', source).value / B_PER_U;
    return (label === undefined ? undefined : equivalents.get(label)) ?? 0;
  };
}

const components = ['11', '22', '33', '12', '13', '23'] as const;

/** U_eq by label from the list of anisotropic tensors; sites with a placeholder among the six numbers are left out. */
function equivalentDisplacements(block: CifBlock, lattice: Float64Array, source: Source): ReadonlyMap<string, number> {
  const out = new Map<string, number>();
  for (const [letter, factor] of [['B', 1 / B_PER_U], ['U', 1]] as const) {
    const tags = components.map((ij) => `_atom_site_aniso_${letter}_${ij}`);
    const columns = tags.map((tag) => cifColumn(block, tag));
    if (!columns.every((column): column is readonly CifValue[] => column !== undefined)) continue;
    // Without labels of their own the tensors stand in the site list itself.
    const labels = cifColumn(block, '_atom_site_aniso_label', '_atom_site_label') ?? [];
    labels.forEach((label, row) => {
      const values = columns.map((column) => column[row]);
      if (values.some((value) => value === undefined || isPlaceholder(value))) return;
      const tensor = values.map((value, k) => requiredNumber(value, `${letter}_${components[k]}`, source).value * factor);
      out.set(label.text, equivalentU(tensor, lattice));
    });
  }
  return out;
}

/**
 * U_eq = ⅓ Σ_ij U_ij a*_i a*_j (a_i·a_j), one third of the trace in Cartesian axes, for any cell
 * (Fischer & Tillmanns, Acta Cryst. C44 (1988) 775).
 * @param tensor [6] U11, U22, U33, U12, U13, U23 in Å², as of exp(−2π² Σ U_ij h_i h_j a*_i a*_j)
 */
export function equivalentU(tensor: readonly number[], lattice: Float64Array): number {
  const [u11, u22, u33, u12, u13, u23] = tensor;
  const u = [u11, u12, u13, u12, u22, u23, u13, u23, u33];
  // Columns of the inverse are the reciprocal vectors, without 2π.
  const inverse = inverse3(lattice);
  const reciprocal = [0, 1, 2].map((i) => Math.hypot(inverse[i], inverse[3 + i], inverse[6 + i]));
  let sum = 0;
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      let dot = 0;
      for (let x = 0; x < 3; x++) dot += lattice[3 * i + x] * lattice[3 * j + x];
      sum += u[3 * i + j] * reciprocal[i] * reciprocal[j] * dot;
    }
  }
  return sum / 3;
}
