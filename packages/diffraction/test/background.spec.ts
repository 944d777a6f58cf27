import { expect } from 'chai';
import { randomFromSeed, twoThetaAxis } from '@braggscape/core';
import type { Pattern } from '@braggscape/core';
import { estimateBackground, instrumentModel, noisyPattern, withoutBackground } from '@braggscape/diffraction';
import { crystals, faultOf } from '@braggscape/testing';

const twoTheta = twoThetaAxis({ start: 10, stop: 90, count: 4001 });
const smooth = twoTheta.map((x) => 400 * Math.exp(-(x - 10) / 20) + 100 + 80 * Math.exp(-0.5 * ((x - 30) / 8) ** 2));
const peaks = (width: number): Float64Array =>
  twoTheta.map((x) => [20, 31, 31.6, 45, 58, 72, 73, 84].reduce((sum, at, i) => sum + 300 * (i + 1) * Math.exp(-0.5 * ((x - at) / width) ** 2), 0));
const patternOf = (intensity: Float64Array): Pattern => ({ twoTheta, intensity });
const rms = (a: Float64Array, b: Float64Array): number => Math.sqrt(a.reduce((sum, y, i) => sum + (y - b[i]) ** 2, 0) / a.length);

describe('background estimated by peak clipping', () => {
  it('finds a smooth background under narrow peaks to a few parts in a hundred', () => {
    const found = estimateBackground(patternOf(smooth.map((y, i) => y + peaks(0.08)[i])), { width: 2 });
    expect(rms(found, smooth) / rms(smooth, smooth.map(() => 0))).to.be.lessThan(0.03);
  });

  it('leaves a pattern without peaks nearly as it is, of any height', () => {
    for (const height of [1e-3, 1, 1e5]) {
      const level = smooth.map((y) => y * height);
      expect(rms(estimateBackground(patternOf(level), { width: 2 }), level) / (height * 200)).to.be.lessThan(0.02);
    }
  });

  it('follows the mean of counting noise, not its lower edge', () => {
    const structure = crystals.copper;
    const model = instrumentModel({ wavelength: 'CuKa1', w: 0.02 });
    const noise = { background: 0.1, zeroShift: 0, texture: 0 };
    const clean = noisyPattern(model, structure, twoTheta, { ...noise, counts: null }, randomFromSeed(5));
    const bare = noisyPattern(model, structure, twoTheta, { ...noise, background: 0, counts: null }, randomFromSeed(5));
    const counted = noisyPattern(model, structure, twoTheta, { ...noise, counts: 4000 }, randomFromSeed(5));
    const top = clean.intensity.reduce((most, y) => Math.max(most, y), 0);
    const truth = clean.intensity.map((y, i) => ((y - bare.intensity[i]) * 4000) / top);
    const found = estimateBackground(counted, { width: 3 });
    const bias = found.reduce((sum, y, i) => sum + y - truth[i], 0) / truth.reduce((sum, y) => sum + y, 0);
    expect(Math.abs(bias)).to.be.lessThan(0.06);
    expect(withoutBackground(counted, { width: 3 }).sigma).to.equal(counted.sigma);
  });

  it('takes intensities below zero, and never exceeds what is there by more than its smoothing', () => {
    const shifted = smooth.map((y, i) => y + peaks(0.08)[i] - 300);
    const found = estimateBackground(patternOf(shifted), { width: 2 });
    expect(rms(found, smooth.map((y) => y - 300))).to.be.lessThan(20);
    found.forEach((y) => expect(Number.isFinite(y)).to.equal(true));
  });

  it('refuses widths that no point or half of the pattern fits', () => {
    for (const width of [0, 0.01, 45, Number.NaN]) {
      const fault = faultOf(() => estimateBackground(patternOf(smooth), { width }));
      expect(fault.code).to.equal('option.invalid');
      expect(fault.hint).to.contain('degrees');
    }
  });
});

describe('background drawn through points', () => {
  it('is the line through the points, level beyond them', () => {
    const points = [
      { twoTheta: 20, intensity: 10 },
      { twoTheta: 40, intensity: 50 },
      { twoTheta: 45, intensity: 20 },
    ];
    const base = { wavelength: 1.5406, w: 0.02 } as const;
    const axis = Float64Array.of(10, 20, 25, 40, 42.5, 45, 80);
    const [bare, whole] = [{}, { backgroundPoints: points }].map((more) => instrumentModel({ ...base, ...more }).on(axis).simulate(crystals.copper));
    expect([...whole].map((y, i) => Number((y - bare[i]).toFixed(6)))).to.deep.equal([10, 10, 20, 50, 35, 20, 20]);
  });

  it('needs ascending points', () => {
    const fault = faultOf(() => instrumentModel({ wavelength: 1.5, backgroundPoints: [{ twoTheta: 30, intensity: 1 }, { twoTheta: 30, intensity: 2 }] }));
    expect(fault.path).to.equal('instrument.backgroundPoints.1');
  });
});
