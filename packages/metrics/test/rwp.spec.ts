import { expect } from 'chai';
import { allFinite } from '@braggscape/core';
import type { Pattern } from '@braggscape/core';
import { rwp } from '@braggscape/metrics';
import type { RwpNormalization } from '@braggscape/metrics';
import { checkGradient, checkMetric, faultOf } from '@braggscape/testing';
import { axis, functionOf, pattern, peak, referenceCases, valueOf } from './patterns.js';

const normalizations: readonly RwpNormalization[] = ['least-squares', 'none'];

describe('rwp', () => {
  for (const normalization of normalizations) {
    const metric = rwp({ normalization });

    it(`obeys the metric laws with ${normalization}`, async () => {
      expect(await checkMetric(metric)).to.be.lessThan(1e-6);
    });

    for (const { name, calc, observed, losses } of referenceCases) {
      it(`agrees with numpy with ${normalization}: ${name}`, () => {
        expect(valueOf(metric, calc, observed)).to.be.closeTo(losses.rwp[normalization], 1e-12);
      });
    }

    it(`has the gradient of its value with uncertainties and ${normalization}`, async () => {
      for (const { calc, observed } of referenceCases.filter(({ observed: { sigma } }) => sigma !== undefined)) {
        expect(await checkGradient(functionOf(metric, observed), calc)).to.be.lessThan(1e-6);
      }
    });
  }

  it('fits a scale unless told otherwise', () => {
    const { calc, observed, losses } = referenceCases[0];
    expect(valueOf(rwp(), calc, observed)).to.be.closeTo(losses.rwp['least-squares'], 1e-12);
  });

  it('does not see the scale of the calculated pattern if it fits one', () => {
    const { calc, observed } = referenceCases[0];
    const scaled = calc.map((y) => 30 * y);
    expect(valueOf(rwp(), scaled, observed)).to.be.closeTo(valueOf(rwp(), calc, observed), 1e-14);
    expect(valueOf(rwp({ normalization: 'none' }), scaled, observed)).to.be.greaterThan(10 * valueOf(rwp({ normalization: 'none' }), calc, observed));
  });

  it('takes the uncertainties of counts where the pattern states none', () => {
    const observed = pattern([100, 25, 0.5, 0]);
    const stated = { ...observed, sigma: Float64Array.of(10, 5, 1, 1) };
    const calc = Float64Array.of(90, 30, 2, 1);
    expect(valueOf(rwp(), calc, observed)).to.equal(valueOf(rwp(), calc, stated));
    // √((10²/100 + 5²/25 + 1.5² + 1) / (100 + 25 + 0.25))
    expect(valueOf(rwp({ normalization: 'none' }), calc, observed)).to.be.closeTo(Math.sqrt(5.25 / 125.25), 1e-15);
  });

  it('weighs down what is uncertain', () => {
    const certain: Pattern = { ...pattern([5, 5, 5]), sigma: Float64Array.of(1, 1, 1) };
    const uncertain: Pattern = { ...certain, sigma: Float64Array.of(1, 1, 100) };
    const calc = Float64Array.of(5, 5, 8);
    expect(valueOf(rwp(), calc, uncertain)).to.be.lessThan(0.02 * valueOf(rwp(), calc, certain));
  });

  it('saturates with the shift of a peak, at one', () => {
    const observed = { twoTheta: axis, intensity: peak(25) };
    const at = (shift: number): number => valueOf(rwp(), peak(25 + shift), observed);
    expect(at(0.1)).to.be.lessThan(at(0.2));
    expect(at(1)).to.be.closeTo(1, 1e-9);
    expect(at(5)).to.be.closeTo(1, 1e-12);
  });

  it('has no slope at a perfect fit, also one that is perfect but for rounding', () => {
    const { observed } = referenceCases[0];
    for (const scale of [1, 1 / 3, 7]) {
      const { value, dCalc } = rwp().against(observed)(
        observed.intensity.map((y) => y * scale),
        'gradient',
      );
      expect(value).to.be.lessThan(1e-14);
      expect(dCalc!.every((slope) => slope === 0)).to.equal(true);
    }
    expect(rwp().against(observed)(observed.intensity, 'value').value).to.equal(0);
  });

  it('is one, with a finite slope, where no positive scale fits better than zero', () => {
    const compare = rwp().against(pattern([0, 1, 0]));
    for (const calc of [Float64Array.of(0, 0, 0), Float64Array.of(1, 0, 2), Float64Array.of(0, -3, 0)]) {
      const { value, dCalc } = compare(calc, 'gradient');
      expect(value).to.equal(1);
      expect(allFinite(dCalc!)).to.equal(true);
    }
  });

  it('refuses a pattern without intensity and uncertainties that are none', () => {
    expect(faultOf(() => rwp().against(pattern([0, 0, 0]))).code).to.equal('pattern.invalid');
    expect(faultOf(() => rwp().against(pattern([1, Number.NaN, 0]))).code).to.equal('pattern.invalid');
    const withSigma = (...sigma: number[]): Pattern => ({ ...pattern([1, 2, 3]), sigma: Float64Array.from(sigma) });
    expect(faultOf(() => rwp().against(withSigma(1, 0, 1))).report).to.contain('2θ = 11° is 0');
    expect(faultOf(() => rwp().against(withSigma(1, 1, Number.NaN))).code).to.equal('pattern.invalid');
    expect(faultOf(() => rwp().against(withSigma(1, 1))).code).to.equal('pattern.invalid');
  });
});
