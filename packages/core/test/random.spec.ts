import { expect } from 'chai';
import fc from 'fast-check';
import { randomFromSeed, randomFromState } from '@braggscape/core';
import type { Random } from '@braggscape/core';

const draw = (random: Random, count: number): number[] => Array.from({ length: count }, () => random.uniform());

/** Mean, variance and fourth central moment of a sample. */
function moments(sample: readonly number[]): { mean: number; variance: number; fourth: number } {
  const mean = sample.reduce((sum, value) => sum + value, 0) / sample.length;
  const central = (power: number): number => sample.reduce((sum, value) => sum + (value - mean) ** power, 0) / sample.length;
  return { mean, variance: central(2), fourth: central(4) };
}

describe('random', () => {
  it('repeats a seed and tells neighbouring seeds apart', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        expect(draw(randomFromSeed(seed), 8)).to.deep.equal(draw(randomFromSeed(seed), 8));
        expect(draw(randomFromSeed(seed), 2)).not.to.deep.equal(draw(randomFromSeed(seed + 1), 2));
      }),
    );
  });

  it('gives fixed numbers, so that a recorded run repeats in later versions', () => {
    expect(draw(randomFromSeed(1), 3)).to.deep.equal([0.23042251990706153, 0.6816390861579772, 0.9437116400491569]);
  });

  it('goes on from a state exactly, with the same derived generators', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(20), (seed, skipped) => {
        const random = randomFromSeed(seed);
        draw(random, skipped);
        const state = JSON.parse(JSON.stringify(random.state())) as number[];
        const restored = randomFromState(state);
        expect(draw(restored, 5)).to.deep.equal(draw(random, 5));
        expect(draw(restored.derive('a'), 3)).to.deep.equal(draw(random.derive('a'), 3));
      }),
    );
  });

  it('derives generators that depend on seed and label, not on what was drawn before', () => {
    fc.assert(
      fc.property(fc.integer(), fc.string(), fc.string(), (seed, label, other) => {
        const untouched = randomFromSeed(seed);
        const used = randomFromSeed(seed);
        draw(used, 7);
        expect(draw(used.derive(label), 4)).to.deep.equal(draw(untouched.derive(label), 4));
        fc.pre(label !== other);
        expect(draw(untouched.derive(label), 2)).not.to.deep.equal(draw(untouched.derive(other), 2));
      }),
    );
  });

  it('derives uncorrelated sequences', () => {
    const parent = randomFromSeed(3);
    const [a, b] = [draw(parent.derive('a'), 20000), draw(parent.derive('b'), 20000)];
    // The product of two independent uniforms has mean 1/4 and variance 7/144.
    const mean = a.reduce((sum, value, i) => sum + value * b[i], 0) / a.length;
    expect(Math.abs(mean - 0.25)).to.be.below(5 * Math.sqrt(7 / 144 / a.length));
  });

  it('is uniform on [0, 1): moments within five standard errors', () => {
    const n = 100000;
    const sample = draw(randomFromSeed(7), n);
    expect(sample.every((value) => value >= 0 && value < 1)).to.equal(true);
    const { mean, variance } = moments(sample);
    expect(Math.abs(mean - 1 / 2)).to.be.below(5 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(variance - 1 / 12)).to.be.below(5 * Math.sqrt(1 / 180 / n));
  });

  it('fills all 53 bits', () => {
    const sample = draw(randomFromSeed(11), 2000).map((value) => value * 2 ** 53);
    expect(sample.every(Number.isInteger)).to.equal(true);
    for (let bit = 0; bit < 53; bit++) {
      const set = sample.filter((value) => Math.floor(value / 2 ** bit) % 2 === 1).length;
      expect(set, `bit ${bit}`).to.be.within(850, 1150);
    }
  });

  it('gives standard normal deviates: moments within five standard errors', () => {
    const n = 100000;
    const random = randomFromSeed(5);
    const { mean, variance, fourth } = moments(Array.from({ length: n }, () => random.normal()));
    expect(Math.abs(mean)).to.be.below(5 / Math.sqrt(n));
    expect(Math.abs(variance - 1)).to.be.below(5 * Math.sqrt(2 / n));
    expect(Math.abs(fourth - 3)).to.be.below(5 * Math.sqrt(96 / n));
  });

  it('keeps intervals and integers within their bounds', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 1000 }), (seed, bound) => {
        const random = randomFromSeed(seed);
        const integer = random.integer(bound);
        expect(Number.isInteger(integer)).to.equal(true);
        expect(integer).to.be.within(0, bound - 1);
        expect(random.between(-bound, bound)).to.be.within(-bound, bound);
      }),
    );
  });

  it('reaches every integer below the bound', () => {
    const random = randomFromSeed(2);
    const seen = new Set(Array.from({ length: 500 }, () => random.integer(6)));
    expect([...seen].sort()).to.deep.equal([0, 1, 2, 3, 4, 5]);
  });
});
