import { expect } from 'chai';
import { randomFromSeed, structureFrom, withFields } from '@braggscape/core';
import type { Potential, Structure } from '@braggscape/core';
import { energyObjective } from '@braggscape/pipeline';

/**
 * Pair potential φ(r) = (r − 2)² e^(−r²) summed over a fixed set of images: smooth, with forces and stress written out.
 * Bonds: vectors between all pairs and images within ±1 cell.
 */
const pair: Potential = {
  id: 'pair',
  provides: new Set(['forces', 'stress']),
  elements: new Set([14]),
  compute({ lattice, frac, numbers }: Structure) {
    const n = numbers.length;
    const forces = new Float64Array(3 * n);
    const stress = new Float64Array(9);
    let energy = 0;
    const det =
      lattice[0] * (lattice[4] * lattice[8] - lattice[5] * lattice[7]) -
      lattice[1] * (lattice[3] * lattice[8] - lattice[5] * lattice[6]) +
      lattice[2] * (lattice[3] * lattice[7] - lattice[4] * lattice[6]);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        for (let image = 0; image < 27; image++) {
          const shift = [(image % 3) - 1, (Math.floor(image / 3) % 3) - 1, Math.floor(image / 9) - 1];
          if (i === j && image === 13) continue;
          const d = [0, 1, 2].map((k) => frac[3 * j + k] - frac[3 * i + k] + shift[k]);
          const v = [0, 1, 2].map((x) => d[0] * lattice[x] + d[1] * lattice[3 + x] + d[2] * lattice[6 + x]);
          const r = Math.hypot(v[0], v[1], v[2]);
          const gauss = Math.exp(-r * r);
          energy += 0.5 * (r - 2) ** 2 * gauss;
          const slope = 0.5 * gauss * (2 * (r - 2) - 2 * r * (r - 2) ** 2);
          for (let x = 0; x < 3; x++) {
            forces[3 * i + x] += (slope * v[x]) / r;
            forces[3 * j + x] -= (slope * v[x]) / r;
            for (let y = 0; y < 3; y++) stress[3 * x + y] += (slope * v[x] * v[y]) / r / det;
          }
        }
    return Promise.resolve({ energy, forces, stress });
  },
};

function randomStructure(seed: number): Structure {
  const random = randomFromSeed(seed);
  const lattice = [[2.1, 0, 0], [0, 2.4, 0], [0, 0, 1.9]].map((row) => row.map((value) => value + random.between(-0.3, 0.3)));
  return structureFrom(lattice, [14, 14, 14], [0, 1, 2].map(() => [random.uniform(), random.uniform(), random.uniform()]));
}

describe('energyObjective', () => {
  const objective = energyObjective(pair);

  it('turns forces and stress into the gradient of the energy per atom in lattice and fractional coordinates', async () => {
    for (const seed of [1, 2, 3]) {
      const structure = randomStructure(seed);
      const { gradient } = await objective.evaluate(structure, 'gradient');
      for (const field of ['lattice', 'frac'] as const) {
        for (let i = 0; i < structure[field].length; i++) {
          const at = async (step: number): Promise<number> => {
            const moved = structure[field].slice();
            moved[i] += step;
            return (await objective.evaluate(withFields(structure, { [field]: moved }), 'value')).value;
          };
          const numeric = (await at(1e-5) - (await at(-1e-5))) / 2e-5;
          expect(gradient?.[field][i], `${field}[${i}]`).to.be.closeTo(numeric, 1e-7 * Math.max(1, Math.abs(numeric)));
        }
      }
    }
  });

  it('refuses elements the potential does not know, and partial occupancy, before computing', async () => {
    const foreign = structureFrom([[3, 0, 0], [0, 3, 0], [0, 0, 3]], [92], [[0, 0, 0]]);
    const failure: unknown = await objective.evaluate(foreign, 'value').catch((error: unknown) => error);
    expect(failure).to.have.property('code', 'element.unknown');
    const partial = structureFrom([[3, 0, 0], [0, 3, 0], [0, 0, 3]], [14], [[0, 0, 0]], { occupancy: [0.5] });
    const second: unknown = await objective.evaluate(partial, 'value').catch((error: unknown) => error);
    expect(second).to.have.property('code', 'structure.unsupported');
  });
});
