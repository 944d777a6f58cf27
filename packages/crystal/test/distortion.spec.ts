import { expect } from 'chai';
import fc from 'fast-check';
import { inverse3, multiply3, randomFromSeed, transpose3 } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import { cellVolume, distortCoordinates, distortLattice } from '@braggscape/crystal';
import { crystals, faultOf } from '@braggscape/testing';

const seeds = fc.integer();
const { rutile } = crystals;

/** E of L′ = L·(I + E)ᵀ. */
function strain(structure: Structure): Float64Array {
  return transpose3(multiply3(inverse3(rutile.lattice), structure.lattice)).map((value, i) => value - (i % 4 === 0 ? 1 : 0));
}

describe('lattice noise', () => {
  it('is a strain with components within the level, coordinates kept', () => {
    fc.assert(
      fc.property(seeds, fc.double({ min: 0, max: 0.2, noNaN: true }), (seed, level) => {
        const distorted = distortLattice(rutile, level, randomFromSeed(seed));
        expect(Math.max(...strain(distorted).map(Math.abs))).to.be.at.most(level + 1e-12);
        expect(distorted.frac).to.equal(rutile.frac);
        expect(cellVolume(distorted.lattice)).to.be.greaterThan(0);
      }),
    );
  });

  it('fills the whole range evenly, all nine components independently', () => {
    const random = randomFromSeed(1);
    const draws = Array.from({ length: 2000 }, () => strain(distortLattice(rutile, 0.1, random)));
    for (let i = 0; i < 9; i++) {
      const values = draws.map((e) => e[i]);
      const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
      const variance = values.reduce((sum, v) => sum + v * v, 0) / values.length;
      // Uniform on ±0.1: standard error of the mean 0.0013, variance 0.01/3.
      expect(Math.abs(mean)).to.be.lessThan(0.006);
      expect(variance / (0.01 / 3)).to.be.closeTo(1, 0.1);
    }
    const product = draws.reduce((sum, e) => sum + e[1] * e[3], 0) / draws.length / (0.01 / 3);
    expect(Math.abs(product)).to.be.lessThan(0.1);
  });

  it('depends on the seed alone', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const [one, two, other] = [seed, seed, seed + 1].map((s) => distortLattice(rutile, 0.05, randomFromSeed(s)).lattice);
        expect(one).to.deep.equal(two);
        expect(one).to.not.deep.equal(other);
      }),
    );
  });

  it('may be normal, with the level as standard deviation', () => {
    const random = randomFromSeed(2);
    const values = Array.from({ length: 500 }, () => [...strain(distortLattice(rutile, 0.05, random, { distribution: 'normal' }))]).flat();
    const variance = values.reduce((sum, v) => sum + v * v, 0) / values.length;
    expect(Math.sqrt(variance)).to.be.closeTo(0.05, 0.003);
    expect(Math.max(...values)).to.be.greaterThan(0.12);
  });

  it('never inverts the cell, and gives up where only inverted ones come', () => {
    const random = randomFromSeed(3);
    for (let i = 0; i < 200; i++) expect(cellVolume(distortLattice(rutile, 0.9, random).lattice)).to.be.greaterThan(0);
  });
});

describe('coordinate noise', () => {
  it('moves every coordinate by at most the level, wraps into [0, 1), and keeps the lattice', () => {
    fc.assert(
      fc.property(seeds, fc.double({ min: 0, max: 0.1, noNaN: true }), (seed, level) => {
        const { frac, lattice } = distortCoordinates(rutile, level, randomFromSeed(seed));
        expect(lattice).to.equal(rutile.lattice);
        frac.forEach((x, i) => {
          expect(x >= 0 && x < 1).to.equal(true);
          const d = x - rutile.frac[i];
          expect(Math.abs(d - Math.round(d))).to.be.at.most(level + 1e-12);
        });
      }),
    );
  });

  it('moves species that share a position together', () => {
    const shared: Structure = { ...rutile, frac: rutile.frac.map((x, i) => (i < 6 ? 0.25 : x)), occupancy: rutile.occupancy.map((o, i) => (i < 2 ? 0.5 : o)) };
    const { frac } = distortCoordinates(shared, 0.05, randomFromSeed(4));
    expect([...frac.subarray(0, 3)]).to.deep.equal([...frac.subarray(3, 6)]);
    expect(frac[0]).to.not.equal(0.25);
  });
});

describe('distortion levels', () => {
  for (const level of [-0.1, Number.NaN, Infinity]) {
    it(`cannot be ${level}`, () => {
      for (const distort of [distortLattice, distortCoordinates]) {
        expect(faultOf(() => distort(rutile, level, randomFromSeed(1))).code).to.equal('option.invalid');
      }
    });
  }
});
