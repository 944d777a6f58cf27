import { expect } from 'chai';
import { bootstrapInterval, dependence, mutualInformation, pearson, subsamplingInterval } from '@braggscape/benchmark';
import { expectInvalid, normalRows } from './samples.js';

const meanOfX = (x: Float64Array): number => x.reduce((sum, value) => sum + value, 0) / x.length;
const information = (x: Float64Array, y: Float64Array): number => mutualInformation(x, y, { clipped: false });

describe('intervals by resampling', () => {
  const { x, y } = normalRows(400, 0.6, 7);

  it('of a mean are the normal ones', () => {
    const deviation = Math.sqrt(x.reduce((sum, value) => sum + (value - meanOfX(x)) ** 2, 0) / x.length);
    const half = (1.959964 * deviation) / Math.sqrt(x.length);
    for (const intervalOf of [bootstrapInterval, subsamplingInterval]) {
      const { value, low, high } = intervalOf(x, y, meanOfX, { resamples: 4000 })!;
      expect(value).to.equal(meanOfX(x));
      expect(value - low).to.be.closeTo(half, 0.08 * half);
      expect(high - value).to.be.closeTo(half, 0.08 * half);
    }
  });

  it('subsamples of any size tell the same width', () => {
    const widths = [0.2, 0.5, 0.8].map((fraction) => {
      const { low, high } = subsamplingInterval(x, y, meanOfX, { resamples: 4000, fraction })!;
      return high - low;
    });
    for (const width of widths) expect(width).to.be.closeTo(widths[0], 0.1 * widths[0]);
  });

  it('are the same for equal seeds, others for others, and wider for a higher level', () => {
    for (const intervalOf of [bootstrapInterval, subsamplingInterval]) {
      const of = (options: object) => intervalOf(x, y, pearson, { resamples: 200, ...options })!;
      expect(of({ seed: 1 })).to.deep.equal(of({ seed: 1 }));
      expect(of({ seed: 1 })).not.to.deep.equal(of({ seed: 2 }));
      expect(of({ level: 0.99 }).low).to.be.below(of({ level: 0.8 }).low);
      expect(of({ level: 0.99 }).high).to.be.above(of({ level: 0.8 }).high);
    }
  });

  it('draw pairs, with replacement and without', () => {
    const rows = Float64Array.from({ length: 20 }, (_, i) => i);
    let repeated = 0;
    bootstrapInterval(rows, rows, (a, b) => {
      expect([...a]).to.deep.equal([...b]);
      expect(a).to.have.length(20);
      if (new Set(a).size < 20) repeated++;
      return 0;
    });
    expect(repeated).to.be.above(990);
    const drawn = new Float64Array(20);
    subsamplingInterval(rows, rows, (a, b) => {
      expect([...a]).to.deep.equal([...b]);
      expect(new Set(a).size).to.equal(a.length);
      if (a.length === 10) for (const row of a) drawn[row]++;
      return 0;
    });
    // Each row is in half of the thousand, give or take five standard deviations.
    for (const count of drawn) expect(count).to.be.closeTo(500, 80);
  });

  it('cover as often as they say', () => {
    const truth = -0.5 * Math.log(1 - 0.6 ** 2);
    const seeds = Array.from({ length: 60 }, (_, i) => 1000 + i);
    let [correlations, informations] = [0, 0];
    for (const seed of seeds) {
      const rows = normalRows(120, 0.6, seed);
      const ofCorrelation = bootstrapInterval(rows.x, rows.y, pearson, { resamples: 200 })!;
      if (ofCorrelation.low <= 0.6 && 0.6 <= ofCorrelation.high) correlations++;
      const ofInformation = subsamplingInterval(rows.x, rows.y, information, { resamples: 200 })!;
      if (ofInformation.low <= truth && truth <= ofInformation.high) informations++;
    }
    // 57 of 60 are expected; 52 or fewer happen once in fifty times.
    expect(correlations).to.be.above(51);
    expect(informations).to.be.above(51);
  });

  it('the bootstrap takes twins for information, subsamples do not', () => {
    const { x: a, y: b } = normalRows(200, 0, 8);
    expect(bootstrapInterval(a, b, information, { resamples: 100 })!.low).to.be.above(0.2);
    expect(subsamplingInterval(a, b, information, { resamples: 100 })!.low).to.be.below(0.02);
  });

  it('leave samples out where a statistic is not defined, and are null where it is not defined at all', () => {
    const ones = new Float64Array(5).fill(1);
    expect(bootstrapInterval(ones, ones, pearson)).to.equal(null);
    expect(subsamplingInterval(ones, ones, pearson)).to.equal(null);
    // Two rows: half of the samples are one row twice, the others are lines.
    const { value, low, high } = bootstrapInterval([0, 1], [0, 2], pearson)!;
    for (const number of [value, low, high]) expect(number).to.be.closeTo(1, 1e-15);
  });

  it('refuse rows and options that will not do', () => {
    expectInvalid(() => bootstrapInterval([], [], pearson), 'there are 0 rows');
    expectInvalid(() => bootstrapInterval([1, NaN], [1, 2], pearson), 'x[1] is NaN');
    expectInvalid(() => bootstrapInterval([1, 2], [1, 2], pearson, { resamples: 0 }), 'resamples is 0');
    expectInvalid(() => bootstrapInterval([1, 2], [1, 2], pearson, { level: 2 }), 'level is 2');
    expectInvalid(() => subsamplingInterval([1], [1], pearson), 'at least 2');
    expectInvalid(() => subsamplingInterval([1, 2], [1, 2], pearson, { fraction: 1 }), 'fraction is 1');
    expectInvalid(() => subsamplingInterval([1, 2], [1, 2], pearson, { fraction: NaN }), 'fraction is NaN');
  });
});

describe('dependence', () => {
  it('gives each number its interval', () => {
    const { x, y } = normalRows(200, 0.8, 9);
    const found = dependence(x, y, { resamples: 200 });
    expect(found.rows).to.equal(200);
    for (const estimate of [found.pearson!, found.spearman!, found.mutualInformation]) {
      expect(estimate.low).to.be.below(estimate.value);
      expect(estimate.high).to.be.above(estimate.value);
      expect(estimate.low).to.be.above(0.2);
    }
    expect(found.mutualInformation.value).to.equal(mutualInformation(x, y));
  });

  it('of a constant is null and no information; of independent variables it begins at zero', () => {
    const { x, y } = normalRows(100, 0, 10);
    expect(dependence(x, x.map(() => 3), { resamples: 20 })).to.deep.equal({ rows: 100, pearson: null, spearman: null, mutualInformation: { value: 0, low: 0, high: 0 } });
    expect(dependence(x, y, { resamples: 100 }).mutualInformation.low).to.equal(0);
  });

  it('needs rows enough for half of them', () => {
    const rows = [1, 2, 3, 4, 5, 6, 7, 8];
    expect(dependence(rows, rows, { resamples: 10 }).rows).to.equal(8);
    expectInvalid(() => dependence(rows.slice(1), rows.slice(1)), 'there are 7 rows, and at least 8 are needed');
  });
});
