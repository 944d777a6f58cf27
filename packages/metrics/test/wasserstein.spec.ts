import { expect } from 'chai';
import fc from 'fast-check';
import { cosine, wasserstein } from '@braggscape/metrics';
import { checkGradient, checkMetric, faultOf } from '@braggscape/testing';
import { axis, functionOf, pattern, peak, referenceCases, valueOf } from './patterns.js';

const intensities = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 6, maxLength: 6 }).filter((values) => values.some((y) => y > 0));

describe('wasserstein', () => {
  it('obeys the metric laws', async () => {
    expect(await checkMetric(wasserstein)).to.be.lessThan(1e-6);
  });

  for (const { name, calc, observed, losses } of referenceCases) {
    it(`agrees with scipy: ${name}`, () => {
      expect(valueOf(wasserstein, calc, observed)).to.be.closeTo(losses.wasserstein, 1e-12);
    });
  }

  it('has the gradient of its value on an uneven axis', async () => {
    const { calc, observed } = referenceCases.find(({ name }) => name === 'uneven axis')!;
    expect(await checkGradient(functionOf(wasserstein, observed), calc)).to.be.lessThan(1e-6);
  });

  it('is the shift of a shifted peak, where cosine is saturated', () => {
    const observed = { twoTheta: axis, intensity: peak(25) };
    for (const shift of [0.1, 1, 2, 5, 10]) {
      expect(valueOf(wasserstein, peak(25 + shift), observed), `${shift}°`).to.be.closeTo(shift, 1e-9);
      expect(valueOf(wasserstein, peak(25 - Math.min(shift, 4)), observed), `−${shift}°`).to.be.closeTo(Math.min(shift, 4), 1e-9);
    }
    expect(valueOf(cosine, peak(26), observed)).to.be.closeTo(1, 1e-12);
    expect(valueOf(cosine, peak(35), observed)).to.be.closeTo(1, 1e-12);
  });

  it('is symmetric, and obeys the triangle inequality', () => {
    fc.assert(
      fc.property(intensities, intensities, intensities, (a, b, c) => {
        const between = (from: number[], to: number[]): number => valueOf(wasserstein, Float64Array.from(from), pattern(to));
        expect(between(a, b)).to.be.closeTo(between(b, a), 1e-12);
        expect(between(a, c)).to.be.at.most(between(a, b) + between(b, c) + 1e-12);
      }),
    );
  });

  it('does not see the scale of either pattern', () => {
    const plain = valueOf(wasserstein, Float64Array.of(1, 3, 0.2), pattern([2, 4, 1]));
    expect(valueOf(wasserstein, Float64Array.of(7, 21, 1.4), pattern([20, 40, 10]))).to.be.closeTo(plain, 1e-14);
  });

  it('does not see how finely an axis is divided', () => {
    const coarse = Float64Array.from({ length: 101 }, (_, i) => 20 + 0.2 * i);
    // Fine up to 30°, coarse beyond.
    const mixed = Float64Array.from({ length: 251 }, (_, i) => (i <= 200 ? 20 + 0.05 * i : 30 + 0.2 * (i - 200)));
    const moved = (twoTheta: Float64Array): number => {
      const [near, far] = [peak(27, 1, twoTheta), peak(33, 1, twoTheta)];
      // Half of the intensity moves by six degrees.
      return valueOf(wasserstein, far, { twoTheta, intensity: near.map((y, i) => y + far[i]) });
    };
    expect(moved(coarse)).to.be.closeTo(3, 1e-9);
    expect(moved(mixed)).to.be.closeTo(3, 1e-9);
  });

  it('takes intensities below zero for zero, with no slope', () => {
    const clipped = wasserstein.against(pattern([0, 2, 4, 1]))(Float64Array.of(1, 0, 3, 1), 'gradient');
    const { value, dCalc } = wasserstein.against(pattern([-5, 2, 4, 1]))(Float64Array.of(1, -3, 3, 1), 'gradient');
    expect(value).to.equal(clipped.value);
    expect([...dCalc!]).to.deep.equal(Array.from(clipped.dCalc!, (slope, i) => (i === 1 ? 0 : slope)));
  });

  it('takes the slope zero where the cumulative areas are equal', () => {
    expect([...wasserstein.against(pattern([1, 2, 1]))(Float64Array.of(1, 2, 1), 'gradient').dCalc!]).to.deep.equal([0, 0, 0]);
  });

  it('counts a pattern of zeros as everything at the farther end', () => {
    const observed = pattern([0, 1, 0, 0, 0]);
    expect(valueOf(wasserstein, new Float64Array(5), observed)).to.equal(3);
    expect(valueOf(wasserstein, Float64Array.of(0, 0, 0, 0, 1), observed)).to.equal(3);
  });

  it('leaves no number hidden that is not finite', () => {
    expect(valueOf(wasserstein, Float64Array.of(1, Number.NaN, 1), pattern([1, 2, 1]))).to.deep.equal(Number.NaN);
  });

  it('refuses a pattern without area, and an axis that does not ascend', () => {
    const twoTheta = Float64Array.of(10, 12, 11);
    expect(faultOf(() => wasserstein.against(pattern([0, -1, 0]))).code).to.equal('pattern.invalid');
    expect(faultOf(() => wasserstein.against(pattern([1, Number.NaN, 0]))).report).to.contain('11°');
    expect(faultOf(() => wasserstein.against(pattern([1]))).code).to.equal('pattern.invalid');
    expect(faultOf(() => wasserstein.against({ twoTheta, intensity: Float64Array.of(1, 2, 3) })).report).to.contain('12° is followed by 11°');
    expect(faultOf(() => wasserstein.against({ twoTheta, intensity: Float64Array.of(1, 2) })).code).to.equal('pattern.invalid');
  });
});
