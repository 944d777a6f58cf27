import { expect } from 'chai';
import { randomFromSeed } from '@braggscape/core';
import { comparePairedSuccesses, comparePairedValues, exactMcNemar, pairedDifferenceInterval, probabilityOfMajority } from '@braggscape/benchmark';
import { expectInvalid } from './samples.js';

describe('paired comparison of successes', () => {
  const a = [true, true, true, false, false, true];
  const b = [true, false, false, true, false, true];

  it('counts, and tells the difference', () => {
    const found = comparePairedSuccesses(a, b);
    expect(found).to.include({ starts: 6, both: 2, onlyA: 2, onlyB: 1, neither: 1, rateA: 4 / 6, rateB: 3 / 6 });
    expect(found.difference.value).to.be.closeTo(1 / 6, 1e-15);
    expect(found.mcnemar).to.equal(exactMcNemar(2, 1));
    expect(found.probabilityAHigher).to.equal(probabilityOfMajority(2, 1));
  });

  it('mirrors when the methods are exchanged', () => {
    const [one, other] = [comparePairedSuccesses(a, b), comparePairedSuccesses(b, a)];
    expect(one.mcnemar).to.equal(other.mcnemar);
    expect(one.probabilityAHigher + other.probabilityAHigher).to.be.closeTo(1, 1e-14);
    expect(one.difference.low).to.be.closeTo(-other.difference.high, 1e-14);
    expect(one.difference.high).to.be.closeTo(-other.difference.low, 1e-14);
  });

  it('McNemar’s test is the sum of binomials', () => {
    // 2 (1 + 14 + 91) / 2¹⁴
    expect(exactMcNemar(12, 2)).to.be.closeTo(212 / 16384, 1e-15);
    for (let n = 0; n <= 30; n++) {
      for (let k = 0; k <= n; k++) {
        let [tail, term] = [0, 1];
        for (let i = 0; i <= Math.min(k, n - k); i++) {
          tail += term;
          term *= (n - i) / (i + 1);
        }
        expect(exactMcNemar(k, n - k)).to.be.closeTo(Math.min(1, (2 * tail) / 2 ** n), 1e-13);
      }
    }
  });

  it('the probability of a majority has its closed forms, and rises with the wins', () => {
    expect(probabilityOfMajority(0, 0)).to.be.closeTo(0.5, 1e-15);
    expect(probabilityOfMajority(7, 7)).to.be.closeTo(0.5, 1e-14);
    // Beta(3/2, 1/2) above ½.
    expect(probabilityOfMajority(1, 0)).to.be.closeTo(0.5 + 1 / Math.PI, 1e-14);
    for (let wins = 0; wins < 40; wins++) expect(probabilityOfMajority(wins + 1, 10)).to.be.above(probabilityOfMajority(wins, 10));
    expect(probabilityOfMajority(0, 60)).to.be.above(0).and.below(1e-15);
  });

  it('the interval joins Wilson’s intervals, here found from their definition, by the correlation', () => {
    const z = 1.959963984540054;
    /** Where a rate p is z standard deviations away from k of n, below or above. */
    const end = (k: number, n: number, edge: 0 | 1): number => {
      let [inside, outside] = [k / n, edge as number];
      for (let i = 0; i < 60; i++) {
        const middle = (inside + outside) / 2;
        if (Math.abs(k / n - middle) < z * Math.sqrt((middle * (1 - middle)) / n)) inside = middle;
        else outside = middle;
      }
      return inside;
    };
    // φ by hand: negative as it is; above n/2 less n/2, (320 − 20)/400; between them zero; zero without a margin.
    for (const [both, onlyA, onlyB, neither, phi] of [[36, 12, 2, 0, -24 / Math.sqrt(48 * 2 * 38 * 12)], [18, 2, 2, 18, 0.75], [10, 10, 10, 11, 0], [5, 3, 0, 0, 0]]) {
      const n = both + onlyA + onlyB + neither;
      const [rateA, rateB] = [(both + onlyA) / n, (both + onlyB) / n];
      const [belowA, aboveA] = [rateA - end(both + onlyA, n, 0), end(both + onlyA, n, 1) - rateA];
      const [belowB, aboveB] = [rateB - end(both + onlyB, n, 0), end(both + onlyB, n, 1) - rateB];
      const { low, high } = pairedDifferenceInterval({ both, onlyA, onlyB, neither });
      expect(low).to.be.closeTo(rateA - rateB - Math.sqrt(belowA ** 2 - 2 * phi * belowA * aboveB + aboveB ** 2), 1e-12);
      expect(high).to.be.closeTo(rateA - rateB + Math.sqrt(aboveA ** 2 - 2 * phi * aboveA * belowB + belowB ** 2), 1e-12);
    }
  });

  it('the interval contains the difference, stays within −1…1 and narrows for methods that succeed together', () => {
    for (const [both, onlyA, onlyB, neither] of [[0, 1, 0, 0], [0, 0, 1, 0], [5, 0, 0, 0], [0, 0, 0, 5], [3, 4, 5, 6], [0, 20, 0, 0], [10, 0, 0, 10]]) {
      const { low, high } = pairedDifferenceInterval({ both, onlyA, onlyB, neither });
      const difference = (onlyA - onlyB) / (both + onlyA + onlyB + neither);
      expect(low).to.be.at.least(-1 - 1e-12).and.at.most(difference);
      expect(high).to.be.at.most(1 + 1e-12).and.at.least(difference);
    }
    const width = ({ low, high }: { low: number; high: number }): number => high - low;
    // The same two rates of ½: once together, once apart.
    expect(width(pairedDifferenceInterval({ both: 18, onlyA: 2, onlyB: 2, neither: 18 }))).to.be.below(0.6 * width(pairedDifferenceInterval({ both: 10, onlyA: 10, onlyB: 10, neither: 10 })));
  });

  it('the interval covers as often as it says', () => {
    const random = randomFromSeed(11);
    let covered = 0;
    for (let sample = 0; sample < 1000; sample++) {
      const counts = { both: 0, onlyA: 0, onlyB: 0, neither: 0 };
      for (let start = 0; start < 40; start++) {
        const u = random.uniform();
        counts[u < 0.4 ? 'both' : u < 0.65 ? 'onlyA' : u < 0.75 ? 'onlyB' : 'neither']++;
      }
      const { low, high } = pairedDifferenceInterval(counts);
      if (low <= 0.15 && 0.15 <= high) covered++;
    }
    expect(covered).to.be.above(925).and.below(985);
  });

  it('refuses what cannot be compared', () => {
    expectInvalid(() => comparePairedSuccesses([], []), 'no starts');
    expectInvalid(() => comparePairedSuccesses([true], [true, false]), 'a has 1 values and b 2');
    expectInvalid(() => comparePairedSuccesses([true, NaN as any], [true, true]), 'a[1] is NaN');
    expectInvalid(() => comparePairedSuccesses(a, b, { level: 95 }), 'level is 95');
    expectInvalid(() => pairedDifferenceInterval({ both: 0, onlyA: 0, onlyB: 0, neither: 0 }), 'is 0');
    expectInvalid(() => pairedDifferenceInterval({ both: -1, onlyA: 2, onlyB: 0, neither: 0 }), 'both is -1');
    expectInvalid(() => exactMcNemar(NaN, 1), 'onlyA is NaN');
    expectInvalid(() => probabilityOfMajority(0.5, 1), 'wins is 0.5');
  });
});

describe('paired comparison of values', () => {
  it('counts which is lower, failures as infinite', () => {
    const found = comparePairedValues([1, 2, 3, Infinity, Infinity, 1], [2, 3, 3, 5, Infinity, Infinity]);
    expect(found).to.deep.equal({ starts: 6, lowerA: 3, lowerB: 1, ties: 2, signTest: exactMcNemar(3, 1), probabilityALower: probabilityOfMajority(3, 1) });
  });

  it('keeps its verdict under monotone maps, and is even for equal values', () => {
    const random = randomFromSeed(12);
    const a = Array.from({ length: 30 }, () => random.normal());
    const b = Array.from({ length: 30 }, () => random.normal() + 0.5);
    expect(comparePairedValues(a.map(Math.exp), b.map(Math.exp))).to.deep.equal(comparePairedValues(a, b));
    const { probabilityALower, ...counts } = comparePairedValues(a, a);
    expect(counts).to.deep.equal({ starts: 30, lowerA: 0, lowerB: 0, ties: 30, signTest: 1 });
    expect(probabilityALower).to.be.closeTo(0.5, 1e-14);
  });

  it('refuses NaN and no starts', () => {
    expectInvalid(() => comparePairedValues([1, NaN], [1, 2]), 'a[1] is NaN');
    expectInvalid(() => comparePairedValues([1, 2], [1, NaN]), 'b[1] is NaN');
    expectInvalid(() => comparePairedValues([], []), 'no starts');
  });
});
