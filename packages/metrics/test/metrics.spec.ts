import { expect } from 'chai';
import fc from 'fast-check';
import { allFinite } from '@braggscape/core';
import { cosine, crossCorrelation, entropy, meanSquaredError, metricsPlugin, poisson, rwp, wasserstein } from '@braggscape/metrics';
import type { Normalization } from '@braggscape/metrics';
import { checkMetric, checkPlugin, faultOf } from '@braggscape/testing';
import { pattern } from './patterns.js';

const intensities = fc.array(fc.double({ min: 0, max: 1e4, noNaN: true }), { minLength: 5, maxLength: 5 }).filter((values) => Math.max(...values) > 1e-3);
const normalizations: readonly Normalization[] = ['max', 'sum', 'l2', 'least-squares', 'none'];

const code = (run: () => unknown): string => faultOf(run).code;

describe('cosine', () => {
  it('obeys the metric laws', async () => {
    expect(await checkMetric(cosine)).to.be.lessThan(1e-6);
  });

  it('is one minus the cosine of the angle between the patterns', () => {
    const compare = cosine.against(pattern([3, 4, 0]));
    expect(compare(Float64Array.of(3, 4, 0), 'value').value).to.equal(0);
    expect(compare(Float64Array.of(0, 0, 2), 'value').value).to.be.closeTo(1, 1e-15);
    expect(compare(Float64Array.of(1, 0, 0), 'value').value).to.be.closeTo(0.4, 1e-15);
  });

  it('does not see the scale of either pattern', () => {
    fc.assert(
      fc.property(intensities, intensities, fc.double({ min: 0.01, max: 100, noNaN: true }), (a, b, factor) => {
        const plain = cosine.against(pattern(b))(Float64Array.from(a), 'value').value;
        expect(cosine.against(pattern(b.map((y) => y * factor)))(Float64Array.from(a), 'value').value).to.be.closeTo(plain, 1e-12);
        expect(cosine.against(pattern(b))(Float64Array.from(a, (y) => y * factor), 'value').value).to.be.closeTo(plain, 1e-12);
      }),
    );
  });

  it('keeps its digits near a perfect fit, where 1 − cos would be noise', () => {
    const observed = [100, 50, 10];
    const { value } = cosine.against(pattern(observed))(Float64Array.from(observed, (y, i) => y + (i === 0 ? 1e-6 : 0)), 'value');
    // ½ sin² of the angle: the part of the change across the pattern, over its norm.
    const across = 1e-6 * Math.sqrt(1 - 100 ** 2 / 12600);
    expect(value / (across ** 2 / 12600 / 2)).to.be.closeTo(1, 1e-6);
  });

  it('refuses a pattern without a direction', () => {
    expect(code(() => cosine.against(pattern([0, 0, 0])))).to.equal('pattern.invalid');
    expect(code(() => cosine.against(pattern([1, Infinity, 0])))).to.equal('pattern.invalid');
  });
});

describe('mean squared error', () => {
  for (const normalization of normalizations) {
    it(`obeys the metric laws with ${normalization}`, async () => {
      expect(await checkMetric(meanSquaredError({ normalization }))).to.be.lessThan(1e-6);
    });
  }

  it('normalizes as it says', () => {
    const observed = pattern([2, 4, 0]);
    const calc = Float64Array.of(1, 1, 0);
    const value = (normalization: Normalization): number => meanSquaredError({ normalization }).against(observed)(calc, 'value').value;
    expect(value('max')).to.be.closeTo(0.25 / 3, 1e-15);
    expect(value('sum')).to.be.closeTo((2 * (1 / 6) ** 2) / 3, 1e-15);
    expect(value('none')).to.be.closeTo(10 / 3, 1e-15);
    expect(value('l2')).to.be.closeTo(((2 / Math.sqrt(20) - Math.SQRT1_2) ** 2 + (4 / Math.sqrt(20) - Math.SQRT1_2) ** 2) / 3, 1e-15);
    // Best scale of (1, 1) on (0.5, 1) is 0.75.
    expect(value('least-squares')).to.be.closeTo((2 * 0.25 ** 2) / 3, 1e-15);
  });

  it('takes max normalization unless told otherwise', () => {
    const observed = pattern([2, 4, 1]);
    const calc = Float64Array.of(1, 3, 0);
    expect(meanSquaredError().against(observed)(calc, 'value')).to.deep.equal(meanSquaredError({ normalization: 'max' }).against(observed)(calc, 'value'));
  });

  it('does not see the scale, but for none', () => {
    const observed = pattern([2, 4, 1]);
    const calc = Float64Array.of(1, 3, 0.2);
    for (const normalization of normalizations) {
      const compare = meanSquaredError({ normalization }).against(observed);
      const [one, ten] = [1, 10].map((factor) => compare(calc.map((y) => y * factor), 'value').value);
      if (normalization === 'none') expect(ten).to.be.greaterThan(2 * one);
      else expect(ten).to.be.closeTo(one, 1e-14);
    }
  });

  it('refuses a pattern that cannot be normalized', () => {
    expect(code(() => meanSquaredError().against(pattern([-1, -2, -3])))).to.equal('pattern.invalid');
  });
});

describe('loops that take four points a turn', () => {
  it('miss no point at any length', () => {
    for (let length = 3; length <= 9; length++) {
      const observed = pattern(Array.from({ length }, (_, i) => 1 + ((i * 5) % 7)));
      const calc = Float64Array.from({ length }, (_, i) => 2 + ((i * 3) % 5));
      const plain = calc.reduce((sum, y, i) => sum + (y - observed.intensity[i]) ** 2, 0) / length;
      const { value, dCalc } = meanSquaredError({ normalization: 'none' }).against(observed)(calc, 'gradient');
      expect(value, `${length} points`).to.be.closeTo(plain, 1e-12);
      expect([...dCalc!], `${length} points`).to.deep.equal(Array.from(calc, (y, i) => (2 / length) * y - (2 / length) * observed.intensity[i]));
      const inner = (a: Float64Array, b: Float64Array): number => a.reduce((sum, y, i) => sum + y * b[i], 0);
      const cosineOf = inner(calc, observed.intensity) / Math.sqrt(inner(calc, calc) * inner(observed.intensity, observed.intensity));
      expect(cosine.against(observed)(calc, 'value').value, `${length} points`).to.be.closeTo(1 - cosineOf, 1e-14);
      for (let top = 0; top < length; top++) {
        const peaked = Float64Array.from({ length }, (_, i) => (i === top ? 4 : 1));
        expect(meanSquaredError().against({ ...observed, intensity: peaked })(peaked.map((y) => 3 * y), 'value').value).to.be.lessThan(1e-30);
        const sum = meanSquaredError({ normalization: 'sum' }).against({ ...observed, intensity: peaked });
        expect(sum(peaked.map((y) => 3 * y), 'value').value).to.be.lessThan(1e-30);
      }
    }
  });
});

describe('every metric', () => {
  const all = [cosine, crossCorrelation(), entropy(), entropy({ weighting: true }), poisson(), rwp(), wasserstein];
  for (const metric of [...all, ...normalizations.map((normalization) => meanSquaredError({ normalization }))]) {
    it(`${metric.id} stays finite, and within its bounds, for tiny and for huge calculated intensities`, () => {
      const compare = metric.against(pattern([2, 40, 7, 0]));
      for (const exponent of [-320, -308, -200, -160, -155, -149, 30, 100]) {
        const { value, dCalc } = compare(Float64Array.of(30, 5, 6, 1).map((y) => y * 10 ** exponent), 'gradient');
        expect(value, `1e${exponent}`).to.be.within(metric.bounds[0], metric.bounds[1] + 1e-12);
        expect(allFinite(dCalc!), `1e${exponent}`).to.equal(true);
      }
    });
  }

  it('refuses an observed pattern that is zero, or as good as', () => {
    for (const metric of all) {
      for (const intensity of [[0, 0, 0], [0, 1e-200, 0], [1e308, 1e308, 1e308]]) {
        expect(code(() => metric.against(pattern(intensity))), `${metric.id} for ${intensity.join(', ')}`).to.equal('pattern.invalid');
      }
    }
  });

  it('uses a gradient buffer of its own for each observed pattern', () => {
    for (const metric of all) {
      const [one, two] = [pattern([2, 40, 7, 0]), pattern([5, 4, 3, 2])].map((observed) => metric.against(observed));
      const first = one(Float64Array.of(1, 2, 3, 4), 'gradient').dCalc!;
      const kept = first.slice();
      two(Float64Array.of(4, 1, 3, 2), 'gradient');
      expect([...first], metric.id).to.deep.equal([...kept]);
    }
  });
});

describe('metrics plugin', () => {
  it('passes the plugin check', async () => {
    expect(await checkPlugin(metricsPlugin)).to.deep.equal(['cosine', 'cross-correlation', 'entropy', 'mse', 'poisson', 'rwp', 'wasserstein']);
  });
});
