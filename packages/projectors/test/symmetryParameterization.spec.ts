import { expect } from 'chai';
import { randomFromSeed, withFields } from '@braggscape/core';
import type { Structure, StructureGradient } from '@braggscape/core';
import { cellFromLattice, findSymmetry, fitOperations } from '@braggscape/crystal';
import { operationsProjector, symmetryParameterization } from '@braggscape/projectors';
import { checkGradient, crystals, faultOf, gradientToVector, randomStructure, structureFromVector, structureToVector } from '@braggscape/testing';

const random = randomFromSeed(4);
const disturbed = (structure: Structure): Structure =>
  withFields(structure, { lattice: structure.lattice.map((x) => x + random.between(-0.05, 0.05)), frac: structure.frac.map((x) => x + random.between(-0.01, 0.01)) });
/** Two species on one position, in different cells of the lattice. */
const mixed: Structure = {
  ...crystals.rutile,
  numbers: Uint8Array.of(...crystals.rutile.numbers, 40, 40),
  frac: Float64Array.of(...crystals.rutile.frac, 1, 0, 0, 0.5, 0.5, 0.5),
  occupancy: Float64Array.of(0.7, 0.7, 1, 1, 1, 1, 0.3, 0.3),
  uIso: new Float64Array(8),
};

describe('the parameterization of what a symmetry leaves free', () => {
  for (const [name, structure, size] of [
    ['copper', crystals.copper, 1],
    ['rock salt', crystals.rockSalt, 1],
    ['rutile', crystals.rutile, 3],
    ['a mixed rutile', mixed, 3],
    ['no symmetry', randomStructure(random, { sites: 3 }), 15],
  ] as const) {
    const { operations: found, wyckoffs } = findSymmetry(structure);
    const near = disturbed(structure);
    const operations = fitOperations(structure, found, 0.1);
    const map = symmetryParameterization(near, operations, { tolerance: 0.5, wyckoffs });
    const projector = operationsProjector(near, operations, { tolerance: 0.5 });

    it(`has the free parameters of ${name} and gives its symmetric structures, all of them`, () => {
      expect(map.size).to.equal(size);
      expect(projector.free.cell + projector.free.coordinates).to.be.at.least(size);
      expect(new Set(map.names).size).to.equal(size);
      expect(map.pack(projector.project(near)).every((x) => Math.abs(x) < 1e-12)).to.equal(true);
      for (let trial = 0; trial < 5; trial++) {
        const x = Float64Array.from({ length: size }, () => random.between(-0.3, 0.3));
        const made = map.unpack(x);
        expect(projector.violation(made)).to.be.lessThan(1e-12);
        map.pack(made).forEach((value, i) => expect(value).to.be.closeTo(x[i], 1e-11));
        // A symmetric structure from elsewhere comes through whole, but for its orientation.
        const other = projector.project(disturbed(made));
        const back = map.unpack(map.pack(other));
        back.frac.forEach((value, i) => expect(value).to.be.closeTo(other.frac[i], 1e-11));
        cellFromLattice(back.lattice).forEach((value, i) => expect(value).to.be.closeTo(cellFromLattice(other.lattice)[i], 1e-9));
      }
    });

    it(`pulls gradients back from ${name}`, async () => {
      const weights = Float64Array.from(structureToVector(structure), () => random.normal());
      const loss = (vector: Float64Array): number => vector.reduce((sum, value, i) => sum + weights[i] * value + (weights[i] * value) ** 2 / 2, 0);
      const slope = (at: Structure): StructureGradient => {
        const vector = structureToVector(at);
        return structureFromVector(vector.map((value, i) => weights[i] + weights[i] ** 2 * value), at);
      };
      const x = Float64Array.from({ length: size }, () => random.between(-0.2, 0.2));
      await checkGradient({ value: (at) => loss(structureToVector(map.unpack(at))), gradient: (at) => map.pullback(at, slope(map.unpack(at))) }, x);
      expect(gradientToVector(slope(structure), structure)).to.have.length(structureToVector(structure).length);
    });
  }

  it('names orbits with their Wyckoff letters', () => {
    const { operations, wyckoffs } = findSymmetry(crystals.rutile);
    expect(symmetryParameterization(crystals.rutile, operations, { wyckoffs }).names).to.deep.equal(['strain.xx', 'strain.zz', 'O3[f].x']);
    expect(symmetryParameterization(crystals.rutile, operations, { vary: ['coords'] }).names).to.deep.equal(['O3.x']);
  });

  it('moves sites and cells by what it says, in Å', () => {
    const { operations } = findSymmetry(crystals.rutile);
    const map = symmetryParameterization(crystals.rutile, operations);
    const moved = map.unpack(Float64Array.of(0, 0, 0.1));
    // Four oxygens share the displacement.
    const [dx, dy] = [0, 1].map((y) => (moved.frac[6 + y] - crystals.rutile.frac[6 + y]) * 4.593);
    expect(Math.hypot(dx, dy)).to.be.closeTo(0.1 / 2, 1e-12);
    const axis = (4.593 * 2 + 2.959) / 3;
    expect(cellFromLattice(map.unpack(Float64Array.of(0, 0.1, 0)).lattice)[2]).to.be.closeTo(2.959 * (1 + 0.1 / axis), 1e-12);
  });

  it('refuses a strain that leaves no cell, and a symmetry that leaves nothing', () => {
    const { operations } = findSymmetry(crystals.copper);
    const map = symmetryParameterization(crystals.copper, operations);
    expect(faultOf(() => map.unpack(Float64Array.of(-20))).code).to.equal('cell.impossible');
    expect(faultOf(() => symmetryParameterization(crystals.copper, operations, { vary: ['coords'] })).code).to.equal('option.invalid');
  });
});
