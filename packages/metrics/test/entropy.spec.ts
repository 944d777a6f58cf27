import { expect } from 'chai';
import fc from 'fast-check';
import { allFinite } from '@braggscape/core';
import { entropy } from '@braggscape/metrics';
import { checkGradient, checkMetric, faultOf } from '@braggscape/testing';
import { axis, functionOf, pattern, peak, referenceCases, valueOf } from './patterns.js';

const intensities = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 6, maxLength: 6 }).filter((values) => values.some((y) => y > 0));

describe('entropy', () => {
  for (const weighting of [false, true]) {
    const metric = entropy({ weighting });

    describe(weighting ? 'with weighting' : 'without weighting', () => {
      it('obeys the metric laws', async () => {
        expect(await checkMetric(metric)).to.be.lessThan(1e-6);
      });

      for (const { name, calc, observed, losses } of referenceCases) {
        it(`agrees with the entropies of the article: ${name}`, () => {
          expect(valueOf(metric, calc, observed)).to.be.closeTo(weighting ? losses.entropyWeighted : losses.entropy, 1e-12);
        });
      }

      it('has the gradient of its value, whatever the entropies', async () => {
        const [low, high] = [[9, 1, 0.3, 0.2, 4, 0.1], Array.from({ length: 40 }, (_, i) => 1 + (i % 7))];
        for (const [calc, observed] of [
          [low, [1, 8, 2, 0.1, 0, 3]],
          [high, high.map((y, i) => y + (i % 3))],
          [high, high.map((y, i) => (i === 3 ? y : 0))],
          [high.map((y, i) => (i === 5 || i === 9 ? 50 * y : 0.2)), high],
        ]) {
          expect(await checkGradient(functionOf(metric, pattern(observed)), Float64Array.from(calc))).to.be.lessThan(1e-6);
        }
      });

      it('is one for patterns that share no point', () => {
        expect(valueOf(metric, Float64Array.of(1, 3, 0, 0), pattern([0, 0, 2, 5]))).to.be.closeTo(1, 1e-15);
      });

      it('is symmetric, within its bounds, and does not see a scale', () => {
        fc.assert(
          fc.property(intensities, intensities, (a, b) => {
            const value = valueOf(metric, Float64Array.from(a), pattern(b));
            expect(value).to.be.within(0, 1 + 1e-12);
            expect(valueOf(metric, Float64Array.from(b), pattern(a))).to.be.closeTo(value, 1e-12);
            expect(valueOf(metric, Float64Array.from(a, (y) => 7 * y), pattern(b.map((y) => y / 3)))).to.be.closeTo(value, 1e-12);
          }),
        );
      });

      it('takes observed and calculated intensities below zero for zero', () => {
        const clipped = metric.against(pattern([0, 2, 4, 1]))(Float64Array.of(1, 0, 3, 1), 'gradient');
        const { value, dCalc } = metric.against(pattern([-5, 2, 4, 1]))(Float64Array.of(1, -3, 3, 1), 'gradient');
        expect(value).to.equal(clipped.value);
        expect([...dCalc!]).to.deep.equal(Array.from(clipped.dCalc!, (slope, i) => (i === 1 ? 0 : slope)));
      });

      it('has a finite slope where it is infinite, which points towards the target', () => {
        const { dCalc } = metric.against(pattern([3, 2, 0, 1]))(Float64Array.of(1, 0, 0, 4), 'gradient');
        expect(allFinite(dCalc!)).to.equal(true);
        expect(dCalc![1]).to.be.lessThan(-1);
        expect(dCalc![1]).to.be.greaterThan(-1e50);
      });

      it('stays finite for tiny and for huge intensities', () => {
        const observed = { twoTheta: axis, intensity: peak(25, 0.3) };
        for (const scale of [1e-200, 1, 1e200]) {
          const { value, dCalc } = metric.against(observed)(peak(26, 0.3).map((y) => y * scale), 'gradient');
          expect(value, `${scale}`).to.be.within(0, 1 + 1e-12);
          expect(allFinite(dCalc!), `${scale}`).to.equal(true);
        }
      });
    });
  }

  it('weighs nothing unless told to', () => {
    const { calc, observed, losses } = referenceCases.find(({ name }) => name.includes('entropy below 3'))!;
    expect(valueOf(entropy(), calc, observed)).to.be.closeTo(losses.entropy, 1e-12);
    expect(Math.abs(losses.entropy - losses.entropyWeighted)).to.be.greaterThan(1e-3);
  });

  it('saturates with the shift of a peak, at one', () => {
    const observed = { twoTheta: axis, intensity: peak(25) };
    const at = (shift: number): number => valueOf(entropy(), peak(25 + shift), observed);
    expect(at(0)).to.equal(0);
    expect(at(0.1)).to.be.lessThan(at(0.2));
    expect(at(0.2)).to.be.lessThan(at(0.4));
    expect(at(1)).to.be.closeTo(1, 1e-6);
    expect(at(9)).to.be.closeTo(1, 1e-12);
  });

  it('keeps its digits near a perfect fit', () => {
    const observed = Array.from({ length: 40 }, (_, i) => 1 + (i % 7));
    const total = observed.reduce((sum, y) => sum + y, 0);
    const calc = Float64Array.from(observed, (y, i) => y + 1e-6 * (i === 3 ? 1 : i === 9 ? -1 : 0));
    // To leading order Σ (p − q)² / (4 p ln 4); the sum is kept.
    const expected = ((1e-6 / total) ** 2 * (total / observed[3] + total / observed[9])) / (4 * Math.log(4));
    expect(valueOf(entropy(), calc, pattern(observed)) / expected).to.be.closeTo(1, 1e-5);
  });

  it('leaves no number hidden that is not finite', () => {
    expect(valueOf(entropy(), Float64Array.of(1, Number.NaN, 1), pattern([1, 2, 1]))).to.deep.equal(Number.NaN);
  });

  it('refuses a pattern without intensity', () => {
    expect(faultOf(() => entropy().against(pattern([0, -1, 0]))).code).to.equal('pattern.invalid');
    expect(faultOf(() => entropy().against(pattern([1, Infinity, 0]))).code).to.equal('pattern.invalid');
  });
});
