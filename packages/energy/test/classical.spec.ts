import { expect } from 'chai';
import { randomFromSeed, structureFrom } from '@braggscape/core';
import type { Potential, Structure } from '@braggscape/core';
import { buckingham, energyPlugin, ewald, lennardJones, morse, pairPotential, shortRangeRepulsion, sumOfPotentials } from '@braggscape/energy';
import { inModelFolder } from './modelFolder.js';
import { checkPlugin, checkPotential, crystals, randomStructure, rejectionOf } from '@braggscape/testing';

const random = (seed: number, elements: readonly number[]): Structure => {
  const structure = randomStructure(randomFromSeed(seed), { sites: 4, elements, disordered: false });
  // Two of each element, far enough from each other.
  return { ...structure, numbers: Uint8Array.of(elements[0], elements[0], elements.at(-1) ?? 0, elements.at(-1) ?? 0), frac: Float64Array.of(0.02, 0.05, 0.01, 0.48, 0.55, 0.03, 0.52, 0.04, 0.47, 0.03, 0.51, 0.56) };
};

const potentials: readonly (readonly [Potential, readonly number[]])[] = [
  [lennardJones({ epsilon: 0.0104, sigma: 2.4, cutoff: 5.5, smoothing: 1, pairs: [] }), [18]],
  [lennardJones({ epsilon: 1, sigma: 1, cutoff: 5, smoothing: 0.8, pairs: [{ elements: ['Ar', 'Ar'], epsilon: 0.01, sigma: 2.4 }, { elements: ['Ne', 'Ne'], epsilon: 0.003, sigma: 2.2 }] }), [18, 10]],
  [morse({ depth: 0.3429, steepness: 1.3588, distance: 2.866, cutoff: 5.5, smoothing: 1, pairs: [] }), [29]],
  [buckingham({ pairs: [{ elements: ['Na', 'Cl'], A: 1256, rho: 0.317, C: 0 }, { elements: ['Cl', 'Cl'], A: 3796, rho: 0.317, C: 29 }], charges: { Na: 1, Cl: -1 }, cutoff: 5.5, smoothing: 1 }), [11, 17]],
  [shortRangeRepulsion({ reach: 1.2 }), [22, 8]],
];

describe('classical potentials', () => {
  for (const [potential, elements] of potentials) {
    it(`${potential.id} of ${elements.join(', ')} keeps the laws, with gradients to 1e-6`, async function () {
      this.timeout(60_000);
      await checkPotential(potential, [random(3, elements), random(8, elements)], { tolerance: 1e-6, steps: [1e-4, 1e-3, 1e-5] });
    });
  }

  it('a sum has the sum of everything, and keeps the laws', async () => {
    const parts = [{ potential: potentials[0][0], weight: 2 }, { potential: shortRangeRepulsion({ reach: 1.2 }), weight: 0.5 }];
    const sum = sumOfPotentials('sum', parts);
    const structure = random(5, [18]);
    const [whole, a, b] = await Promise.all([sum, ...parts.map(({ potential }) => potential)].map((potential) => potential.compute(structure)));
    expect(whole.energy).to.be.closeTo(2 * a.energy + 0.5 * b.energy, 1e-12);
    whole.forces?.forEach((value, i) => expect(value).to.be.closeTo(2 * (a.forces?.[i] ?? NaN) + 0.5 * (b.forces?.[i] ?? NaN), 1e-12));
    await checkPotential(sum, [structure], { tolerance: 1e-6, steps: [1e-4, 1e-3, 1e-5] });
  });

  it('Lennard-Jones argon in fcc has the lattice sums of the textbook', async () => {
    // C. Kittel, Introduction to Solid State Physics: A₁₂ = 12.13188, A₆ = 14.45392, at the optimum −8.610 ε.
    const edge = Math.SQRT2 * 3.4 * ((2 * 12.13188) / 14.45392) ** (1 / 6);
    const fcc = structureFrom([[0, edge / 2, edge / 2], [edge / 2, 0, edge / 2], [edge / 2, edge / 2, 0]], [18], [[0, 0, 0]]);
    const { energy, stress } = await lennardJones({ epsilon: 0.0104, sigma: 3.4, cutoff: 100, smoothing: 1, pairs: [] }).compute(fcc);
    expect(energy / 0.0104).to.be.closeTo(-(14.45392 ** 2) / (2 * 12.13188), 1e-3);
    expect(Math.abs(stress?.[0] ?? 1)).to.be.lessThan(1e-5);
  });

  it('the repulsion is that of its formula, and nothing at ordinary distances', async () => {
    const pair = (distance: number): Structure => structureFrom([[30, 0, 0], [0, 30, 0], [0, 0, 30]], [14, 14], [[0, 0, 0], [distance / 30, 0, 0]]);
    const potential = shortRangeRepulsion({ reach: 0.7 });
    expect((await potential.compute(pair(2.35))).energy).to.equal(0);
    const x = (0.5 * 2 * 14 ** 0.23) / 0.4685;
    const screening = 0.18175 * Math.exp(-3.1998 * x) + 0.50986 * Math.exp(-0.94229 * x) + 0.28022 * Math.exp(-0.4029 * x) + 0.02817 * Math.exp(-0.20162 * x);
    expect((await potential.compute(pair(0.5))).energy).to.be.closeTo(((14.3996454784936 * 196) / 0.5) * screening * (1 - 0.5 / (0.7 * 2.22)) ** 3, 1e-9);
  });

  it('refuse what they cannot take, each with its reason', async () => {
    const [argon, salt] = [potentials[0][0], potentials[3][0]];
    const structure = random(1, [18]);
    const partial = { ...structure, occupancy: Float64Array.of(1, 0.5, 1, 1) };
    expect((await rejectionOf(argon.compute(partial))).report).to.contain('Ar2').and.contain('0.5');
    const double = { ...structure, frac: structure.frac.map((x, i) => (i < 6 ? structure.frac[i % 3] : x)) };
    expect((await rejectionOf(argon.compute(double))).message).to.contain('Ar1 and Ar2 lie on top of each other');
    expect((await rejectionOf(salt.compute(structure))).code).to.equal('element.unknown');
    const charged = { ...random(1, [11, 17]), numbers: Uint8Array.of(11, 11, 11, 17) };
    expect((await rejectionOf(salt.compute(charged))).message).to.contain('add up to 2');
    const some = pairPotential({ id: 'some', cutoff: 4, smoothing: 1, pair: (a, b) => (a === 18 && b === 18 ? { cutoff: 4, evaluate: (_r, out) => Object.assign(out, { energy: 0, derivative: 0 }) } : undefined) });
    expect((await rejectionOf(some.compute(random(1, [18, 10])))).code).to.equal('element.unknown');
  });
});

describe('electrostatics', () => {
  /** −α of E = −α e²/(4πε₀ d) a formula unit, d the nearest distance. */
  const madelung = (structure: Structure, charges: readonly number[], nearest: number, units: number): number => (-ewald(structure, Float64Array.from(charges)).energy * nearest) / (14.3996454784936 * units);

  it('has the Madelung constants of NaCl, CsCl, ZnS and CaF₂', () => {
    expect(madelung(crystals.rockSalt, [1, 1, 1, 1, -1, -1, -1, -1], 2.82, 4)).to.be.closeTo(1.7475645946, 1e-9);
    const cube = (edge: number): number[][] => [[edge, 0, 0], [0, edge, 0], [0, 0, edge]];
    expect(madelung(structureFrom(cube(4), [55, 17], [[0, 0, 0], [0.5, 0.5, 0.5]]), [1, -1], 2 * Math.sqrt(3), 1)).to.be.closeTo(1.7626747731, 1e-9);
    const primitive = [[0, 2.5, 2.5], [2.5, 0, 2.5], [2.5, 2.5, 0]];
    expect(madelung(structureFrom(primitive, [30, 16], [[0, 0, 0], [0.25, 0.25, 0.25]]), [1, -1], 1.25 * Math.sqrt(3), 1)).to.be.closeTo(1.6380550534, 1e-9);
    expect(madelung(structureFrom(primitive, [20, 9, 9], [[0, 0, 0], [0.25, 0.25, 0.25], [0.75, 0.75, 0.75]]), [2, -1, -1], 1.25 * Math.sqrt(3), 1)).to.be.closeTo(5.0387848716, 1e-8);
  });

  it('does not depend on the choice of the cell or on the split between the two sums', () => {
    const skewed = structureFrom([[0, 2.82, 2.82], [2.82, 5.64, 8.46], [2.82, 2.82, 0]], [11, 17], [[0, 0, 0], [0.5, 0.5, 0.5]]);
    const charges = Float64Array.of(1, -1);
    const whole = ewald(crystals.rockSalt, Float64Array.of(1, 1, 1, 1, -1, -1, -1, -1)).energy / 4;
    // The skewed cell is a primitive one of the same crystal, with its second axis lengthened by lattice vectors.
    for (const split of [0.6, 1, 1.7]) expect(ewald(skewed, charges, 1e-12, split).energy).to.be.closeTo(whole, 1e-8 * Math.abs(whole));
  });
});

describe('the plugin of potentials', () => {
  it('is whole', () =>
    inModelFolder({}, async (folder) => {
      const options = { buckingham: { charges: { Na: 1, Cl: -1 }, pairs: [{ elements: ['Na', 'Cl'], A: 1256, rho: 0.317, C: 0 }] }, 'graph-model': { folder } };
      const structures = [random(1, [11, 17]), { ...crystals.rockSalt, frac: crystals.rockSalt.frac.map((x, i) => x + 0.01 * ((i * i) % 3)) }];
      await checkPlugin(energyPlugin, { options, structures });
    }));
});
