import type { Potential, PotentialResult } from '@braggscape/core';
import { checkDistances, checkIsolated, checkSites } from '../checkStructure.js';
import { neighbourSearch } from '../neighbours/neighbourSearch.js';
import type { PotentialParts } from './potentialParts.js';

/** Level `positions`: the graph takes positions and lattice, and gives energy, forces and stress itself (stress in its unit of energy over that of volume). */
export function positionsPotential({ id, signature, executor, units }: PotentialParts): Potential {
  const cutoff = signature.cutoff * units.length;
  const elements = signature.elements.length === 0 ? undefined : new Set(signature.elements);
  const search = neighbourSearch(cutoff);
  return {
    id,
    backend: executor.backend,
    provides: new Set(['forces', 'stress']),
    ...(elements === undefined ? {} : { elements }),
    async compute(structure, signal): Promise<PotentialResult> {
      signal?.throwIfAborted();
      checkSites(structure, id, elements);
      const bonds = search(structure);
      checkDistances(structure, bonds);
      if (signature.isolatedAtoms === 'error') checkIsolated(structure, bonds, id, cutoff);
      const { lattice, frac, numbers } = structure;
      const n = numbers.length;
      const positions = new Float32Array(3 * n);
      for (let i = 0; i < n; i++)
        for (let x = 0; x < 3; x++) positions[3 * i + x] = (frac[3 * i] * lattice[x] + frac[3 * i + 1] * lattice[3 + x] + frac[3 * i + 2] * lattice[6 + x]) / units.length;
      const inputs: Record<string, { data: Float32Array | Int32Array; shape: number[] }> = {
        atomicNumbers: { data: Int32Array.from(numbers), shape: [n] },
        positions: { data: positions, shape: [n, 3] },
        lattice: { data: Float32Array.from(lattice, (value) => value / units.length), shape: [3, 3] },
        bondFirst: { data: bonds.first, shape: [bonds.count] },
        bondSecond: { data: bonds.second, shape: [bonds.count] },
        bondImages: { data: Float32Array.from(bonds.image.subarray(0, 3 * bonds.count)), shape: [bonds.count, 3] },
      };
      const outputs = await executor.run(Object.fromEntries(Object.entries(signature.inputs).map(([key, name]) => [name, inputs[key]])));
      const output = (key: string): Float32Array => outputs[signature.outputs[key]];
      const { length, energy } = units;
      return {
        energy: output('energy').reduce((sum, value) => sum + value, 0) * energy,
        forces: Float64Array.from(output('forces'), (value) => (value * energy) / length),
        stress: Float64Array.from(output('stress'), (value) => (value * energy) / length ** 3),
        ...('magneticMoments' in signature.outputs ? { sites: { magneticMoments: Float64Array.from(output('magneticMoments')) } } : {}),
      };
    },
    dispose: () => {
      executor.dispose();
    },
  };
}
