import type { Evaluation, Need, Objective, Potential, Structure, StructureGradient } from '@braggscape/core';
import { BraggscapeError, determinant3, inverse3, multiply3, siteCount, transpose3 } from '@braggscape/core';

/**
 * A potential as an objective: energy per atom in eV, with the chain rule from forces and stress to the structure's own numbers.
 *
 * At constant fractional coordinates a change of the lattice is a strain, so with F the forces (rows), σ the stress, V the volume:
 * ∂E/∂frac = −F·Lᵀ and ∂E/∂L = V L⁻ᵀ σ.
 */
export function energyObjective(potential: Potential): Objective {
  const complete = potential.provides.has('forces') && potential.provides.has('stress');
  return {
    id: potential.id,
    unit: 'eV/atom',
    provides: new Set<Need>(complete ? ['value', 'gradient'] : ['value']),
    async evaluate(structure, need, signal): Promise<Evaluation> {
      checkElements(potential, structure);
      const { energy, forces, stress } = await potential.compute(structure, signal);
      const n = siteCount(structure);
      if (need === 'value') return { value: energy / n };
      if (forces === undefined || stress === undefined) {
        throw new BraggscapeError('option.invalid', `potential "${potential.id}" gives no forces and stress`, {
          hint: 'use it for evaluation only, or choose another',
        });
      }
      return { value: energy / n, gradient: energyGradient(structure, forces, stress) };
    },
    dispose: () => potential.dispose?.(),
  };
}

/** Gradient of the energy per atom from forces [n,3] eV/Å and stress [3,3] eV/Å³. */
export function energyGradient(structure: Structure, forces: Float64Array, stress: Float64Array): StructureGradient {
  const { lattice } = structure;
  const n = siteCount(structure);
  const volume = Math.abs(determinant3(lattice));
  const dLattice = multiply3(transpose3(inverse3(lattice)), stress).map((value) => (value * volume) / n);
  const frac = new Float64Array(3 * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < 3; k++) {
      let sum = 0;
      for (let x = 0; x < 3; x++) sum += forces[3 * i + x] * lattice[3 * k + x];
      frac[3 * i + k] = -sum / n;
    }
  return { lattice: dLattice, frac };
}

function checkElements(potential: Potential, structure: Structure): void {
  const missing = potential.elements === undefined ? undefined : structure.numbers.find((z) => !potential.elements?.has(z));
  if (missing !== undefined) {
    throw new BraggscapeError('element.unknown', `potential "${potential.id}" does not know the element with atomic number ${missing}`, {
      hint: 'choose a potential made for it',
    });
  }
  if (structure.occupancy.some((occupancy) => occupancy !== 1)) {
    throw new BraggscapeError('structure.unsupported', `potential "${potential.id}" needs fully occupied sites`, {
      hint: 'choose an ordered approximant of the disordered structure',
    });
  }
}
