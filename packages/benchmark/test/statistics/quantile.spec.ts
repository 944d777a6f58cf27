import { expect } from 'chai';
import { median, quantile } from '@braggscape/benchmark';
import { expectInvalid } from './samples.js';

describe('quantiles', () => {
  it('lie on the line between order statistics', () => {
    const values = [4, 1, 3, 2];
    expect([0, 0.25, 0.5, 0.9, 1].map((p) => quantile(values, p))).to.deep.equal([1, 1.75, 2.5, 3.7, 4]);
    expect(values).to.deep.equal([4, 1, 3, 2]);
  });

  it('the median is the middle, or the mean of the two in the middle', () => {
    expect(median([3, 1, 2])).to.equal(2);
    expect(median([10, 2, 3, 1])).to.equal(2.5);
    expect(median([7])).to.equal(7);
    expect(median([])).to.equal(null);
  });

  it('takes infinities without making NaN of them', () => {
    expect(median([1, Infinity, Infinity])).to.equal(Infinity);
    expect(median([1, 2, Infinity])).to.equal(2);
    expect(median([-Infinity, -Infinity])).to.equal(-Infinity);
    expect(quantile([0, Infinity], 0)).to.equal(0);
  });

  it('refuses NaN and parts outside of 0…1', () => {
    expectInvalid(() => median([1, NaN]), 'NaN');
    expectInvalid(() => quantile([1], 1.1), 'p is 1.1');
    expectInvalid(() => quantile([1], NaN), 'p is NaN');
  });
});
