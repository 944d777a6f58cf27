import { expect } from 'chai';
import { dot, randomFromSeed, twoThetaAxis } from '@braggscape/core';
import { distortLattice } from '@braggscape/crystal';
import { broadenedPattern, coarseAxis, instrumentModel, powderPatternModel } from '@braggscape/diffraction';
import { checkPatternModel, crystals, randomStructure } from '@braggscape/testing';

const twoTheta = twoThetaAxis({ start: 5, stop: 90, count: 8500 });
const sharp = powderPatternModel({ wavelength: 1.5406, u: 0, v: 0, w: 0.1 });
const widths = [10, 5, 2.5, 1.2, 0.5];
const cosine = (a: Float64Array, b: Float64Array): number => 1 - dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));

describe('broadened patterns', () => {
  it('have models with the gradients of the sharp ones', async () => {
    const model = instrumentModel({ wavelength: 'CuKa1+2', w: 0.02, y: 0.05, background: [3, 1] }).broadened?.(2);
    if (model === undefined) throw new Error('the model cannot be broadened');
    await checkPatternModel(model, [randomStructure(randomFromSeed(8), { sites: 3 })], { twoTheta: twoThetaAxis({ start: 30, stop: 70, count: 201 }) });
  });

  it('are the sharp pattern under a Gaussian, inside the window', () => {
    for (const fwhm of widths) {
      const calculated = sharp.broadened?.(fwhm).on(coarseAxis(twoTheta, fwhm)).simulate(crystals.rutile);
      const averaged = broadenedPattern({ twoTheta, intensity: sharp.on(twoTheta).simulate(crystals.rutile) }, fwhm);
      if (calculated === undefined) throw new Error('the model cannot be broadened');
      const top = calculated.reduce((most, y) => Math.max(most, y), 0);
      averaged.twoTheta.forEach((angle, i) => {
        if (angle > 5 + 2.5 * fwhm && angle < 90 - 2.5 * fwhm) expect(Math.abs(calculated[i] - averaged.intensity[i]) / top, `${fwhm}° at ${angle}`).to.be.lessThan(1e-6);
      });
    }
  });

  it('give the loss of the fine axis on the coarse one to 1 % of it and less for narrower peaks', () => {
    const off = distortLattice(crystals.rutile, 0.05, randomFromSeed(3));
    for (const fwhm of widths) {
      const model = sharp.broadened?.(fwhm);
      if (model === undefined) throw new Error('the model cannot be broadened');
      const loss = (axis: Float64Array): number => {
        const calculator = model.on(axis);
        return cosine(calculator.simulate(crystals.rutile), calculator.simulate(off));
      };
      expect(Math.abs(loss(coarseAxis(twoTheta, fwhm)) / loss(twoTheta) - 1), `${fwhm}°`).to.be.lessThan(0.001 * fwhm);
    }
  });

  it('have as few points as the width allows, never more than the fine axis, and its ends', () => {
    const counts = widths.map((fwhm) => coarseAxis(twoTheta, fwhm).length);
    expect(counts).to.deep.equal([86, 171, 341, 710, 1701]);
    const axis = coarseAxis(twoTheta, 5);
    expect([axis[0], axis[axis.length - 1]]).to.deep.equal([5, 90]);
    expect(coarseAxis(twoTheta, 0.05)).to.equal(twoTheta);
  });

  it('average without excluded regions, and with the uncertainty of a weighted mean', () => {
    const intensity = new Float64Array(twoTheta.length).fill(7);
    twoTheta.forEach((angle, i) => {
      if (angle >= 40 && angle <= 42) intensity[i] = 1e6;
    });
    const sigma = new Float64Array(twoTheta.length).fill(2);
    const broad = broadenedPattern({ twoTheta, intensity, sigma, excluded: [{ from: 40, to: 42 }] }, 1);
    broad.intensity.forEach((y) => expect(y).to.be.closeTo(7, 1e-9));
    // A Gaussian average of independent points: σ·√(step/(2√π·width)) with width = FWHM/2.355.
    const step = twoTheta[1] - twoTheta[0];
    const middle = broad.twoTheta.findIndex((angle) => angle > 60);
    expect(broad.sigma?.[middle]).to.be.closeTo(2 * Math.sqrt(step / (2 * Math.sqrt(Math.PI) * (1 / Math.sqrt(8 * Math.LN2)))), 1e-6);
  });
});
