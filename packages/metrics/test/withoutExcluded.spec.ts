import { expect } from 'chai';
import type { Metric, Pattern } from '@braggscape/core';
import { cosine, crossCorrelation, entropy, meanSquaredError, metricFromFunction, poisson, rwp, wasserstein, withoutExcluded } from '@braggscape/metrics';
import { checkGradient, checkMetric, faultOf } from '@braggscape/testing';
import { functionOf, pattern, valueOf } from './patterns.js';

const all: readonly Metric[] = [cosine, crossCorrelation({ width: 2.5 }), entropy(), meanSquaredError(), poisson(), rwp(), wasserstein];
const calc = Float64Array.of(1, 2, 900, 4, 3, 2, 5, 1);
const observed: Pattern = { ...pattern([2, 1, 7, 5, 2, 2, 4, 3]), excluded: [{ from: 11.5, to: 12.5 }] };

describe('without excluded regions', () => {
  for (const metric of all) {
    describe(metric.id, () => {
      it('obeys the metric laws where nothing is excluded', async () => {
        expect(await checkMetric(withoutExcluded(metric))).to.be.lessThan(1e-6);
      });

      it('does not see what is in a region, on either side', () => {
        const plain = valueOf(withoutExcluded(metric), calc, observed);
        expect(valueOf(withoutExcluded(metric), calc.with(2, 0), observed)).to.equal(plain);
        expect(valueOf(withoutExcluded(metric), calc, { ...observed, intensity: observed.intensity.with(2, 5000) })).to.equal(plain);
        expect(valueOf(metric, calc, observed)).not.to.be.closeTo(plain, 1e-3);
      });

      it('has the gradient of its value, zero within a region', async () => {
        expect(await checkGradient(functionOf(withoutExcluded(metric), observed), calc)).to.be.lessThan(1e-6);
        const { dCalc } = withoutExcluded(metric).against(observed)(calc, 'gradient');
        expect(dCalc![2]).to.equal(0);
        expect(dCalc!.filter((slope) => slope !== 0).length).to.be.greaterThan(3);
      });
    });
  }

  it('shows the inner metric the points that remain, with all else of the pattern', () => {
    const seen: Pattern[] = [];
    const spy: Metric = {
      ...cosine,
      against: (given) => {
        seen.push(given);
        return cosine.against(given);
      },
    };
    const sigma = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    withoutExcluded(spy).against({ ...observed, sigma, wavelength: 1.5 });
    expect(seen).to.deep.equal([
      {
        twoTheta: Float64Array.of(10, 11, 13, 14, 15, 16, 17),
        intensity: Float64Array.of(2, 1, 5, 2, 2, 4, 3),
        sigma: Float64Array.of(1, 2, 4, 5, 6, 7, 8),
        wavelength: 1.5,
        excluded: observed.excluded,
      },
    ]);
  });

  it('takes both ends of a region for inside', () => {
    const dCalc = withoutExcluded(cosine, { regions: [{ from: 12, to: 14 }, { from: 17, to: 17 }] }).against(observed)(calc, 'gradient').dCalc!;
    expect(Array.from(dCalc, (slope) => slope !== 0)).to.deep.equal([true, true, false, false, false, true, true, false]);
  });

  it('takes given regions in place of those of the pattern', () => {
    expect(valueOf(withoutExcluded(cosine, { regions: [] }), calc, observed)).to.equal(valueOf(cosine, calc, observed));
    const moved = { ...observed, excluded: [{ from: 10, to: 11 }] };
    expect(valueOf(withoutExcluded(cosine, { regions: observed.excluded! }), calc, moved)).to.equal(valueOf(withoutExcluded(cosine), calc, observed));
  });

  it('does not stretch the points beside a gap over it', () => {
    // Flat but for a peak far from the gap; a point that stood for half of the gap would weigh as much as the peak.
    const twoTheta = Float64Array.from({ length: 41 }, (_, i) => 10 + 0.5 * i);
    const flat = { twoTheta, intensity: twoTheta.map(() => 1) };
    const tall = twoTheta.map((x) => (x === 11 ? 4 : 1));
    const gap = { from: 14.9, to: 25.1 };
    const across = withoutExcluded(wasserstein, { regions: [gap] });
    // 20 points of equal weight remain, 0.5° apart: ten to either side of the gap, and three units more at 11°.
    const kept = [...twoTheta].filter((x) => x < gap.from || x > gap.to);
    const mean = kept.reduce((sum, x) => sum + x, 0) / kept.length;
    const calcMean = (kept.reduce((sum, x) => sum + x, 0) + 3 * 11) / (kept.length + 3);
    expect(kept.length).to.equal(20);
    // Intensity only moves down in 2θ past 11°, and up by less than a step before it.
    expect(valueOf(across, tall, flat)).to.be.within(mean - calcMean, mean - calcMean + 0.2);
    expect(valueOf(withoutExcluded(crossCorrelation(), { regions: [gap] }), tall, flat)).to.be.closeTo(
      valueOf(crossCorrelation(), Float64Array.from(kept.slice(0, 10).concat(kept.slice(0, 10).map((x) => x + 6)), (x) => (x === 11 ? 4 : 1)), {
        twoTheta: Float64Array.from([...kept.slice(0, 10), ...kept.slice(0, 10).map((x) => x + 6)]),
        intensity: new Float64Array(20).fill(1),
        excluded: [{ from: 14.9, to: 15.9 }],
      }),
      1e-12,
    );
  });

  it('lets a point between two gaps stand for the smaller of the two', () => {
    const twoTheta = Float64Array.of(10, 11, 12, 15, 17, 18);
    const regions = [
      { from: 12.5, to: 14.5 },
      { from: 15.5, to: 16.5 },
    ];
    const metric = withoutExcluded(wasserstein, { regions });
    // Areas 1 at 10° and 2 at 15°: two thirds of the intensity are five degrees off.
    expect(valueOf(metric, Float64Array.of(1, 0, 0, 0, 0, 0), { twoTheta, intensity: Float64Array.of(1, 0, 0, 1, 0, 0) })).to.be.closeTo(10 / 3, 1e-12);
  });

  it('passes on that a metric has no gradient', () => {
    const metric = withoutExcluded(metricFromFunction({ id: 'mine/first', bounds: [0, Infinity], value: (y) => y[2] }));
    expect(metric.differentiable).to.equal(false);
    expect(metric.against(observed)(calc, 'gradient')).to.deep.equal({ value: 4 });
  });

  it('refuses regions that leave less than three points, or end before they begin', () => {
    expect(faultOf(() => withoutExcluded(cosine, { regions: [{ from: 0, to: 15 }] }).against(observed)).report).to.contain('2 of 8 points');
    expect(withoutExcluded(cosine, { regions: [{ from: 0, to: 14 }] }).against(observed)(calc, 'value').value).to.be.within(0, 1);
    expect(faultOf(() => withoutExcluded(cosine, { regions: [{ from: 2, to: 1 }] })).path).to.equal('regions');
    expect(faultOf(() => withoutExcluded(cosine, { regions: [{ from: Number.NaN, to: 1 }] })).code).to.equal('option.invalid');
    expect(faultOf(() => withoutExcluded(cosine).against({ ...observed, excluded: [{ from: 2, to: 1 }] })).code).to.equal('pattern.invalid');
  });
});
