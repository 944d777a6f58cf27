import { expect } from 'chai';
import { randomFromSeed, structureFrom } from '@braggscape/core';
import type { Potential, PotentialResult, Structure } from '@braggscape/core';
import { buckingham, energyPlugin, ewald, lennardJones, morse, pairPotential, shortRangeRepulsion, sumOfPotentials } from '@braggscape/energy';
import { inModelFolder } from './modelFolder.js';
import { checkPlugin, checkPotential, crystals, faultOf, randomStructure, rejectionOf } from '@braggscape/testing';

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

/** Two atoms at a distance along x in a cell that keeps their images out of reach. */
const pairOf = (elements: readonly [number, number], distance: number): Structure =>
  structureFrom([[30, 0, 0], [0, 30, 0], [0, 0, 30]], elements, [[0, 0, 0], [distance / 30, 0, 0]]);
const cube = (edge: number): number[][] => [[edge, 0, 0], [0, edge, 0], [0, 0, edge]];
const faceCentred = (edge: number): number[][] => [[0, edge / 2, edge / 2], [edge / 2, 0, edge / 2], [edge / 2, edge / 2, 0]];
/** The same lattice with its second and third axes lengthened by lattice vectors. */
const skew = ([a, b, c]: readonly (readonly number[])[]): number[][] => [[...a], b.map((x, i) => x + 3 * a[i] - 2 * c[i]), c.map((x, i) => x - a[i])];
/** Largest difference of the elements of two arrays. */
const furthest = (a: Float64Array | undefined, b: Float64Array | undefined): number => Math.max(...a!.map((value, i) => Math.abs(value - b![i])));
const saltOptions = {
  pairs: [{ elements: ['Na', 'Cl'], A: 1256, rho: 0.317, C: 0 }, { elements: ['Cl', 'Cl'], A: 3796, rho: 0.317, C: 29 }],
  charges: { Na: 1, Cl: -1 },
  cutoff: 8,
  smoothing: 1,
} as const;

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

  it('end at the cutoff without a jump of energy, force or curvature', async () => {
    const [cutoff, smoothing, epsilon, sigma] = [5, 1.5, 0.4, 2.8];
    const options = { epsilon, sigma, cutoff, smoothing, pairs: [] };
    const at = (r: number): Promise<PotentialResult> => lennardJones(options).compute(pairOf([18, 18], r));
    const bare = (r: number): number => 4 * epsilon * ((sigma / r) ** 12 - (sigma / r) ** 6);
    expect((await at(cutoff)).energy).to.equal(0);
    expect((await at(cutoff + 1e-6)).energy).to.equal(0);
    const inner = cutoff - smoothing;
    expect((await at(inner - 0.2)).energy).to.be.closeTo(bare(inner - 0.2), 1e-14);
    // What the switch takes away at its start, and what it leaves at its end, grow with the cube of the way.
    for (const step of [0.04, 0.02]) {
      const [taken, takenTwice] = [bare(inner + step) - (await at(inner + step)).energy, bare(inner + 2 * step) - (await at(inner + 2 * step)).energy];
      const [left, leftTwice] = [(await at(cutoff - step)).energy, (await at(cutoff - 2 * step)).energy];
      expect(takenTwice / taken / 8).to.be.closeTo(1, 5 * step);
      expect(leftTwice / left / 8).to.be.closeTo(1, 5 * step);
      const [force, forceTwice] = [(await at(cutoff - step)).forces![0], (await at(cutoff - 2 * step)).forces![0]];
      expect(forceTwice / force / 4).to.be.closeTo(1, 5 * step);
    }
  });

  it('have the depths and distances of their formulas', async () => {
    const [lj, mo] = [potentials[1][0], potentials[2][0]];
    const minimum = await mo.compute(pairOf([29, 29], 2.866));
    expect(minimum.energy).to.be.closeTo(-0.3429, 1e-14);
    expect(furthest(minimum.forces, new Float64Array(6))).to.be.lessThan(1e-13);
    expect((await mo.compute(pairOf([29, 29], 2.4))).energy).to.be.closeTo(0.3429 * ((1 - Math.exp(-1.3588 * (2.4 - 2.866))) ** 2 - 1), 1e-13);
    // Argon–neon by the rules of Lorentz and Berthelot, in either order.
    const [epsilon, sigma] = [Math.sqrt(0.01 * 0.003), 2.3];
    for (const elements of [[18, 10], [10, 18]] as const) {
      expect((await lj.compute(pairOf(elements, sigma * 2 ** (1 / 6)))).energy).to.be.closeTo(-epsilon, 1e-15);
      expect((await lj.compute(pairOf(elements, sigma))).energy).to.be.closeTo(0, 1e-15);
    }
    const mixed = { elements: ['Ne', 'Ar'], epsilon: 0.2, sigma: 3 } as const;
    const like = (['Ne', 'Ar'] as const).map((symbol) => ({ elements: [symbol, symbol] as const, epsilon: 0.01, sigma: 2.4 }));
    const listed = lennardJones({ epsilon: 1, sigma: 1, cutoff: 8, smoothing: 1, pairs: [mixed, ...like] });
    expect((await listed.compute(pairOf([18, 10], 3 * 2 ** (1 / 6)))).energy).to.be.closeTo(-0.2, 1e-14);
    // A list that leaves an element out is a mistake: nothing stands in for it.
    const partial = lennardJones({ epsilon: 1, sigma: 1, cutoff: 8, smoothing: 1, pairs: [mixed] });
    expect((await rejectionOf(partial.compute(pairOf([18, 10], 3)))).code).to.equal('element.unknown');
    const structure = pairOf([17, 17], 3.1);
    const charges = { Cl: 0 };
    expect((await buckingham({ ...saltOptions, charges }).compute(structure)).energy).to.be.closeTo(3796 * Math.exp(-3.1 / 0.317) - 29 / 3.1 ** 6, 1e-12);
  });

  it('do not depend on the choice of the cell', async () => {
    const [copper, salt] = [potentials[2][0], buckingham(saltOptions)];
    const ions = [[0, 0, 0], [0.5, 0.5, 0.5]];
    const choices: readonly (readonly [Potential, Structure, readonly Structure[]])[] = [
      [copper, crystals.copper, [faceCentred(3.615), skew(faceCentred(3.615)), skew(skew(faceCentred(3.615)))].map((lattice) => structureFrom(lattice, [29], [[0.3, 0.7, -2.1]]))],
      // The axes change by an even number of others in all, so that the centre stays the centre modulo lattice vectors.
      [salt, crystals.rockSalt, [structureFrom(faceCentred(5.64), [11, 17], ions), structureFrom(skew(faceCentred(5.64)), [11, 17], [[0, 0, 0], [-0.5, 0.5, 1.5]])]],
    ];
    for (const [potential, conventional, others] of choices) {
      const whole = await potential.compute(conventional);
      for (const structure of others) {
        const { energy, forces, stress } = await potential.compute(structure);
        const share = structure.numbers.length / conventional.numbers.length;
        expect(energy).to.be.closeTo(share * whole.energy, 1e-9);
        expect(furthest(stress, whole.stress)).to.be.lessThan(1e-10);
        expect(furthest(forces, new Float64Array(forces!.length))).to.be.lessThan(1e-10);
      }
    }
  });

  it('do not see the order of the sites, nor the structures before', async () => {
    for (const [potential, elements] of potentials) {
      const [structure, other] = [random(3, elements), random(8, elements)];
      const order = [2, 0, 3, 1];
      const rows = (values: Float64Array): Float64Array => Float64Array.from(order.flatMap((i) => [...values.subarray(3 * i, 3 * i + 3)]));
      const shuffled = { ...structure, numbers: Uint8Array.from(order, (i) => structure.numbers[i]), frac: rows(structure.frac) };
      const result = await potential.compute(structure);
      await potential.compute(other);
      const again = await potential.compute(shuffled);
      expect(again.energy, potential.id).to.be.closeTo(result.energy, 1e-10 * Math.max(1, Math.abs(result.energy)));
      expect(furthest(again.forces, rows(result.forces!)), potential.id).to.be.lessThan(1e-9);
      expect(furthest(again.stress, result.stress), potential.id).to.be.lessThan(1e-10);
    }
  });

  it('a sum knows what all its parts know, and disposes them', async () => {
    const gone: string[] = [];
    const part = (id: string, elements: readonly number[] | undefined, provides: Potential['provides']): Potential => ({
      id,
      provides,
      ...(elements === undefined ? {} : { elements: new Set(elements) }),
      compute: async () => ({ energy: 1, forces: new Float64Array(3), stress: new Float64Array(9) }),
      dispose: () => void gone.push(id),
    });
    const all = new Set(['forces', 'stress'] as const);
    const parts = [part('a', [1, 8, 14], all), part('b', undefined, new Set(['forces'] as const)), part('c', [8, 14, 22], all)];
    const sum = sumOfPotentials('sum', parts.map((potential, k) => ({ potential, weight: k + 1 })));
    expect([...sum.elements!]).to.deep.equal([8, 14]);
    expect([...sum.provides]).to.deep.equal(['forces']);
    const result = await sum.compute(structureFrom(cube(3), [8], [[0, 0, 0]]));
    expect(result.energy).to.equal(6);
    expect(result).not.to.have.property('stress');
    sum.dispose?.();
    expect(gone).to.deep.equal(['a', 'b', 'c']);
    expect(sumOfPotentials('open', [{ potential: parts[1], weight: 1 }])).not.to.have.property('elements');
  });

  it('refuse wrong parameters, a flat cell and what is stopped before it begins', async () => {
    const like = { epsilon: 1, sigma: 3 };
    const fault = faultOf(() => lennardJones({ ...like, cutoff: 8, smoothing: 1, pairs: [{ elements: ['Ar', 'Ne'], ...like }, { elements: ['Ne', 'Ar'], ...like }] }));
    expect(fault.code).to.equal('option.invalid');
    expect(fault.message).to.contain('Ne–Ar').and.contain('twice');
    expect(faultOf(() => lennardJones({ ...like, cutoff: 8, smoothing: 1, pairs: [{ elements: ['Ar', 'Qq'], ...like }] })).code).to.equal('element.unknown');
    expect((await rejectionOf(potentials[0][0].compute(structureFrom([[3, 0, 0], [0, 3, 0], [3, 3, 0]], [18], [[0, 0, 0]])))).code).to.equal('cell.impossible');
    const limited = pairPotential({ id: 'limited', cutoff: 4, smoothing: 1, elements: new Set([18]), pair: () => ({ cutoff: 4, evaluate: () => {} }) });
    expect([...limited.elements!]).to.deep.equal([18]);
    const unknown = await rejectionOf(limited.compute(pairOf([18, 10], 3)));
    expect(unknown.code).to.equal('element.unknown');
    expect(unknown.hint).to.be.a('string');
    for (const [potential, elements] of potentials) {
      const reason = await potential.compute(random(3, elements), AbortSignal.abort()).then(() => undefined, (error: unknown) => error);
      expect((reason as Error | undefined)?.name, potential.id).to.equal('AbortError');
    }
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

  // NaCl, CsCl and ZnS: Y. Sakamoto, J. Chem. Phys. 28 (1958) 164. Energies are bilinear in the charges, so that fluorite is four times blende less rock salt
  // on the same lattice.
  const [rockSalt, caesiumChloride, blende] = [1.74756459463318, 1.76267477307099, 1.63805505338879];

  it('has the Madelung constants of NaCl, CsCl, ZnS and CaF₂', () => {
    expect(madelung(crystals.rockSalt, [1, 1, 1, 1, -1, -1, -1, -1], 2.82, 4)).to.be.closeTo(rockSalt, 1e-11);
    expect(madelung(structureFrom(cube(4), [55, 17], [[0, 0, 0], [0.5, 0.5, 0.5]]), [1, -1], 2 * Math.sqrt(3), 1)).to.be.closeTo(caesiumChloride, 1e-11);
    const primitive = faceCentred(5);
    expect(madelung(structureFrom(primitive, [30, 16], [[0, 0, 0], [0.25, 0.25, 0.25]]), [1, -1], 1.25 * Math.sqrt(3), 1)).to.be.closeTo(blende, 1e-11);
    const fluorite = 4 * blende - (rockSalt * Math.sqrt(3)) / 2;
    expect(madelung(structureFrom(primitive, [20, 9, 9], [[0, 0, 0], [0.25, 0.25, 0.25], [0.75, 0.75, 0.75]]), [2, -1, -1], 1.25 * Math.sqrt(3), 1)).to.be.closeTo(fluorite, 1e-11);
  });

  it('holds in cells that are tiny, left-handed, long and very skewed, whatever the split', () => {
    const charges = Float64Array.of(1, -1);
    const lattices = [[[0.8, 0, 0], [0.1, 0.9, 0], [0.2, 0.1, 0.7]], [[3, 0, 0], [0, 0, 4], [0, 5, 0]], [[2, 0, 0], [0, 2, 0], [0, 0, 60]], [[3, 0, 0], [14, 3, 0], [11, -17, 3.2]]];
    for (const lattice of lattices) {
      const structure = structureFrom(lattice, [11, 17], [[0, 0, 0], [0.43, 0.57, 0.51]]);
      const [middle, ...others] = [1, 0.5, 0.7, 1.4].map((split) => ewald(structure, charges, 1e-12, split));
      for (const other of others) {
        expect(other.energy).to.be.closeTo(middle.energy, 1e-10 * Math.abs(middle.energy));
        expect(furthest(other.forces, middle.forces)).to.be.lessThan(1e-9);
        expect(furthest(other.stress, middle.stress)).to.be.lessThan(1e-8);
      }
      // The virial theorem of a homogeneous function of degree −1.
      const volume = Math.abs(lattice[0][0] * (lattice[1][1] * lattice[2][2] - lattice[1][2] * lattice[2][1]));
      expect(-volume * (middle.stress[0] + middle.stress[4] + middle.stress[8])).to.be.closeTo(middle.energy, 1e-9 * Math.abs(middle.energy));
    }
  });

  it('takes cells of thousands of ions', function () {
    this.timeout(60_000);
    const edge = 14;
    const [frac, charges] = [new Float64Array(3 * edge ** 3), new Float64Array(edge ** 3)];
    for (let i = 0; i < charges.length; i++) {
      const place = [i % edge, Math.floor(i / edge) % edge, Math.floor(i / edge ** 2)];
      frac.set(place.map((x) => x / edge), 3 * i);
      charges[i] = (place[0] + place[1] + place[2]) % 2 === 0 ? 1 : -1;
    }
    const { energy } = ewald({ lattice: Float64Array.from(cube(2.82 * edge).flat()), frac }, charges);
    expect((-energy * 2.82) / (14.3996454784936 * charges.length)).to.be.closeTo(rockSalt / 2, 1e-10);
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
