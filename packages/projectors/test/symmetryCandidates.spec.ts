import { expect } from 'chai';
import { randomFromSeed } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import { distortCoordinates, distortLattice, findSymmetry, fitOperations, nearGroups, nearOperations } from '@braggscape/crystal';
import { autoProjector, describeCandidate, operationsProjector, symmetryCandidates } from '@braggscape/projectors';
import { checkProjector, crystals, faultOf, randomStructure } from '@braggscape/testing';

const nearly = (structure: Structure, seed: number, lattice: number, coordinates: number): Structure => {
  const random = randomFromSeed(seed);
  return distortCoordinates(distortLattice(structure, lattice, random), coordinates, random);
};

describe('symmetries that a structure nearly has', () => {
  for (const [name, structure, number, count] of [['copper', crystals.copper, 225, 192], ['rock salt', crystals.rockSalt, 225, 192], ['rutile', crystals.rutile, 136, 16]] as const) {
    it(`lead from a distorted ${name} to its space group, by ascending misfit`, () => {
      for (const [lattice, coordinates] of [[0, 0], [0.01, 0.005], [0.05, 0.02], [0.08, 0.03]]) {
        for (let seed = 0; seed < 3; seed++) {
          const start = nearly(structure, seed, lattice, coordinates);
          const candidates = symmetryCandidates(start, { strain: 0.2 });
          const full = candidates.find((candidate) => candidate.number === number && candidate.operations.length === count);
          expect(full, `${lattice} ${coordinates} ${seed}: ${candidates.map(({ symbol }) => symbol).join()}`).not.to.equal(undefined);
          if (full === undefined) continue;
          expect(findSymmetry(full.symmetrized, { symprec: 1e-5 }).number).to.equal(number);
          expect(full.free).to.deep.equal(name === 'rutile' ? { cell: 2, coordinates: 1 } : { cell: 1, coordinates: 0 });
          expect(full.wyckoffs).to.have.length(structure.numbers.length);
          // No further than the noise: strains of up to `lattice` and fractional shifts of up to `coordinates` on each axis.
          expect(full.deviation.cell).to.be.at.most(4 * lattice + 1e-9);
          expect(full.deviation.rms).to.be.at.most(coordinates * 5.64 * Math.sqrt(3) + 1e-9);
          expect(operationsProjector(full.symmetrized, full.operations).violation(full.symmetrized)).to.be.lessThan(1e-9);
        }
      }
    });
  }

  it('have the smaller groups on the way, each a symmetry that its structure has', () => {
    const candidates = symmetryCandidates(nearly(crystals.rutile, 4, 0.01, 0.005));
    expect(candidates.length).to.be.greaterThan(2);
    for (const candidate of candidates) {
      expect(findSymmetry(candidate.symmetrized, { symprec: 1e-5 }).operations.length).to.equal(candidate.operations.length);
      expect(candidate.symprec).to.be.greaterThan(0);
    }
    expect(candidates.map(({ symprec }) => symprec)).to.deep.equal([...candidates.map(({ symprec }) => symprec)].sort((a, b) => a - b));
  });

  it('include the groups beside the chain when asked', () => {
    const start = nearly(crystals.rutile, 4, 0.01, 0.005);
    const [chain, all] = [false, true].map((branches) => symmetryCandidates(start, { branches, most: 100 }).map(({ symbol }) => symbol));
    expect(all).to.include.members(chain);
    // Maximal translationengleiche subgroups of P4₂/mnm (International Tables A1) that rutile's sites tell apart, and smaller ones.
    expect(all).to.include.members(['P4_2/mnm', 'P-42_1m', 'P4_2nm', 'P4_2/m', 'Cmmm', 'P-1', 'Cm', 'P2_1/c']);
  });

  it('are none for a structure without, and none for one that is no structure', () => {
    expect(symmetryCandidates(randomStructure(randomFromSeed(1)), { distance: 0.1 })).to.deep.equal([]);
    expect(symmetryCandidates({ ...crystals.copper, lattice: new Float64Array(9) })).to.deep.equal([]);
    expect(symmetryCandidates({ ...crystals.copper, frac: crystals.copper.frac.map(() => Number.NaN) })).to.deep.equal([]);
    const crowd = { ...crystals.copper, frac: new Float64Array(12) };
    expect(symmetryCandidates(crowd)).to.be.an('array');
  });

  it('are found in milliseconds', () => {
    const start = nearly(crystals.rutile, 5, 0.01, 0.01);
    symmetryCandidates(start);
    const began = performance.now();
    for (let k = 0; k < 10; k++) symmetryCandidates(start);
    expect((performance.now() - began) / 10).to.be.lessThan(100);
  });

  it('tell mixed positions apart, in left-handed cells too', () => {
    const mixed: Structure = { ...crystals.rutile, occupancy: Float64Array.of(0.9, 1, 1, 1, 1, 1), lattice: crystals.rutile.lattice.map((x, i) => (i > 5 ? -x : x)) };
    const [best] = [...symmetryCandidates(mixed, { distance: 0.05 })].sort((a, b) => b.operations.length - a.operations.length);
    expect(best.number).to.equal(65);
  });
});

describe('near operations', () => {
  it('form a group to rounding once their translations are fitted, which rough ones do not', () => {
    const start = nearly(crystals.rutile, 6, 0, 0.01);
    const random = randomFromSeed(6);
    // As read off one pair of sites each.
    const operations = findSymmetry(start, { symprec: 0.3 }).operations.map(({ rotation, translation }) => ({ rotation, translation: translation.map((w) => w + random.between(-0.01, 0.01)) }));
    expect(faultOf(() => operationsProjector(start, operations, { tolerance: 0.3 })).code).to.equal('option.invalid');
    const fitted = fitOperations(start, operations, 0.3);
    expect(operationsProjector(start, fitted, { tolerance: 0.3 }).violation(start)).to.be.greaterThan(1e-3);
    expect(faultOf(() => fitOperations(start, operations, 1e-4)).code).to.equal('symmetry.failed');
  });

  it('are as many as the group has, and each within its tolerances', () => {
    const found = nearOperations(nearly(crystals.rockSalt, 7, 0.02, 0.005), { distance: 0.5, strain: 0.1 });
    expect(found).to.have.length(192);
    for (const { images, strain } of found) {
      expect(images.distance).to.be.at.most(0.5);
      expect(strain).to.be.at.most(0.1);
      expect(new Set(images.to).size).to.equal(8);
    }
    const groups = nearGroups(nearly(crystals.rockSalt, 7, 0.02, 0.005), { distance: 0.5, strain: 0.1 });
    for (const { operations } of groups) expect(192 % operations.length).to.equal(0);
  });
});

describe('the projector that looks for a symmetry', () => {
  it('takes the highest within its tolerances, and says what it found', async () => {
    const start = nearly(crystals.rutile, 8, 0.01, 0.01);
    const projector = autoProjector(start, { distance: 0.4, strain: 0.05 });
    expect(projector.finding).to.match(/^P4_2\/mnm \(136\), found within 0\.\d+ Å: sites move by 0\.0\d+ Å \(rms\), the cell by \d/);
    expect(findSymmetry(projector.project(start), { symprec: 1e-5 }).number).to.equal(136);
    await checkProjector(projector, [start]);
    const [first] = symmetryCandidates(start);
    expect(describeCandidate(first)).to.contain(first.symbol);
  });

  it('constrains nothing where there is none, and says so', () => {
    const start = randomStructure(randomFromSeed(3));
    const projector = autoProjector(start, { distance: 0.05, strain: 0.01 });
    expect(projector.project(start)).to.equal(start);
    expect(projector.finding).to.contain('no symmetry within 0.05 Å');
  });
});
