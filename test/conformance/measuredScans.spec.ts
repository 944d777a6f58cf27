import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { gzipSync } from 'fflate';
import type { EmissionLine, Pattern } from '@braggscape/core';
import { readPattern } from '@braggscape/diffraction';
import { hasShared, sharedPath } from './support.js';

interface Expected {
  readonly file: string;
  readonly points: number;
  /** Angle and intensity of the first point, of a point in the middle, and of the last. */
  readonly first: readonly [number, number];
  readonly middle: readonly [index: number, angle: number, intensity: number];
  readonly last: readonly [number, number];
  /** σ of the first and the last point, where the file has it. */
  readonly sigma?: readonly [number, number];
  /** Sum of all intensities. */
  readonly total: number;
  readonly wavelength: number;
  readonly spectrum?: readonly EmissionLine[];
}

/** Read from the files with gemmi, by reference/diffraction/measured_scans.py. */
const scans: readonly Expected[] = [
  {
    // The column of weights holds σ; the wavelength stands in another block.
    file: 'gw5052Mg2Si_100K_LTsup2.rtv.combined.cif',
    points: 6801,
    first: [7, 1710],
    middle: [3400, 41, 496],
    last: [75, 372],
    sigma: [41.35, 19.29],
    total: 5510062,
    wavelength: 0.49935,
  },
  {
    // Keys and values on different lines.
    file: 'sq1033Isup2.rtv.combined.cif',
    points: 6501,
    first: [10, 64],
    middle: [3250, 75, 14],
    last: [140, 33],
    total: 340077,
    wavelength: 1.5418,
  },
  {
    // Columns of placeholders; the doublet as a loop without weights.
    file: 'wn6225Isup2.rtv.combined.cif',
    points: 6251,
    first: [10, 410],
    middle: [3125, 72.5, 69],
    last: [135, 148],
    total: 1825627,
    wavelength: 1.54056,
    spectrum: [
      { wavelength: 1.54056, weight: 1 },
      { wavelength: 1.54439, weight: 0.5 },
    ],
  },
];

const read = (name: string, pack = (bytes: Uint8Array) => bytes): Pattern => {
  const bytes = pack(new Uint8Array(readFileSync(sharedPath('measured', name))));
  return readPattern({ bytes, text: () => new TextDecoder().decode(bytes) }, { name });
};

/** Published scans against what another CIF parser finds in their files. */
describe('the measured scans', function () {
  before(function () {
    if (!hasShared) this.skip();
  });

  for (const { file, points, first, middle, last, sigma, total, wavelength, spectrum } of scans) {
    it(`${file} is read right`, () => {
      const pattern = read(file);
      expect(pattern.twoTheta).to.have.length(points);
      expect([pattern.twoTheta[0], pattern.intensity[0]]).to.deep.equal(first);
      expect([middle[0], pattern.twoTheta[middle[0]], pattern.intensity[middle[0]]]).to.deep.equal(middle);
      expect([pattern.twoTheta[points - 1], pattern.intensity[points - 1]]).to.deep.equal(last);
      expect(pattern.sigma === undefined ? undefined : [pattern.sigma[0], pattern.sigma[points - 1]]).to.deep.equal(sigma);
      expect(pattern.intensity.reduce((sum, value) => sum + value, 0)).to.be.closeTo(total, 1e-6 * total);
      expect(pattern.wavelength).to.equal(wavelength);
      expect(pattern.spectrum).to.deep.equal(spectrum);
      expect(read(file, (bytes) => gzipSync(bytes)).intensity).to.deep.equal(pattern.intensity);
    });
  }
});
