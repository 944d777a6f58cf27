import { expect } from 'chai';
import fc from 'fast-check';
import { cosine, crossCorrelation } from '@braggscape/metrics';
import { checkGradient, checkMetric, faultOf } from '@braggscape/testing';
import { axis, functionOf, pattern, peak, referenceCases, valueOf } from './patterns.js';

const intensities = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 6, maxLength: 6 }).filter((values) => values.some((y) => y > 0));

describe('cross-correlation', () => {
  for (const width of [0.3, 1, 1.7, 100]) {
    it(`obeys the metric laws with a width of ${width}°`, async () => {
      expect(await checkMetric(crossCorrelation({ width }))).to.be.lessThan(1e-6);
    });
  }

  for (const { name, calc, observed, losses } of referenceCases) {
    it(`agrees with the sum over pairs of points: ${name}`, () => {
      for (const [width, expected] of Object.entries(losses.crossCorrelation)) {
        expect(valueOf(crossCorrelation({ width: Number(width) }), calc, observed), `width ${width}`).to.be.closeTo(expected, 1e-12);
      }
      expect(valueOf(crossCorrelation(), calc, observed)).to.equal(valueOf(crossCorrelation({ width: 1 }), calc, observed));
    });
  }

  it('has the gradient of its value on an uneven axis', async () => {
    const { calc, observed } = referenceCases.find(({ name }) => name === 'uneven axis')!;
    for (const width of [0.02, 0.5, 3]) expect(await checkGradient(functionOf(crossCorrelation({ width }), observed), calc), `${width}°`).to.be.lessThan(1e-6);
  });

  it('grows with the shift of a peak until the width, where cosine sees nothing more', () => {
    const observed = { twoTheta: axis, intensity: peak(30, 0.05) };
    const [near, wide] = [cosine, crossCorrelation({ width: 2 })].map((metric) => (shift: number) => valueOf(metric, peak(30 + shift, 0.05), observed));
    for (let shift = 0; shift < 1.9; shift += 0.1) {
      expect(wide(shift + 0.1) - wide(shift), `at ${shift.toFixed(1)}°`).to.be.greaterThan(0.035);
      expect(wide(shift)).to.be.closeTo(wide(-shift), 1e-12);
    }
    expect(wide(2.3)).to.be.closeTo(1, 1e-12);
    expect(near(0.5)).to.be.closeTo(1, 1e-12);
    expect(near(1)).to.be.closeTo(1, 1e-12);
  });

  it('is the triangle itself for peaks of one point', () => {
    const at = (i: number): Float64Array => Float64Array.from({ length: 8 }, (_, j) => (i === j ? 3 : 0));
    const observed = pattern([0, 1, 0, 0, 0, 0, 0, 0]);
    for (const shift of [0, 1, 2, 3, 4, 5]) {
      expect(valueOf(crossCorrelation({ width: 4 }), at(1 + shift), observed)).to.be.closeTo(Math.min(shift / 4, 1), 1e-14);
    }
  });

  it('is cosine where the triangle is narrower than a step', () => {
    const [calc, observed] = [Float64Array.of(1, 4, 0, 2), pattern([2, 1, 0, 5])];
    expect(valueOf(crossCorrelation({ width: 0.5 }), calc, observed)).to.be.closeTo(valueOf(cosine, calc, observed), 1e-14);
  });

  it('is symmetric, within its bounds, and does not see a scale', () => {
    fc.assert(
      fc.property(intensities, intensities, fc.double({ min: 0.2, max: 9, noNaN: true }), (a, b, width) => {
        const metric = crossCorrelation({ width });
        const value = valueOf(metric, Float64Array.from(a), pattern(b));
        expect(value).to.be.within(0, 1 + 1e-12);
        expect(valueOf(metric, Float64Array.from(b), pattern(a))).to.be.closeTo(value, 1e-12);
        expect(valueOf(metric, Float64Array.from(a, (y) => 7 * y), pattern(b.map((y) => y / 3)))).to.be.closeTo(value, 1e-12);
      }),
    );
  });

  it('keeps its digits near a perfect fit', () => {
    const observed = { twoTheta: axis, intensity: peak(25) };
    const bump = peak(31);
    const [metric, size] = [crossCorrelation(), 1e-6];
    // Too far apart to correlate: the loss is ½ size² to leading order.
    const calc = observed.intensity.map((y, i) => y + size * bump[i]);
    expect(valueOf(metric, calc, observed) / (size ** 2 / 2)).to.be.closeTo(1, 1e-6);
    expect(valueOf(metric, observed.intensity, observed)).to.equal(0);
  });

  it('does not take more time for a wider triangle', () => {
    const observed = { twoTheta: axis, intensity: peak(25) };
    const calc = peak(26);
    const fastest = (width: number): number => {
      const compare = crossCorrelation({ width }).against(observed);
      const times = Array.from({ length: 30 }, () => {
        const start = performance.now();
        for (let i = 0; i < 20; i++) compare(calc, 'gradient');
        return performance.now() - start;
      });
      return Math.min(...times);
    };
    fastest(0.1);
    // A sum over the points under the triangle would take a hundred times as long.
    expect(fastest(10) / fastest(0.1)).to.be.lessThan(10);
  });

  it('refuses what it is undefined for', () => {
    expect(faultOf(() => crossCorrelation().against(pattern([0, 0, 0]))).code).to.equal('pattern.invalid');
    expect(faultOf(() => crossCorrelation().against(pattern([1, Infinity, 0]))).code).to.equal('pattern.invalid');
    expect(faultOf(() => crossCorrelation({ width: 0 })).code).to.equal('option.invalid');
    expect(faultOf(() => crossCorrelation({ width: Number.NaN })).path).to.equal('width');
  });
});
