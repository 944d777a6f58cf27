import { expect } from 'chai';
import fc from 'fast-check';
import { multiply3, randomFromSeed, structureFrom } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import {
  amdDistance,
  averageMinimumDistances,
  cellVolume,
  distortLattice,
  matchStructures,
  niggliReduce,
  paperTolerances,
  primitiveCell,
  reduceStructure,
  strictTolerances,
} from '@braggscape/crystal';
import { crystals, faultOf, randomStructure, rejectionOf } from '@braggscape/testing';

const turn = Float64Array.of(0.36, 0.48, -0.8, -0.8, 0.6, 0, 0.48, 0.64, 0.6);

/** The same crystal told differently: another cell of the lattice, turned, shifted, its sites in another order. */
function disguised(structure: Structure, seed: number): Structure {
  const random = randomFromSeed(seed);
  const m = [1, 1 + random.integer(2), 0, 0, 1, random.integer(3) - 1, 0, 0, 1];
  const [, p, , , , q] = m;
  // Inverse of the unit upper triangular matrix [1 p 0; 0 1 q; 0 0 1].
  const inverse = [1, -p, p * q, 0, 1, -q, 0, 0, 1];
  const shift = [random.uniform(), random.uniform(), random.uniform()];
  const order = [...structure.numbers.keys()].sort(() => random.uniform() - 0.5);
  const frac = order.map((i) =>
    [0, 1, 2].map((k) => [0, 1, 2].reduce((sum, r) => sum + structure.frac[3 * i + r] * inverse[3 * r + k], 0) + shift[k]),
  );
  return {
    lattice: multiply3(multiply3(Float64Array.from(m), structure.lattice), turn),
    frac: Float64Array.from(frac.flat()),
    numbers: Uint8Array.from(order, (i) => structure.numbers[i]),
    occupancy: Float64Array.from(order, (i) => structure.occupancy[i]),
    uIso: Float64Array.from(order, (i) => structure.uIso[i]),
  };
}

/** Three cells along b. */
function supercell(structure: Structure): Structure {
  const copies = [0, 1, 2].flatMap((shift) => [...structure.frac].map((x, i) => (i % 3 === 1 ? (x + shift) / 3 : x)));
  const thrice = (values: Float64Array): Float64Array => Float64Array.from([...values, ...values, ...values]);
  return {
    lattice: structure.lattice.map((x, i) => (i >= 3 && i < 6 ? 3 * x : x)),
    frac: Float64Array.from(copies),
    numbers: Uint8Array.from([...structure.numbers, ...structure.numbers, ...structure.numbers]),
    occupancy: thrice(structure.occupancy),
    uIso: thrice(structure.uIso),
  };
}

describe('structure matching', () => {
  it('knows a crystal in another cell, orientation, origin and order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const structure = randomStructure(randomFromSeed(seed), { disordered: false });
        const { match, rms } = await matchStructures(structure, disguised(structure, seed));
        expect(match).to.equal(true);
        expect(rms).to.be.lessThan(1e-6);
      }),
      { numRuns: 40 },
    );
    for (const structure of Object.values(crystals)) {
      for (const twin of [supercell(structure), primitiveCell(structure), disguised(structure, 5), { ...structure, lattice: structure.lattice.map((x) => -x) }]) {
        expect((await matchStructures(structure, twin)).rms).to.be.lessThan(1e-6);
      }
    }
  });

  it('tells different crystals apart', async () => {
    expect(await matchStructures(crystals.copper, crystals.rutile)).to.deep.equal({ match: false });
    const swapped: Structure = { ...crystals.rutile, numbers: Uint8Array.of(8, 8, 22, 22, 22, 22) };
    expect((await matchStructures(crystals.rutile, swapped)).match).to.equal(false);
    const [a, b] = [1, 2].map((seed) => randomStructure(randomFromSeed(seed), { elements: [14], disordered: false }));
    expect((await matchStructures(a, b)).match).to.equal(false);
  });

  it('measures displacements in units of the mean spacing', async () => {
    const { rutile } = crystals;
    const moved: Structure = { ...rutile, frac: rutile.frac.map((x, i) => (i === 8 ? x + 0.05 : x)) };
    const { rms, maxDist } = await matchStructures(rutile, moved);
    // One of six sites moves by 0.05 c; the best origin takes a sixth of that from it and gives it to the others.
    const unit = Math.cbrt(cellVolume(rutile.lattice) / 6);
    const shift = (0.05 * 2.959) / unit;
    expect(maxDist).to.be.closeTo((5 / 6) * shift, 1e-6);
    expect(rms).to.be.closeTo(Math.sqrt(((5 / 6) ** 2 + 5 / 36) / 6) * shift, 1e-6);
  });

  it('forgives volume with the paper’s tolerances and not with the strict ones', async () => {
    const larger: Structure = { ...crystals.rutile, lattice: crystals.rutile.lattice.map((x) => 1.05 * x) };
    expect((await matchStructures(crystals.rutile, larger)).match).to.equal(true);
    expect((await matchStructures(crystals.rutile, larger, strictTolerances)).match).to.equal(false);
    const slightly = distortLattice(crystals.rutile, 0.001, randomFromSeed(1));
    expect((await matchStructures(crystals.rutile, slightly, strictTolerances)).match).to.equal(true);
  });

  it('asks mixed positions to agree in species and occupancies', async () => {
    const mixed = (share: number): Structure => ({
      ...structureFrom([[4, 0, 0], [0, 4, 0], [0, 0, 5]], [26, 28, 8], [[0, 0, 0], [0, 0, 0], [0.5, 0.5, 0.4]]),
      occupancy: Float64Array.of(share, 1 - share, 1),
    });
    expect((await matchStructures(mixed(0.3), mixed(0.3))).match).to.equal(true);
    expect((await matchStructures(mixed(0.3), mixed(0.4))).match).to.equal(false);
  });

  it('refuses tolerances that are none, and malformed structures', async () => {
    const code = async (run: Promise<unknown>): Promise<string> => (await rejectionOf(run)).code;
    expect(await code(matchStructures(crystals.copper, crystals.copper, { ...paperTolerances, siteTolerance: 0 }))).to.equal('option.invalid');
    expect(await code(matchStructures(crystals.copper, { ...crystals.copper, lattice: new Float64Array(9) }))).to.equal('cell.impossible');
  });
});

describe('reduction', () => {
  it('finds the primitive cell of a supercell', () => {
    for (const [structure, sites] of [[crystals.copper, 1], [crystals.rockSalt, 2], [crystals.rutile, 6], [supercell(crystals.rutile), 6]] as const) {
      const reduced = reduceStructure(structure);
      expect(reduced.numbers.length).to.equal(sites);
      expect(Math.abs(cellVolume(reduced.lattice)) / sites).to.be.closeTo(cellVolume(structure.lattice) / structure.numbers.length, 1e-9);
    }
  });

  it('to Niggli cells: the same from every cell of a lattice, and reduced', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const structure = randomStructure(randomFromSeed(seed));
        const metric = (lattice: Float64Array): number[] => {
          const dot = (i: number, j: number): number => [0, 1, 2].reduce((sum, x) => sum + lattice[3 * i + x] * lattice[3 * j + x], 0);
          return [dot(0, 0), dot(1, 1), dot(2, 2), dot(1, 2), dot(0, 2), dot(0, 1)];
        };
        const [one, two] = [structure, disguised(structure, seed)].map(({ lattice }) => metric(niggliReduce(lattice).lattice));
        one.forEach((value, i) => expect(value).to.be.closeTo(two[i], 1e-6 * one[2]));
        const [a, b, c, d, e, f] = one;
        expect(a <= b * (1 + 1e-9) && b <= c * (1 + 1e-9)).to.equal(true);
        expect(Math.abs(d) <= b / 2 + 1e-6 && Math.abs(e) <= a / 2 + 1e-6 && Math.abs(f) <= a / 2 + 1e-6).to.equal(true);
      }),
    );
  });
});

describe('average minimum distances', () => {
  it('of copper: twelve neighbours at a/√2, six at a, twenty-four at a√1.5', () => {
    const amd = averageMinimumDistances(crystals.copper, 42);
    const expected = [...new Array<number>(12).fill(3.615 / Math.SQRT2), ...new Array<number>(6).fill(3.615), ...new Array<number>(24).fill(3.615 * Math.sqrt(1.5))];
    amd.forEach((value, i) => expect(value).to.be.closeTo(expected[i], 1e-12));
  });

  it('do not depend on how the crystal is told', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const structure = randomStructure(randomFromSeed(seed), { disordered: false });
        expect(amdDistance(structure, disguised(structure, seed))).to.be.lessThan(1e-9);
        expect(amdDistance(structure, supercell(structure), 30)).to.be.lessThan(1e-9);
      }),
      { numRuns: 20 },
    );
  });

  it('change continuously, by at most twice the largest displacement', () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0, max: 0.05, noNaN: true }), (seed, shift) => {
        const structure = randomStructure(randomFromSeed(seed), { disordered: false });
        const moved: Structure = { ...structure, frac: structure.frac.map((x, i) => (i === 0 ? x + shift : x)) };
        const length = shift * Math.hypot(...structure.lattice.subarray(0, 3));
        expect(amdDistance(structure, moved, 40)).to.be.at.most(2 * length + 1e-9);
      }),
      { numRuns: 20 },
    );
  });

  it('and the reduction refuse a malformed structure', () => {
    const broken: Structure = { ...crystals.rutile, frac: crystals.rutile.frac.map((x, i) => (i === 4 ? Number.NaN : x)) };
    for (const use of [averageMinimumDistances, reduceStructure]) expect(faultOf(() => use(broken)).code).to.equal('structure.invalid');
  });

  it('need a positive number of neighbours', () => {
    expect(() => averageMinimumDistances(crystals.copper, 0)).to.throw('number of neighbours is 0');
  });
});
