import { BraggscapeError } from '@braggscape/core';
import type { Need, Projector, Structure, VectorEvaluation, VectorProblem } from '@braggscape/core';
import { cellFromLattice } from '@braggscape/crystal';
import { isInadmissible } from '../run/inadmissible.js';
import type { WeightedObjective } from '../run/structureProblem.js';
import type { Slice } from './slice.js';

/** Å by which the vectors of a projected cell, and its sites, may lie beside the slice for the projection to count as one within it. Files round coordinates, mostly to four digits. */
const LEAST_DISTANCE = { lattice: 1e-6, sites: 1e-3 } as const;

/**
 * A descent that is held in a slice: x is the position relative to the slice's own structure, in Å along each axis; the value is the weighted sum of the objectives at the projected structure.
 * @throws BraggscapeError `option.invalid` from `project`, where the projection leads out of the slice
 */
export function sliceProblem(slice: Slice, objectives: readonly WeightedObjective[], projector: Projector): VectorProblem {
  const { axes, origin, scales } = slice;
  const positionAt = (x: Float64Array): readonly number[] => origin.map((value, k) => value + x[k] / scales[k]);
  const evaluateAt = async (x: Float64Array, need: Need): Promise<VectorEvaluation> => {
    const position = positionAt(x);
    const free = slice.structureAt(position);
    const structure = projector.project(free);
    let value = 0;
    const gradient = new Float64Array(x.length);
    for (const { objective, weight } of objectives) {
      const found = await objective.evaluate(structure, need);
      value += weight * found.value;
      if (found.gradient === undefined) continue;
      const pulled = slice.pullback(position, projector.projectGradient(free, found.gradient));
      for (let k = 0; k < x.length; k++) gradient[k] += (weight * pulled[k]) / scales[k];
    }
    return need === 'value' ? { value } : { value, gradient };
  };
  return {
    size: axes.length,
    async evaluate(x, need) {
      try {
        return await evaluateAt(x, need);
      } catch (error) {
        if (isInadmissible(error)) return { value: Number.NaN };
        throw error;
      }
    },
    project(x) {
      try {
        const free = slice.structureAt(positionAt(x));
        const structure = projector.project(free);
        if (structure === free) return x;
        const position = slice.positionOf(structure);
        checkInside(slice.structureAt(position), structure, projector);
        return Float64Array.from(position, (value, k) => (value - origin[k]) * scales[k]);
      } catch (error) {
        if (isInadmissible(error)) return new Float64Array(x.length).fill(Number.NaN);
        throw error;
      }
    },
  };
}

function checkInside(near: Structure, projected: Structure, { id }: Projector): void {
  const lattice = near.lattice.reduce((most, value, i) => Math.max(most, Math.abs(value - projected.lattice[i])), 0);
  const cell = cellFromLattice(near.lattice);
  const sites = near.frac.reduce((most, value, i) => {
    const shift = value - projected.frac[i];
    return Math.max(most, Math.abs(shift - Math.round(shift)) * cell[i % 3]);
  }, 0);
  if (lattice <= LEAST_DISTANCE.lattice && sites <= LEAST_DISTANCE.sites) return;
  throw new BraggscapeError('option.invalid', `the projection "${id}" leads out of the slice`, {
    path: 'descend',
    hint: 'descend in the full space, or choose axes that the constraint keeps, such as a=b=c or wyckoff:O1.x',
  });
}
