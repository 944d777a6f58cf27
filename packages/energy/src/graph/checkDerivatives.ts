import { BraggscapeError, multiply3 } from '@braggscape/core';
import type { Potential, Structure } from '@braggscape/core';
import type { PotentialSignature } from './potentialSignature.js';

/** Å, and strain, of a step of a difference: in single precision larger steps than usual. */
const STEP = 0.01;
/** How far a derivative may be from the difference: relative to the largest, and in eV/Å or eV. */
const TOLERANCE = { relative: 0.05, absolute: 0.02 };

/**
 * Compare forces and stress with central differences of the energy at a crystal of four atoms without symmetry: whatever a signature or a graph has wrong about names,
 * units, signs or the gradient shows here.
 *
 * @param angstroms the graph's unit of length
 * @throws BraggscapeError `potential.invalid` with both numbers
 */
export async function checkDerivatives(potential: Potential, { elements, cutoff, angleCutoff }: PotentialSignature, angstroms: number, path: string): Promise<void> {
  // Near neighbours well within the shortest cutoff.
  const distance = Math.min(3, 0.75 * (angleCutoff ?? cutoff) * angstroms);
  const crystal = crystalWith(elements.length === 0 ? [6, 8] : [elements[Math.min(5, elements.length - 1)], elements[Math.min(7, elements.length - 1)]], distance);
  const energy = async (structure: Structure): Promise<number> => (await potential.compute(structure)).energy;
  const { energy: at, forces, stress } = await potential.compute(crystal);
  const fault = (message: string, hint: string): never => {
    throw new BraggscapeError('potential.invalid', message, { path, hint });
  };
  if (!Number.isFinite(at) || forces?.every(Number.isFinite) !== true || stress?.every(Number.isFinite) !== true) {
    return fault(`the graph gives numbers that are not finite for a crystal with a nearest distance of ${distance.toPrecision(3)} Å`, 'check its units and cutoff, or turn the check off');
  }
  const volume = volumeOf(crystal);
  const scale = Math.max(...forces.map(Math.abs), ...stress.map((value) => Math.abs(value * volume)));
  const compare = (what: string, given: number, difference: number): void => {
    if (Math.abs(given - difference) <= TOLERANCE.absolute + TOLERANCE.relative * scale) return;
    fault(`${what} is ${given.toPrecision(4)} where a difference of the energy gives ${difference.toPrecision(4)}`, 'check the signs and units of the graph’s outputs and the order of the bonds; check: false turns this off');
  };
  for (const [site, axis] of [[0, 0], [1, 1], [2, 2]] as const) {
    const slope = (await energy(moved(crystal, site, axis, STEP))) - (await energy(moved(crystal, site, axis, -STEP)));
    compare(`a force (eV/Å)`, forces[3 * site + axis], -slope / (2 * STEP));
  }
  for (const [row, column] of [[0, 0], [1, 2]] as const) {
    const slope = (await energy(strained(crystal, row, column, STEP))) - (await energy(strained(crystal, row, column, -STEP)));
    compare('the stress times the volume (eV)', volume * stress[3 * row + column], slope / (2 * STEP));
  }
}

/** Four atoms in a skewed cell, near neighbours about `distance` apart. */
function crystalWith([a, b]: readonly number[], distance: number): Structure {
  const edge = 1.5 * distance;
  return {
    lattice: Float64Array.of(edge, 0, 0, 0.1 * edge, 1.05 * edge, 0, -0.07 * edge, 0.12 * edge, 1.1 * edge),
    frac: Float64Array.of(0, 0, 0, 0.53, 0.47, 0.04, 0.48, 0.05, 0.51, 0.02, 0.55, 0.46),
    numbers: Uint8Array.of(a, b, a, b),
    occupancy: new Float64Array(4).fill(1),
    uIso: new Float64Array(4),
  };
}

function volumeOf({ lattice: l }: Structure): number {
  return l[0] * (l[4] * l[8] - l[5] * l[7]) - l[1] * (l[3] * l[8] - l[5] * l[6]) + l[2] * (l[3] * l[7] - l[4] * l[6]);
}

/** One atom moved by `step` Å along an axis. */
function moved(structure: Structure, site: number, axis: number, step: number): Structure {
  // The cell is lower triangular, so its inverse is found by substitution.
  const { lattice: l } = structure;
  const shift = [0, 0, 0];
  shift[axis] = step;
  const z = shift[2] / l[8];
  const y = (shift[1] - z * l[7]) / l[4];
  const x = (shift[0] - y * l[3] - z * l[6]) / l[0];
  const frac = structure.frac.slice();
  frac[3 * site] += x;
  frac[3 * site + 1] += y;
  frac[3 * site + 2] += z;
  return { ...structure, frac };
}

/** The cell under a symmetric strain in one component. */
function strained(structure: Structure, row: number, column: number, step: number): Structure {
  const strain = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
  strain[3 * row + column] += step / 2;
  strain[3 * column + row] += step / 2;
  return { ...structure, lattice: multiply3(structure.lattice, strain) };
}
