import { determinant3, inverse3, multiply3, transpose3 } from '@braggscape/core';
import type { Potential, Structure } from '@braggscape/core';
import { blockComponents, checkBlocks, gradientToVector, structureFromVector } from './structureVector.js';
import { tolerances } from './tolerances.js';
import { law } from './violation.js';

/**
 * Check a potential at some structures: an energy that is extensive in a supercell, that stays the same if the crystal is turned, shifted, or its sites are listed in another order, and that has
 * no jumps or kinks while the crystal is stretched and neighbours leave the cutoff; forces −∂E/∂r and stress (1/V) ∂E/∂ε that agree with central differences of the energy.
 *
 * @returns largest relative difference of the gradients
 * @throws LawViolation
 */
export async function checkPotential(
  potential: Potential,
  structures: readonly Structure[],
  { tolerance = tolerances.singlePrecisionGradient, steps = [1e-3, 1e-2, 1e-4] }: { readonly tolerance?: number; readonly steps?: readonly number[] } = {},
): Promise<number> {
  let worst = 0;
  for (const [index, structure] of structures.entries()) {
    const name = `${potential.id} at structure ${index}`;
    const energy = async (s: Structure): Promise<number> => (await potential.compute(s)).energy;
    const e = await energy(structure);
    law(Number.isFinite(e), () => `${name}: energy ${e}`);
    const scale = tolerance * Math.max(1, Math.abs(e));
    const doubled = await energy(supercell(structure));
    law(Math.abs(doubled - 2 * e) <= 2 * scale, () => `${name}: ${doubled} eV in a doubled cell, ${e} eV in the single one`);
    const turned = await energy({ ...structure, lattice: multiply3(structure.lattice, rotation) });
    law(Math.abs(turned - e) <= scale, () => `${name}: ${turned} eV after a rotation, ${e} eV before`);
    const shifted = await energy({ ...structure, frac: structure.frac.map((x, i) => x + [0.37, 0.91, -0.23][i % 3]) });
    law(Math.abs(shifted - e) <= scale, () => `${name}: ${shifted} eV after a shift, ${e} eV before`);
    const reordered = await energy(reversed(structure));
    law(Math.abs(reordered - e) <= scale, () => `${name}: ${reordered} eV with sites in reverse order, ${e} eV before`);
    await checkSmoothness(energy, structure, name, 0.1 * scale);
    if (!potential.provides.has('forces') || !potential.provides.has('stress')) continue;
    const f = {
      value: (x: Float64Array) => energy(structureFromVector(x, structure)),
      async gradient(x: Float64Array) {
        const s = structureFromVector(x, structure);
        const { forces, stress } = await potential.compute(s);
        law(forces !== undefined && stress !== undefined, () => `${name}: forces or stress promised and not given`);
        return gradientToVector(chainRule(s, forces, stress), s);
      },
    };
    // Lattice and coordinates; a potential knows no displacements and no occupancies.
    const blocks = blockComponents(structure).slice(0, 2);
    worst = Math.max(worst, await checkBlocks(f, structure, { name, tolerance, steps, floor: 1e-2 }, blocks));
  }
  return worst;
}

/** ∂E/∂frac = −F·Lᵀ and ∂E/∂L = V L⁻ᵀ σ. */
function chainRule({ lattice }: Structure, forces: Float64Array, stress: Float64Array): { lattice: Float64Array; frac: Float64Array } {
  const volume = Math.abs(determinant3(lattice));
  const frac = forces.map((_, at) => {
    const [i, k] = [Math.floor(at / 3), at % 3];
    return -(forces[3 * i] * lattice[3 * k] + forces[3 * i + 1] * lattice[3 * k + 1] + forces[3 * i + 2] * lattice[3 * k + 2]);
  });
  return { lattice: multiply3(transpose3(inverse3(lattice)), stress).map((value) => value * volume), frac };
}

/** Stretch of the crystal in a step, and the number of steps. */
const [STRETCH, STRETCHES] = [1e-3, 80];

/** Second differences of the energy while the crystal is stretched: a jump or a kink stands out from those beside it. */
async function checkSmoothness(energy: (structure: Structure) => Promise<number>, structure: Structure, name: string, limit: number): Promise<void> {
  const energies: number[] = [];
  for (let k = 0; k <= STRETCHES; k++) energies.push(await energy({ ...structure, lattice: structure.lattice.map((x) => x * (1 + k * STRETCH)) }));
  const bends = energies.slice(2).map((value, k) => value - 2 * energies[k + 1] + energies[k]);
  bends.slice(2, -2).forEach((bend, k) => {
    const [, , middle] = bends.slice(k, k + 5).sort((a, b) => a - b);
    law(Math.abs(bend - middle) <= limit, () => `${name}: the energy bends by ${bend} eV at a stretch of ${(1 + (k + 3) * STRETCH).toFixed(3)}, by ${middle} eV beside it`);
  });
}

/** The sites in reverse order. */
function reversed(structure: Structure): Structure {
  const n = structure.numbers.length;
  const backwards = Array.from({ length: n }, (_, i) => n - 1 - i);
  return {
    ...structure,
    frac: Float64Array.from(backwards.flatMap((i) => [...structure.frac.subarray(3 * i, 3 * i + 3)])),
    numbers: Uint8Array.from(backwards, (i) => structure.numbers[i]),
    occupancy: Float64Array.from(backwards, (i) => structure.occupancy[i]),
    uIso: Float64Array.from(backwards, (i) => structure.uIso[i]),
  };
}

/** Twice the cell along a. */
function supercell(structure: Structure): Structure {
  const shifted = (by: number): number[] => [...structure.frac].map((x, i) => (i % 3 === 0 ? (x + by) / 2 : x));
  const twice = (values: Float64Array): Float64Array => Float64Array.from([...values, ...values]);
  return {
    lattice: structure.lattice.map((x, i) => (i < 3 ? 2 * x : x)),
    frac: Float64Array.from([...shifted(0), ...shifted(1)]),
    numbers: Uint8Array.from([...structure.numbers, ...structure.numbers]),
    occupancy: twice(structure.occupancy),
    uIso: twice(structure.uIso),
  };
}

/** About z by 30° and about x by 40°. */
const rotation = ((): Float64Array => {
  const [c, s, d, t] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6), Math.cos((2 * Math.PI) / 9), Math.sin((2 * Math.PI) / 9)];
  return multiply3(Float64Array.of(c, s, 0, -s, c, 0, 0, 0, 1), Float64Array.of(1, 0, 0, 0, d, t, 0, -t, d));
})();
