import { expect } from 'chai';
import { randomFromSeed, twoThetaAxis } from '@braggscape/core';
import { noisyPattern, powderPatternModel } from '@braggscape/diffraction';
import type { MeasurementNoise } from '@braggscape/diffraction';
import { crystals, faultOf } from '@braggscape/testing';

const twoTheta = twoThetaAxis({ start: 20, stop: 80, count: 3001 });
const model = powderPatternModel({ wavelength: 1.5406, u: 0, v: 0, w: 0.05 });
const none: MeasurementNoise = { counts: null, background: 0, zeroShift: 0, texture: 0 };
const make = (noise: Partial<MeasurementNoise>, seed = 1): ReturnType<typeof noisyPattern> => noisyPattern(model, crystals.rutile, twoTheta, { ...none, ...noise }, randomFromSeed(seed));
const clean = model.on(twoTheta).simulate(crystals.rutile);
const strongest = clean.reduce((most, y) => Math.max(most, y), 0);
const centroid = (y: Float64Array): number => y.reduce((sum, value, i) => sum + value * twoTheta[i], 0) / y.reduce((sum, value) => sum + value, 0);

describe('noise of a measurement', () => {
  it('is nothing when nothing is asked for', () => {
    const pattern = make({});
    expect(pattern.intensity).to.deep.equal(clean);
    expect(pattern.sigma).to.equal(undefined);
  });

  it('has counts with the mean and the variance of Poisson’s distribution, and their σ', () => {
    for (const counts of [5, 200, 1e6]) {
      const { intensity, sigma } = make({ counts, background: 0.3 });
      const expected = make({ background: 0.3 }).intensity;
      const scale = counts / expected.reduce((most, y) => Math.max(most, y), 0);
      // Σ(n−μ)²/μ is χ² with as many degrees of freedom as points; its variance is 2 + 1/μ a point.
      let square = 0;
      let deviation = 0;
      let total = 0;
      let variance = 0;
      intensity.forEach((n, i) => {
        const mean = expected[i] * scale;
        expect(Number.isInteger(n)).to.equal(true);
        square += (n - mean) ** 2 / mean;
        variance += 2 + 1 / mean;
        deviation += n - mean;
        total += mean;
      });
      expect(Math.abs(square - intensity.length)).to.be.lessThan(5 * Math.sqrt(variance));
      expect(Math.abs(deviation)).to.be.lessThan(5 * Math.sqrt(total));
      expect([...(sigma ?? [])]).to.deep.equal([...intensity].map((n) => Math.sqrt(Math.max(1, n))));
    }
  });

  it('adds a smooth positive background of the height asked for', () => {
    const { intensity } = make({ background: 0.2 });
    const background = intensity.map((y, i) => y - clean[i]);
    const highest = background.reduce((most, y) => Math.max(most, y), 0);
    expect(highest).to.be.closeTo(0.2 * strongest, 1e-9 * strongest);
    background.forEach((y) => expect(y).to.be.greaterThan(0));
    for (let i = 1; i < background.length; i++) expect(Math.abs(background[i] - background[i - 1])).to.be.lessThan(0.01 * highest);
  });

  it('shifts by no more than asked, either way', () => {
    const shifts = Array.from({ length: 20 }, (_, seed) => centroid(make({ zeroShift: 0.05 }, seed).intensity) - centroid(clean));
    expect(Math.max(...shifts)).to.be.within(0.01, 0.055);
    expect(Math.min(...shifts)).to.be.within(-0.055, -0.01);
  });

  it('changes relative intensities by texture, not angles', () => {
    const { intensity } = make({ texture: 0.3 }, 4);
    const ratios = [...clean].map((y, i) => intensity[i] / y).filter((_, i) => clean[i] > 0.05 * strongest);
    expect(Math.max(...ratios) / Math.min(...ratios)).to.be.greaterThan(1.02);
    const top = (y: Float64Array): number => y.subarray(0, 600).indexOf(y.subarray(0, 600).reduce((most, value) => Math.max(most, value), 0));
    expect(top(intensity)).to.equal(top(clean));
  });

  it('repeats with the seed, and changing one part leaves the numbers of the others', () => {
    const counts = (seed: number): string => make({ counts: 100, background: 0.1 }, seed).intensity.join();
    expect(counts(7)).to.equal(counts(7));
    expect(counts(7)).to.not.equal(counts(8));
    const shape = (zeroShift: number): number[] => {
      const withIt = make({ background: 0.1, zeroShift }, 7).intensity;
      const without = make({ zeroShift }, 7).intensity;
      return [...withIt].map((y, i) => Math.round((1e6 * (y - without[i])) / strongest));
    };
    expect(shape(0)[0]).to.be.greaterThan(0);
    expect(Math.max(...shape(0.02).map((y, i) => Math.abs(y - shape(0)[i])))).to.be.lessThan(1000);
  });

  it('refuses texture for a model that has none', () => {
    const { textured: _none, ...plain } = model;
    const fault = faultOf(() => noisyPattern(plain, crystals.rutile, twoTheta, { ...none, texture: 0.1 }, randomFromSeed(1)));
    expect(fault.code).to.equal('option.invalid');
  });
});
