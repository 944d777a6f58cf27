import { expect } from 'chai';
import { allFinite, randomFromSeed } from '@braggscape/core';
import { poisson } from '@braggscape/metrics';
import type { PoissonNormalization } from '@braggscape/metrics';
import { checkGradient, checkMetric, faultOf } from '@braggscape/testing';
import { axis, functionOf, pattern, peak, referenceCases, valueOf } from './patterns.js';

const normalizations: readonly PoissonNormalization[] = ['fitted', 'none'];

describe('poisson', () => {
  for (const normalization of normalizations) {
    const metric = poisson({ normalization });

    it(`obeys the metric laws with ${normalization}`, async () => {
      expect(await checkMetric(metric)).to.be.lessThan(1e-6);
    });

    for (const { name, calc, observed, losses } of referenceCases) {
      const expected = losses.poisson[normalization];
      if (expected === null) continue;
      it(`agrees with the deviance by scipy with ${normalization}: ${name}`, () => {
        // A point without counts is lifted to a millionth of the mean, which is seen where the deviance is small there.
        const tolerance = observed.intensity.every((y) => y > 0.1) ? 1e-9 : 1e-5;
        expect(valueOf(metric, calc, observed) / expected).to.be.closeTo(1, tolerance);
      });
    }

    it(`has the gradient of its value with ${normalization}, also near zero`, async () => {
      const observed = pattern([300, 0, 20, 5, 0, 1]);
      for (const calc of [
        [200, 5, 30, 1, 0.5, 3],
        [400, 0.01, 30, 1, 0.01, 0.02],
      ]) {
        expect(await checkGradient(functionOf(metric, observed), Float64Array.from(calc))).to.be.lessThan(1e-6);
      }
      // Within the floor, at a millionth of the mean, and below zero.
      const close = Float64Array.of(300, 3e-5, 20, 2e-5, -4e-5, 1);
      expect(await checkGradient(functionOf(metric, observed), close, { steps: [1e-7, 1e-6], tolerance: 1e-5 })).to.be.lessThan(1e-5);
    });

    it(`is zero for equal patterns and stays finite for a missing peak with ${normalization}`, () => {
      const observed = { twoTheta: axis, intensity: peak(25).map((y) => (y < 1e-3 ? 0 : 100 * y)) };
      const compare = metric.against(observed);
      expect(compare(observed.intensity, 'value').value).to.equal(0);
      for (const calc of [new Float64Array(axis.length), peak(26).map((y) => (y < 1e-3 ? 0 : 100 * y)), axis.map(() => -1)]) {
        const { value, dCalc } = compare(calc, 'gradient');
        expect(value).to.be.greaterThan(1);
        expect(value).to.be.lessThan(1e4);
        expect(allFinite(dCalc!)).to.equal(true);
      }
    });
  }

  it('fits the scale unless told otherwise', () => {
    const { calc, observed, losses } = referenceCases.find(({ name }) => name === 'counts')!;
    expect(valueOf(poisson(), calc, observed)).to.be.closeTo(losses.poisson.fitted!, 1e-8);
  });

  it('does not see the scale of the calculated pattern if it fits one', () => {
    const { calc, observed } = referenceCases.find(({ name }) => name === 'counts')!;
    const scaled = calc.map((y) => 30 * y);
    expect(valueOf(poisson(), scaled, observed)).to.be.closeTo(valueOf(poisson(), calc, observed), 1e-12);
    expect(valueOf(poisson({ normalization: 'none' }), scaled, observed)).to.be.greaterThan(10 * valueOf(poisson(), calc, observed));
  });

  it('has no slope along the calculated pattern if it fits a scale, also where the floor takes part', () => {
    const calc = Float64Array.of(300, 1, 3e-4);
    const { dCalc } = poisson().against(pattern([300, 0, 20]))(calc, 'gradient');
    expect(dCalc!.reduce((sum, slope, i) => sum + slope * calc[i], 0)).to.be.closeTo(0, 1e-9);
    expect(Math.abs(dCalc![2] * calc[2])).to.be.greaterThan(1);
  });

  it('stays finite far below zero, as a bad background makes it', () => {
    const { value, dCalc } = poisson({ normalization: 'none' }).against(pattern([300, 0, 20]))(Float64Array.of(280, 1, -1e8), 'gradient');
    expect(value).to.be.within(100, 1e4);
    expect(allFinite(dCalc!)).to.equal(true);
  });

  it('goes through zero without a jump', () => {
    const compare = poisson({ normalization: 'none' }).against(pattern([300, 0, 20]));
    const [below, at, above] = [-1e-12, 0, 1e-12].map((y) => compare(Float64Array.of(280, y, y), 'value').value);
    expect(above).to.be.closeTo(at, 1e-6);
    expect(below).to.be.closeTo(at, 1e-6);
    expect(below).to.be.greaterThan(above);
  });

  it('has the slope of the deviance, 2(1 − y₀/y)/m', () => {
    const { dCalc } = poisson({ normalization: 'none' }).against(pattern([4, 9, 2, 1]))(Float64Array.of(8, 3, 2, 0.5), 'gradient');
    [0.25, -1, 0, -0.5].forEach((slope, i) => expect(dCalc![i]).to.be.closeTo(slope, 1e-9));
  });

  it('points towards the target at a zero of the calculated pattern', () => {
    const { dCalc } = poisson({ normalization: 'none' }).against(pattern([4, 9, 2, 0]))(Float64Array.of(4, 0, 2, 0), 'gradient');
    expect(dCalc![1]).to.be.lessThan(-1e5);
    expect(dCalc![3]).to.equal(0);
  });

  it('is about one for counts of the right model, and keeps few counts unbiased', () => {
    const random = randomFromSeed(11);
    const draw = (mean: number): number => {
      // Knuth's product of uniform numbers.
      let [count, product] = [0, random.between(0, 1)];
      while (product > Math.exp(-mean)) {
        product *= random.between(0, 1);
        count++;
      }
      return count;
    };
    const model = axis.map((_, i) => 20 + 15 * Math.sin(i / 9));
    const observed = { twoTheta: axis, intensity: model.map(draw) };
    const metric = poisson({ normalization: 'none' });
    expect(valueOf(metric, model, observed)).to.be.within(0.9, 1.15);
    const at = (factor: number): number => valueOf(metric, model.map((y) => y * factor), observed);
    expect(at(1)).to.be.lessThan(at(0.95));
    expect(at(1)).to.be.lessThan(at(1.05));
  });

  it('keeps its digits near a perfect fit', () => {
    const observed = [100, 50, 10];
    const value = valueOf(poisson({ normalization: 'none' }), Float64Array.of(100 + 1e-6, 50, 10), pattern(observed));
    // (y − y₀)²/y₀ a point, to leading order.
    expect(value / (1e-12 / 100 / 3)).to.be.closeTo(1, 1e-5);
  });

  it('takes observed intensities below zero for zero', () => {
    const calc = Float64Array.of(3, 1, 2);
    expect(valueOf(poisson(), calc, pattern([4, -7, 2]))).to.equal(valueOf(poisson(), calc, pattern([4, 0, 2])));
  });

  it('leaves no number hidden that is not finite', () => {
    expect(valueOf(poisson(), Float64Array.of(1, Number.NaN, 1), pattern([1, 2, 1]))).to.deep.equal(Number.NaN);
  });

  it('refuses a pattern without counts', () => {
    expect(faultOf(() => poisson().against(pattern([0, -1, 0]))).code).to.equal('pattern.invalid');
    expect(faultOf(() => poisson().against(pattern([1, Infinity, 0]))).code).to.equal('pattern.invalid');
  });
});
