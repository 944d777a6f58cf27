import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { RADIANS_PER_DEGREE, randomFromSeed } from '@braggscape/core';
import { evaluateRadial, formFactor, formFactorSlope, instrumentModel, scatteringSet } from '@braggscape/diffraction';
import type { ScatteringSet } from '@braggscape/diffraction';
import { crystals, faultOf } from '@braggscape/testing';

const fixture = JSON.parse(readFileSync(new URL('../../../reference/diffraction/waasmaier-kirfel.json', import.meta.url), 'utf8')) as {
  s: readonly number[];
  waasmaierKirfel: Readonly<Record<string, readonly number[]>>;
};
const value = (set: ScatteringSet, z: number, q: number, limit = 4.5): readonly [number, number] => {
  const out = new Float64Array(2);
  evaluateRadial(set.radial(z, limit), q, out);
  return [out[0], out[1]];
};

describe('scattering powers', () => {
  it('as tables meet the fit they come from: value to 1e-11 and slope to 1e-8, every element up to 4.5 Å⁻²', () => {
    const set = scatteringSet('pymatgen', undefined);
    const random = randomFromSeed(1);
    let [worst, worstSlope] = [0, 0];
    for (let z = 1; z <= 98; z++)
      for (let i = 0; i < 40; i++) {
        const q = random.between(0, i < 20 ? 0.2 : 4.5);
        const [f, slope] = value(set, z, q);
        worst = Math.max(worst, Math.abs(f - formFactor(z, q)) / z);
        worstSlope = Math.max(worstSlope, Math.abs(slope - formFactorSlope(z, q)) / (100 * z));
      }
    expect(worst).to.be.lessThan(1e-11);
    expect(worstSlope).to.be.lessThan(1e-8);
  });

  it('of Waasmaier and Kirfel are those of an established package', () => {
    const set = scatteringSet('waasmaier-kirfel', undefined);
    for (const [z, values] of Object.entries(fixture.waasmaierKirfel)) {
      fixture.s.forEach((s, i) => expect(Math.abs(value(set, Number(z), s * s)[0] - values[i]), `${z} at ${s}`).to.be.lessThan(1e-9 * Number(z) + 1e-9));
      expect(value(set, Number(z), 0)[0]).to.be.closeTo(Number(z), 0.15);
    }
  });

  it('have the dispersion of the anode, for either line of its doublet, and none elsewhere', () => {
    // Chantler's tables, which differ from Cromer and Liberman's by some hundredths.
    for (const wavelength of [1.54056, 1.54439]) {
      const [real, imaginary] = scatteringSet('waasmaier-kirfel', wavelength).constant(26);
      expect(real).to.be.closeTo(-1.16, 0.06);
      expect(imaginary).to.be.closeTo(3.18, 0.05);
    }
    expect(scatteringSet('waasmaier-kirfel', 0.4).constant(26)).to.deep.equal([0, 0]);
  });

  it('for neutrons are the published lengths, and do not fall with angle', () => {
    // Neutron Data Booklet: H −3.739, O 5.803, Ni 10.3, U 8.417 fm.
    const set = scatteringSet('neutron', 1.5);
    [[1, -3.739], [8, 5.803], [28, 10.3], [92, 8.417]].forEach(([z, b]) => expect(set.constant(z)[0]).to.be.closeTo(b, 0.01));
    expect(value(set, 8, 1)).to.deep.equal([0, 0]);
    expect(faultOf(() => set.constant(84)).code).to.equal('structure.unsupported');
  });

  it('enter intensities as |P|² + |Q|², the mean over Friedel mates', () => {
    // Rock salt, 111 and 200: F = 4(f1 ∓ f2) with complex f.
    const lines = instrumentModel({ wavelength: 1.54056 }).reflections(crystals.rockSalt, 20, 35);
    const set = scatteringSet('waasmaier-kirfel', 1.54056);
    lines.forEach(({ h, k, l, twoTheta, multiplicity, intensity }) => {
      const q = (Math.sin((twoTheta / 2) * RADIANS_PER_DEGREE) / 1.54056) ** 2;
      const sign = (h + k + l) % 2 === 0 ? 1 : -1;
      const f = [11, 17].map((z) => [value(set, z, q)[0] + set.constant(z)[0], set.constant(z)[1]]);
      const squared = 16 * ((f[0][0] + sign * f[1][0]) ** 2 + (f[0][1] + sign * f[1][1]) ** 2);
      const cos2 = Math.cos(twoTheta * RADIANS_PER_DEGREE);
      const theta = (twoTheta / 2) * RADIANS_PER_DEGREE;
      const factor = (1 + cos2 * cos2) / (Math.sin(theta) ** 2 * Math.cos(theta));
      expect(intensity / (multiplicity * squared * factor)).to.be.closeTo(1, 1e-9);
    });
    expect(lines.length).to.equal(2);
  });

  it('of neutrons take no polarization', () => {
    const lines = instrumentModel({ wavelength: 1.5, scattering: 'neutron' }).reflections(crystals.copper, 40, 60);
    lines.forEach(({ twoTheta, multiplicity, intensity }) => {
      const theta = (twoTheta / 2) * RADIANS_PER_DEGREE;
      expect(intensity / ((multiplicity * (4 * 7.718) ** 2) / (Math.sin(theta) ** 2 * Math.cos(theta)))).to.be.closeTo(1, 1e-3);
    });
  });
});
