import { expect } from 'chai';
import { multiply3, randomFromSeed, structureFrom } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import { cellFromLattice, cellVolume, conventionalCell, distortCoordinates, findSymmetry, matchStructures, primitiveCell } from '@braggscape/crystal';
import { crystals, faultOf, randomStructure } from '@braggscape/testing';

/** Primitive cell of rock salt, turned and with its origin shifted. */
const primitive: Structure = {
  ...structureFrom([[0, 2.82, 2.82], [2.82, 0, 2.82], [2.82, 2.82, 0]], [11, 17], [[0.1, 0.2, 0.3], [0.6, 0.7, 0.8]]),
  uIso: Float64Array.of(0.011, 0.017),
  labels: ['Na1', 'Cl1'],
};

describe('space groups', () => {
  const table: readonly (readonly [string, Structure, number, string, string])[] = [
    ['copper', crystals.copper, 225, 'Fm-3m', 'cubic'],
    ['rock salt', crystals.rockSalt, 225, 'Fm-3m', 'cubic'],
    ['rock salt, primitive and shifted', primitive, 225, 'Fm-3m', 'cubic'],
    ['rutile', crystals.rutile, 136, 'P4_2/mnm', 'tetragonal'],
    ['a random structure', randomStructure(randomFromSeed(1)), 1, 'P1', 'triclinic'],
  ];
  for (const [name, structure, number, symbol, system] of table) {
    it(`of ${name}`, () => {
      const found = findSymmetry(structure);
      expect(found).to.include({ number, symbol, crystalSystem: system, latticeFamily: system });
      expect(found.wyckoffs).to.have.length(structure.numbers.length);
    });
  }

  it('with operations that map every site onto a site of its kind, left-handed cells included', () => {
    for (const structure of [crystals.rutile, primitive, { ...primitive, lattice: primitive.lattice.map((x) => -x) }]) {
      const { operations, orbits } = findSymmetry(structure);
      expect(operations.length).to.be.greaterThan(15);
      for (const { rotation: w, translation: t } of operations) {
        for (let i = 0; i < structure.numbers.length; i++) {
          const x = structure.frac.subarray(3 * i, 3 * i + 3);
          const image = [0, 1, 2].map((r) => w[3 * r] * x[0] + w[3 * r + 1] * x[1] + w[3 * r + 2] * x[2] + t[r]);
          const onto = [...structure.numbers.keys()].find((j) =>
            [0, 1, 2].every((k) => {
              const d = image[k] - structure.frac[3 * j + k];
              return Math.abs(d - Math.round(d)) < 1e-6;
            }),
          );
          expect(onto === undefined ? -1 : structure.numbers[onto]).to.equal(structure.numbers[i]);
          expect(orbits[onto ?? -1]).to.equal(orbits[i]);
        }
      }
    }
  });

  it('see partial occupancy and mixing as kinds of their own', () => {
    const mixed: Structure = { ...crystals.copper, occupancy: Float64Array.of(1, 1, 1, 0.5) };
    expect(findSymmetry(mixed).number).to.equal(221);
  });

  it('depend on the tolerance', () => {
    const disturbed = distortCoordinates(crystals.rutile, 0.005, randomFromSeed(3));
    expect(findSymmetry(disturbed, { symprec: 0.001 }).number).to.equal(1);
    expect(findSymmetry(disturbed, { symprec: 0.2 }).number).to.equal(136);
  });

  it('refuse a tolerance that is none, and malformed structures', () => {
    const code = (run: () => unknown): string => faultOf(run).code;
    expect(code(() => findSymmetry(crystals.copper, { symprec: -1 }))).to.equal('option.invalid');
    expect(code(() => findSymmetry({ ...crystals.copper, lattice: new Float64Array(9) }))).to.equal('cell.impossible');
  });
});

describe('standardized cells', () => {
  const turn = Float64Array.of(0.36, 0.48, -0.8, -0.8, 0.6, 0, 0.48, 0.64, 0.6);
  const turned: Structure = { ...primitive, lattice: multiply3(primitive.lattice, turn) };

  it('conventional: the cubic cell of rock salt from its primitive one, displacements and labels with their atoms', () => {
    const cell = conventionalCell(turned);
    const expected = [5.64, 5.64, 5.64, 90, 90, 90];
    cellFromLattice(cell.lattice).forEach((value, i) => expect(value).to.be.closeTo(expected[i], 1e-9));
    expect([...cell.numbers].sort((a, b) => a - b)).to.deep.equal([11, 11, 11, 11, 17, 17, 17, 17]);
    cell.numbers.forEach((z, i) => {
      expect(cell.uIso[i]).to.equal(z / 1000);
      expect(cell.labels?.[i]).to.equal(z === 11 ? 'Na1' : 'Cl1');
    });
  });

  for (const [name, structure] of Object.entries({ turned, ...crystals, general: randomStructure(randomFromSeed(6), { disordered: false }) })) {
    it(`of ${name} are the same crystal, standardized once and for all`, async () => {
      const conventional = conventionalCell(structure);
      const reduced = primitiveCell(structure);
      const { number } = findSymmetry(structure);
      for (const cell of [conventional, reduced]) {
        expect(findSymmetry(cell).number).to.equal(number);
        const { match, rms } = await matchStructures(structure, cell);
        expect(match).to.equal(true);
        expect(rms).to.be.lessThan(1e-6);
        expect(cellVolume(cell.lattice) / cell.numbers.length).to.be.closeTo(Math.abs(cellVolume(structure.lattice)) / structure.numbers.length, 1e-8);
      }
      const again = conventionalCell(conventional);
      cellFromLattice(again.lattice).forEach((value, i) => expect(value).to.be.closeTo(cellFromLattice(conventional.lattice)[i], 1e-9));
      expect(conventional.numbers.length % reduced.numbers.length).to.equal(0);
    });
  }
});
