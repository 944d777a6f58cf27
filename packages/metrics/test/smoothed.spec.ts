import { expect } from 'chai';
import { randomFromSeed } from '@braggscape/core';
import type { Metric, Pattern } from '@braggscape/core';
import { cosine, meanSquaredError, smoothed } from '@braggscape/metrics';
import { checkGradient, checkMetric, faultOf } from '@braggscape/testing';
import { patternSmoother } from '#metrics/patternSmoother.js';
import { axis, functionOf, peak, valueOf } from './patterns.js';

const widths = [0.8, 3, 12];
/** An axis whose steps differ by a factor of seven. */
const uneven = Float64Array.from({ length: 90 }, (_, i) => 10 + 30 * (i / 89) ** 1.7);
const random = randomFromSeed(5).derive('smoothed');
const noise = (length: number): Float64Array => Float64Array.from({ length }, () => random.between(0, 2));
const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i], 0);

/** Two peaks on a flat background. */
const pair = (a: number, b: number, twoTheta = axis): Float64Array => peak(a, 0.3, twoTheta).map((y, i) => y + 0.5 * peak(b, 0.3, twoTheta)[i] + 0.02);
const observed: Pattern = { twoTheta: axis, intensity: pair(26, 33) };

describe('smoothed metrics', () => {
  for (const inner of [cosine, meanSquaredError()]) {
    for (const fwhm of widths) {
      it(`${inner.id} smoothed by ${fwhm}° obeys the metric laws`, async () => {
        expect(await checkMetric(smoothed(inner, fwhm))).to.be.lessThan(1e-6);
      });

      it(`${inner.id} smoothed by ${fwhm}° has the gradient of its value on an uneven axis`, async () => {
        const metric = smoothed(inner, fwhm);
        const target = { twoTheta: uneven, intensity: pair(26, 33, uneven) };
        expect(await checkGradient(functionOf(metric, target), pair(26.4, 32.5, uneven))).to.be.lessThan(1e-6);
      });
    }

    it(`${inner.id} is zero for equal patterns at every width, noise and ends of the scan included`, () => {
      const intensity = noise(axis.length);
      for (const fwhm of widths) expect(Math.abs(valueOf(smoothed(inner, fwhm), intensity, { twoTheta: axis, intensity }))).to.be.lessThan(1e-14);
    });
  }

  it('has wider basins: peaks 3° apart attract each other only where they are smoothed', () => {
    const target = { twoTheta: axis, intensity: peak(31) };
    const slope = (metric: Metric): number => valueOf(metric, peak(28.05), target) - valueOf(metric, peak(27.95), target);
    expect(Math.abs(slope(cosine))).to.be.lessThan(1e-12);
    expect(slope(smoothed(cosine, 5))).to.be.lessThan(-0.01);
  });

  it('does not see what lies in an excluded region, on either side', () => {
    const masked = { ...observed, excluded: [{ from: 28, to: 30 }] };
    const inside = (i: number): boolean => axis[i] >= 28 && axis[i] <= 30;
    const calc = pair(26.3, 33.2);
    const spoilt = calc.map((y, i) => (inside(i) ? 50 + i : y));
    for (const fwhm of widths) {
      const metric = smoothed(cosine, fwhm);
      expect(valueOf(metric, spoilt, masked)).to.equal(valueOf(metric, calc, masked));
      expect(valueOf(metric, calc, { ...masked, intensity: observed.intensity.map((y, i) => (inside(i) ? 900 : y)) })).to.equal(valueOf(metric, calc, masked));
      expect(valueOf(metric, spoilt, observed)).not.to.be.closeTo(valueOf(metric, calc, observed), 1e-3);
      const { dCalc } = metric.against(masked)(calc, 'gradient');
      dCalc!.forEach((slope, i) => inside(i) && expect(slope).to.equal(0));
      expect(dCalc!.filter((slope) => slope !== 0).length).to.be.greaterThan(axis.length / 2);
    }
  });

  it('does not count what comes and goes at the very ends of the scan', () => {
    const metric = smoothed(cosine, 4);
    const calc = pair(26.3, 33.2);
    const atEnd = calc.map((y, i) => y + peak(20, 0.1)[i]);
    const inMiddle = calc.map((y, i) => y + peak(30, 0.1)[i]);
    const plain = valueOf(metric, calc, observed);
    expect(Math.abs(valueOf(metric, atEnd, observed) - plain)).to.be.lessThan(0.02 * Math.abs(valueOf(metric, inMiddle, observed) - plain));
  });

  it('has residuals whose squares add up to the smoothed value, and none where the inner metric has none', () => {
    const calc = pair(26.3, 33.2);
    const metric = smoothed(meanSquaredError(), 2);
    const squares = metric.residualsAgainst!(observed)(calc).reduce((sum, r) => sum + r * r, 0);
    expect(squares).to.be.closeTo(valueOf(metric, calc, observed), 1e-12);
    const { residualsAgainst: _none, ...bare } = meanSquaredError();
    expect(smoothed(bare, 2)).not.to.have.property('residualsAgainst');
  });

  it('hands the wavelength on and leaves uncertainties and regions behind', () => {
    const seen: Pattern[] = [];
    const spy: Metric = { ...cosine, against: (given) => (seen.push(given), cosine.against(given)) };
    smoothed(spy, 2).against({ ...observed, sigma: observed.intensity.map(() => 1), wavelength: 1.5, excluded: [{ from: 21, to: 22 }] });
    expect(Object.keys(seen[0]).sort()).to.deep.equal(['intensity', 'twoTheta', 'wavelength']);
    expect(seen[0].wavelength).to.equal(1.5);
    expect(seen[0].twoTheta.length).to.be.lessThan(axis.length);
  });

  it('refuses a width that is not positive, naming it', () => {
    for (const width of [0, -1, Number.NaN, Infinity]) {
      const error = faultOf(() => smoothed(cosine, width));
      expect(error).to.include({ code: 'option.invalid', path: 'fwhm' });
      expect(error.report).to.contain(String(width));
    }
  });
});

describe('the smoother of patterns', () => {
  for (const [name, twoTheta] of [['even', axis], ['uneven', uneven]] as const) {
    for (const fwhm of widths) {
      for (const excluded of [[], [{ from: 18, to: 23 }]]) {
        it(`transposes by the transpose of what it applies: ${name} axis, ${fwhm}°${excluded.length === 0 ? '' : ', a region excluded'}`, () => {
          const smoother = patternSmoother({ twoTheta, excluded }, fwhm, fwhm);
          const [a, b] = [noise(twoTheta.length), noise(smoother.twoTheta.length)];
          const forth = dot(smoother.apply(a), b);
          expect(dot(a, smoother.transposed(b))).to.be.closeTo(forth, 1e-13 * Math.abs(forth));
        });
      }
    }

    it(`draws a peak as the Gaussian of the two widths: ${name} axis`, () => {
      const fwhm = 2;
      const own = 0.9;
      const fine = name === 'even' ? twoTheta : Float64Array.from({ length: 1500 }, (_, i) => 10 + 30 * (i / 1499) ** 1.7);
      const smoother = patternSmoother({ twoTheta: fine }, fwhm, fwhm);
      const sigma = Math.hypot(fwhm, own) / Math.sqrt(8 * Math.LN2);
      const area = own * Math.sqrt(Math.PI / (4 * Math.LN2));
      const out = smoother.apply(peak(29, own, fine)).slice();
      const top = area / (sigma * Math.sqrt(2 * Math.PI));
      smoother.twoTheta.forEach((x, k) => expect(out[k], `${x}°`).to.be.closeTo(top * Math.exp(-0.5 * ((x - 29) / sigma) ** 2), 2e-3 * top));
    });
  }

  it('is linear', () => {
    const smoother = patternSmoother({ twoTheta: uneven }, 1.5, 1.5);
    const [a, b] = [noise(uneven.length), noise(uneven.length)];
    const sum = smoother.apply(a.map((y, i) => 2 * y - 3 * b[i])).slice();
    const ofA = smoother.apply(a).slice();
    const ofB = smoother.apply(b).slice();
    sum.forEach((y, k) => expect(y).to.be.closeTo(2 * ofA[k] - 3 * ofB[k], 1e-12));
  });
});
