import { expect } from 'chai';
import { jeffreysInterval } from '@braggscape/benchmark';
import { expectInvalid } from './samples.js';

describe('Jeffreys interval', () => {
  it('cuts half of what the level leaves off on each side', () => {
    // One success in two trials: Beta(3/2, 3/2) is a semicircle, whose distribution function is known.
    const semicircle = (x: number): number => 0.5 + ((2 * x - 1) * Math.sqrt(1 - (2 * x - 1) ** 2) + Math.asin(2 * x - 1)) / Math.PI;
    for (const level of [0.5, 0.9, 0.95, 0.999]) {
      const { low, high } = jeffreysInterval(1, 2, { level });
      expect(semicircle(low)).to.be.closeTo((1 - level) / 2, 1e-12);
      expect(semicircle(high)).to.be.closeTo((1 + level) / 2, 1e-12);
    }
  });

  it('has SciPy’s ends', () => {
    // scipy.stats.beta.ppf of SciPy 1.17.1
    expect(jeffreysInterval(0, 10).high).to.be.closeTo(0.21719626750921053, 1e-13);
    expect(jeffreysInterval(1, 10).low).to.be.closeTo(0.011011673763161133, 1e-13);
    expect(jeffreysInterval(1, 10).high).to.be.closeTo(0.3813147710666164, 1e-13);
    expect(jeffreysInterval(209, 220).low).to.be.closeTo(0.9151405771614333, 1e-13);
    expect(jeffreysInterval(209, 220).high).to.be.closeTo(0.973148039363978, 1e-13);
  });

  it('ends at 0 and 1 where nothing or everything succeeds, and says nothing of no trials', () => {
    expect(jeffreysInterval(0, 5).low).to.equal(0);
    expect(jeffreysInterval(5, 5).high).to.equal(1);
    expect(jeffreysInterval(0, 0)).to.deep.equal({ low: 0, high: 1 });
  });

  it('mirrors, rises with the successes, narrows with the trials and widens with the level', () => {
    for (const n of [1, 4, 30, 220]) {
      for (let k = 0; k <= n; k++) {
        const { low, high } = jeffreysInterval(k, n);
        const mirrored = jeffreysInterval(n - k, n);
        expect(low).to.be.closeTo(1 - mirrored.high, 1e-12);
        expect(low).to.be.at.most(k / n);
        expect(high).to.be.at.least(k / n);
        const wider = jeffreysInterval(k, n, { level: 0.99 });
        expect(wider.low).to.be.at.most(low);
        expect(wider.high).to.be.at.least(high);
        const longer = jeffreysInterval(4 * k, 4 * n);
        expect(longer.high - longer.low).to.be.below(high - low);
        if (k === n) continue;
        const next = jeffreysInterval(k + 1, n);
        expect(next.low).to.be.above(low);
        expect(next.high).to.be.above(high);
      }
    }
  });

  it('covers rates as often as it says, on the mean, and nowhere much less', () => {
    const n = 40;
    const intervals = Array.from({ length: n + 1 }, (_, k) => jeffreysInterval(k, n));
    const rates = Array.from({ length: 999 }, (_, i) => (i + 1) / 1000);
    const coverage = rates.map((rate) => {
      let [probability, covered] = [(1 - rate) ** n, 0];
      for (let k = 0; k <= n; k++) {
        if (intervals[k].low <= rate && rate <= intervals[k].high) covered += probability;
        probability *= ((n - k) / (k + 1)) * (rate / (1 - rate));
      }
      return covered;
    });
    expect(coverage.reduce((sum, value) => sum + value, 0) / rates.length).to.be.closeTo(0.95, 0.005);
    expect(Math.min(...coverage)).to.be.above(0.86);
  });

  it('refuses counts that are none, and levels outside of 0…1', () => {
    expectInvalid(() => jeffreysInterval(3, 2), 'trials is 2');
    expectInvalid(() => jeffreysInterval(-1, 2), 'successes is -1');
    expectInvalid(() => jeffreysInterval(1.5, 2), 'successes is 1.5');
    expectInvalid(() => jeffreysInterval(NaN, 2), 'successes is NaN');
    for (const level of [0, 1, 95, NaN]) expectInvalid(() => jeffreysInterval(1, 2, { level }), `level is ${level}`);
  });
});
