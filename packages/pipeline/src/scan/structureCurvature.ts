import { BraggscapeError } from '@braggscape/core';
import type { Objective, Structure } from '@braggscape/core';
import { structureParameterization } from '@braggscape/crystal';
import { curvatureSpectrum } from '@braggscape/landscape';
import type { CurvatureSpectrum } from '@braggscape/landscape';

/** Å of the differences: narrow against the width of peaks, wide enough for energies in single precision. */
const STEP = { metrics: 1e-5, energies: 5e-3 } as const;

/**
 * Curvatures of an objective at a structure over cell and coordinates, everything in Å.
 *
 * Directions count as flat below 1e-7 of the largest curvature, and below 1e-4 for energies, which come in single precision.
 * @throws BraggscapeError `option.invalid` for an objective without gradient
 */
export async function structureCurvature(structure: Structure, objective: Objective): Promise<CurvatureSpectrum> {
  if (!objective.provides.has('gradient')) throw new BraggscapeError('option.invalid', `objective "${objective.id}" has no gradient`, { hint: 'choose one that can be descended' });
  const parameterization = structureParameterization(structure, { vary: ['cell', 'coords'] });
  const gradientAt = async (x: Float64Array): Promise<Float64Array> => {
    const { gradient } = await objective.evaluate(parameterization.unpack(x), 'gradient');
    return gradient === undefined ? new Float64Array(x.length).fill(Number.NaN) : parameterization.pullback(x, gradient);
  };
  return curvatureSpectrum(gradientAt, parameterization.pack(structure), objective.unit === 'eV/atom' ? { step: STEP.energies, flatTolerance: 1e-4 } : { step: STEP.metrics, flatTolerance: 1e-7 });
}

/** Directions of a spectrum from the softest to the stiffest, without the flat ones. */
export function softModes({ eigenvalues, eigenvectors, flat }: CurvatureSpectrum): readonly Float64Array[] {
  const order = Array.from(eigenvalues.keys()).sort((a, b) => Math.abs(eigenvalues[a]) - Math.abs(eigenvalues[b]));
  return order.slice(flat).map((i) => eigenvectors[i]);
}
