import { expect } from 'chai';
import { pearson, spearman } from '@braggscape/benchmark';
import { expectInvalid, normalRows } from './samples.js';

describe('correlation', () => {
  const { x, y } = normalRows(60, 0.5, 1);

  it('of lines is 1 and −1, of a parabola about its vertex 0', () => {
    expect(pearson([1, 2, 4], [3, 5, 9])).to.be.closeTo(1, 1e-15);
    expect(pearson([1, 2, 4], [-3, -5, -9])).to.be.closeTo(-1, 1e-15);
    expect(pearson([-2, -1, 0, 1, 2], [4, 1, 0, 1, 4])).to.be.closeTo(0, 1e-15);
  });

  it('has the values of Anscombe’s first set', () => {
    // Anscombe, Am. Stat. 27, 17 (1973).
    const a = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5];
    const b = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
    expect(pearson(a, b)).to.be.closeTo(0.81642051634484, 1e-13);
    // Without ties 1 − 6 Σ d² / (n³ − n).
    expect(spearman(a, b)).to.be.closeTo(1 - (6 * 40) / (11 ** 3 - 11), 1e-13);
  });

  it('tied values share their mean rank', () => {
    // Ranks 1.5, 1.5, 3, 4 and 1, 2, 3.5, 3.5.
    expect(spearman([1, 1, 2, 9], [0, 5, 6, 6])).to.be.closeTo(pearson([1.5, 1.5, 3, 4], [1, 2, 3.5, 3.5])!, 1e-15);
    expect(spearman([1, 1, 2, 9], [0, 5, 6, 6])).to.be.closeTo(4 / 4.5, 1e-15);
  });

  it('is symmetric, keeps its value when rows are moved, and changes its sign with one variable’s', () => {
    for (const correlation of [pearson, spearman]) {
      const value = correlation(x, y)!;
      expect(correlation(y, x)).to.be.closeTo(value, 1e-14);
      expect(correlation([...x].reverse(), [...y].reverse())).to.be.closeTo(value, 1e-14);
      expect(correlation(x.map((a) => -a), y)).to.be.closeTo(-value, 1e-14);
    }
  });

  it('Pearson’s keeps its value under scales and shifts, Spearman’s under monotone maps', () => {
    expect(pearson(x.map((a) => 1e-180 * a), y.map((a) => 1e180 * a))).to.be.closeTo(pearson(x, y)!, 1e-13);
    expect(pearson([-1.7e308, 1.7e308, 0], [-5e-324, 5e-324, 0])).to.be.closeTo(1, 1e-15);
    expect(pearson(x.map((a) => 3 * a - 7), y)).to.be.closeTo(pearson(x, y)!, 1e-13);
    expect(spearman(x.map(Math.exp), y.map((a) => a ** 3))).to.equal(spearman(x, y));
    expect(pearson(x.map((a) => Math.exp(3 * a)), y)).not.to.be.closeTo(pearson(x, y)!, 0.05);
  });

  it('is null of a constant, also one that is not exact in binary, and of a single row', () => {
    for (const correlation of [pearson, spearman]) {
      expect(correlation([0.1, 0.1, 0.1], [1, 2, 3])).to.equal(null);
      expect(correlation([1, 2, 3], [0.1, 0.1, 0.1])).to.equal(null);
      expect(correlation([1], [2])).to.equal(null);
      expect(correlation([], [])).to.equal(null);
    }
  });

  it('refuses NaN, infinities and columns of different lengths', () => {
    for (const correlation of [pearson, spearman]) {
      expectInvalid(() => correlation([1, NaN], [1, 2]), 'x[1] is NaN');
      expectInvalid(() => correlation([1, 2], [Infinity, 2]), 'y[0] is Infinity');
      expectInvalid(() => correlation([1, 2], [1]), 'x has 2 values and y 1');
    }
  });
});
