import { expect } from 'chai';
import { randomFromSeed } from '@braggscape/core';
import { mutualInformation } from '@braggscape/benchmark';
import { expectInvalid, normalRows } from './samples.js';

describe('mutual information', () => {
  it('is what the definition gives when all distances are compared', () => {
    for (const [n, k] of [[4, 3], [25, 1], [60, 3], [60, 8]]) {
      const { x, y } = normalRows(n, 0.7, n + k);
      expect(mutualInformation(x, y, { neighbours: k, clipped: false })).to.be.closeTo(byDefinition(x, y, k), 1e-12);
    }
  });

  it('of normal variables is −½ ln(1 − ρ²)', () => {
    for (const correlation of [0, 0.5, 0.9, -0.9]) {
      const { x, y } = normalRows(4000, correlation, 3);
      expect(mutualInformation(x, y)).to.be.closeTo(-0.5 * Math.log(1 - correlation ** 2), 0.05);
    }
  });

  it('sees what no correlation does', () => {
    const random = randomFromSeed(4);
    const angles = Array.from({ length: 500 }, () => random.between(0, 2 * Math.PI));
    expect(mutualInformation(angles.map(Math.cos), angles.map(Math.sin))).to.be.above(1);
  });

  it('keeps its value under affine maps of either sign, and nearly under other monotone ones', () => {
    const { x, y } = normalRows(300, 0.6, 5);
    const value = mutualInformation(x, y);
    expect(mutualInformation(y, x)).to.be.closeTo(value, 1e-12);
    expect(mutualInformation(x.map((a) => -250 * a + 13), y.map((a) => 1e-9 * a - 1e-8))).to.be.closeTo(value, 1e-12);
    expect(mutualInformation(x.map((a) => 1e200 * a), y.map((a) => 1e-200 * a))).to.be.closeTo(value, 1e-12);
    expect(mutualInformation(x.map((a) => a + a ** 3), y.map(Math.exp))).to.be.closeTo(value, 0.1);
  });

  it('is not below zero unless asked for', () => {
    const estimates = Array.from({ length: 20 }, (_, seed) => normalRows(50, 0, 100 + seed)).map(({ x, y }) => [mutualInformation(x, y), mutualInformation(x, y, { clipped: false })]);
    expect(estimates.filter(([, raw]) => raw < 0)).to.have.length.above(3);
    for (const [clipped, raw] of estimates) expect(clipped).to.equal(Math.max(0, raw));
  });

  it('a constant has none, and ties are broken the same way each time', () => {
    const { x, y } = normalRows(100, 0.9, 6);
    expect(mutualInformation(x, y.map(() => 0.1))).to.equal(0);
    const rounded = x.map(Math.round);
    expect(mutualInformation(rounded, y, { seed: 1 })).to.equal(mutualInformation(rounded, y, { seed: 1 }));
    expect(mutualInformation(rounded, y, { seed: 1 })).not.to.equal(mutualInformation(rounded, y, { seed: 2 }));
    expect(mutualInformation(x, y, { seed: 1 })).to.be.closeTo(mutualInformation(x, y, { seed: 2 }), 1e-12);
  });

  it('refuses NaN, too few rows and neighbours that are no number', () => {
    expectInvalid(() => mutualInformation([1, 2, 3, NaN], [1, 2, 3, 4]), 'x[3] is NaN');
    expectInvalid(() => mutualInformation([1, 2, 3], [1, 2, 3]), 'there are 3 rows, and at least 4 are needed');
    expectInvalid(() => mutualInformation([], []), 'there are 0 rows');
    expectInvalid(() => mutualInformation([1, 2, 3], [1, 2, 3], { neighbours: 0 }), 'neighbours is 0');
  });
});

/** The estimator written down as it stands in the article: variables in units of their standard deviation, no noise. */
function byDefinition(first: Float64Array, second: Float64Array, k: number): number {
  const n = first.length;
  const [x, y] = [first, second].map((values) => {
    const mean = values.reduce((sum, value) => sum + value) / n;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n);
    return values.map((value) => value / deviation);
  });
  const digamma = (m: number): number => Array.from({ length: m - 1 }, (_, i) => 1 / (i + 1)).reduce((sum, term) => sum + term, -0.5772156649015329);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const others = Array.from({ length: n }, (_, j) => j).filter((j) => j !== i);
    const radius = others.map((j) => Math.max(Math.abs(x[j] - x[i]), Math.abs(y[j] - y[i]))).sort((a, b) => a - b)[k - 1];
    const within = (values: Float64Array): number => others.filter((j) => Math.abs(values[j] - values[i]) < radius).length;
    sum += digamma(within(x) + 1) + digamma(within(y) + 1);
  }
  return digamma(k) + digamma(n) - sum / n;
}
