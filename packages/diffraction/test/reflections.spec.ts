import { expect } from 'chai';
import fc from 'fast-check';
import { randomFromSeed } from '@braggscape/core';
import { formFactor, formFactorSlope, fwhmSquared, listReflections, lorentzPolarization, resolveWavelength } from '@braggscape/diffraction';
import { crystals, faultOf, randomStructure } from '@braggscape/testing';

describe('reflection list', () => {
  it('has the lines of copper as published', () => {
    // ICDD 4-0836 at Cu Kα1: 43.297, 50.433, 74.130, 89.931, 95.139°.
    const lines = listReflections(crystals.copper, 1.54056, 5, 100);
    expect(lines.map(({ h, k, l }) => `${h}${k}${l}`)).to.deep.equal(['111', '200', '220', '311', '222']);
    [43.297, 50.433, 74.13, 89.931, 95.139].forEach((angle, i) => expect(lines[i].twoTheta).to.be.closeTo(angle, 0.02));
    expect(lines.map(({ multiplicity }) => multiplicity)).to.deep.equal([8, 6, 12, 24, 8]);
  });

  it('leaves out extinct lines: rock salt is face-centred, rutile has an n glide', () => {
    const odd = listReflections(crystals.rockSalt, 1.54056, 5, 120).filter(({ h, k, l }) => (h + k) % 2 !== 0 || (k + l) % 2 !== 0);
    expect(odd).to.deep.equal([]);
    const names = listReflections(crystals.rutile, 1.54056, 5, 120).map(({ h, k, l }) => `${h}${k}${l}`);
    expect(names).to.include('110').and.not.include('100');
    expect(names).to.not.include('001');
  });

  it('finds every reflection of the sphere in cells however skewed, against counting in a box', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const structure = randomStructure(randomFromSeed(seed), { sites: 1 });
        // Shear by whole lattice vectors: the same lattice in an awkward cell.
        const l = structure.lattice;
        const skewed = { ...structure, frac: new Float64Array(3), lattice: l.map((x, i) => (i >= 3 && i < 6 ? x + 3 * l[i - 3] : i >= 6 ? x - 2 * l[i - 3] : x)) };
        const lines = listReflections(skewed, 1.2, 0, 60);
        const plain = listReflections({ ...structure, frac: new Float64Array(3) }, 1.2, 0, 60);
        const count = (all: typeof lines): number => all.reduce((sum, { multiplicity }) => sum + multiplicity, 0);
        expect(count(lines)).to.equal(count(plain));
        expect(count(lines)).to.equal(countInBox(l, 1.2, 60));
      }),
      { numRuns: 20 },
    );
  });

  it('refuses a reversed range', () => {
    expect(faultOf(() => listReflections(crystals.copper, 1.5, 60, 20)).code).to.equal('option.invalid');
  });
});

/** Reciprocal-lattice points within the sphere, by going through a box that is surely large enough. */
function countInBox(lattice: Float64Array, wavelength: number, twoTheta: number): number {
  const [a, b, c] = [0, 3, 6].map((i) => lattice.subarray(i, i + 3));
  const cross = (u: Float64Array, v: Float64Array): number[] => [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
  const volume = cross(a, b).reduce((sum, x, i) => sum + x * c[i], 0);
  const reciprocal = [cross(b, c), cross(c, a), cross(a, b)].map((v) => v.map((x) => x / volume));
  const limit = (2 * Math.sin((twoTheta * Math.PI) / 360)) / wavelength;
  let count = 0;
  for (let h = -12; h <= 12; h++)
    for (let k = -12; k <= 12; k++)
      for (let l = -12; l <= 12; l++) {
        const v = [0, 1, 2].map((x) => h * reciprocal[0][x] + k * reciprocal[1][x] + l * reciprocal[2][x]);
        const length = Math.hypot(...v);
        if (length > 0 && length <= limit) count++;
      }
  return count;
}

describe('form factors', () => {
  it('start at the atomic number and fall', () => {
    for (const z of [1, 8, 22, 79, 92]) {
      expect(formFactor(z, 0)).to.equal(z);
      expect(formFactor(z, 0.25)).to.be.lessThan(z).and.greaterThan(0);
    }
  });

  it('are those of International Tables within a third of an electron', () => {
    // International Tables C (2004), table 6.1.1.1, at s = 0.1 and 0.5 Å⁻¹: O, Si, Fe.
    const table: readonly (readonly [number, number, number])[] = [[8, 7.245, 2.338], [14, 11.99, 6.241], [26, 23.68, 11.47]];
    for (const [z, low, high] of table) {
      expect(formFactor(z, 0.01)).to.be.closeTo(low, 0.35);
      expect(formFactor(z, 0.25)).to.be.closeTo(high, 0.35);
    }
  });

  it('have the slope they claim', () => {
    for (const z of [1, 8, 26, 92]) {
      for (const s2 of [0.01, 0.1, 0.4]) {
        const numeric = (formFactor(z, s2 + 1e-6) - formFactor(z, s2 - 1e-6)) / 2e-6;
        expect(formFactorSlope(z, s2) / numeric).to.be.closeTo(1, 1e-6);
      }
    }
  });
});

describe('corrections and widths', () => {
  it('Lorentz-polarization is (1 + cos² 2θ)/(sin² θ cos θ)', () => {
    const theta = (20 * Math.PI) / 180;
    expect(lorentzPolarization(Math.sin(theta) ** 2)).to.be.closeTo((1 + Math.cos(2 * theta) ** 2) / (Math.sin(theta) ** 2 * Math.cos(theta)), 1e-12);
  });

  it('Caglioti widths add up', () => {
    expect(fwhmSquared({ u: 1, v: -0.5, w: 0.2 }, 90)).to.be.closeTo(0.7, 1e-12);
  });
});

describe('wavelengths', () => {
  it('are numbers or names, in any case', () => {
    expect(resolveWavelength(1.5406)).to.equal(1.5406);
    expect(resolveWavelength('cuka1')).to.equal(1.54056);
  });

  it('are never guessed: an error lists the names', () => {
    const report = (value: number | string | undefined): string => faultOf(() => resolveWavelength(value)).report;
    expect(report(undefined)).to.contain('CuKa1 1.54056');
    expect(report('CuKa3')).to.contain('CuKa');
    expect(report(-1)).to.contain('-1');
  });
});
