import { siteCount } from '@braggscape/core';
import type { Structure, StructureGradient } from '@braggscape/core';
import { checkGradient } from './checkGradient.js';
import type { DifferentiableFunction, GradientCheckOptions } from './checkGradient.js';

/** The blocks of a structure's numbers, in the order of {@link structureToVector}. */
export const structureBlocks = ['lattice', 'frac', 'uIso', 'occupancy'] as const;

/** All numbers of a structure as one vector: lattice [9], frac [3n], uIso [n], occupancy [n]. */
export function structureToVector(structure: Structure): Float64Array {
  return Float64Array.from(structureBlocks.flatMap((block) => [...structure[block]]));
}

/** The structure with its numbers from a vector; the rest as in `like`. */
export function structureFromVector(x: Float64Array, like: Structure): Structure {
  const n = siteCount(like);
  return {
    ...like,
    lattice: x.slice(0, 9),
    frac: x.slice(9, 9 + 3 * n),
    uIso: x.slice(9 + 3 * n, 9 + 4 * n),
    occupancy: x.slice(9 + 4 * n),
  };
}

/** A structure's gradient as a vector of the same order; missing blocks are zero. */
export function gradientToVector(gradient: StructureGradient, like: Structure): Float64Array {
  return Float64Array.from(structureBlocks.flatMap((block) => [...(gradient[block] ?? new Float64Array(like[block].length))]));
}

/** Indices of each block in the vector of a structure: gradients are checked block by block, because their units and sizes differ. */
export function blockComponents(structure: Structure): readonly (readonly number[])[] {
  let first = 0;
  return structureBlocks.map((block) => {
    const { length } = structure[block];
    const indices = Array.from({ length }, (_, i) => first + i);
    first += length;
    return indices;
  });
}

/** {@link checkGradient} of a function of a structure's vector, block by block. */
export async function checkBlocks(
  f: DifferentiableFunction,
  structure: Structure,
  options: GradientCheckOptions,
  blocks: readonly (readonly number[])[] = blockComponents(structure),
): Promise<number> {
  let worst = 0;
  for (const components of blocks) worst = Math.max(worst, await checkGradient(f, structureToVector(structure), { components, ...options }));
  return worst;
}
