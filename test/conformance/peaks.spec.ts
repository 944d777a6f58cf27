import { expect } from 'chai';
import { powderPatternModel } from '@braggscape/diffraction';
import { readReference, toStructure } from './reference.js';
import type { ReferenceStructure } from './reference.js';
import { hasShared } from './support.js';

interface ReferencePattern {
  readonly name: string;
  readonly variant: string;
  readonly structure: ReferenceStructure;
  readonly two_theta_deg: number[];
  readonly intensity: number[];
}

/** Reflections against pymatgen's at 1.5406 Å, 5–90°, unscaled. */
describe('peaks of the reference structures', function () {
  before(function () {
    if (!hasShared) this.skip();
  });

  it('agree with pymatgen in position to 1e-6° and in intensity to 1e-6 of the strongest, all patterns, none missing, none too many', () => {
    const references = readReference<ReferencePattern>('xrd_peaks.json');
    const model = powderPatternModel({ wavelength: 1.5406, u: 0, v: 0, w: 0.1 });
    let [worstAngle, worstIntensity, peaks] = [0, 0, 0];
    for (const reference of references) {
      const lines = model.reflections(toStructure(reference.structure), 5, 90);
      const strongest = Math.max(...reference.intensity);
      const found = new Set<number>();
      reference.two_theta_deg.forEach((angle, i) => {
        const nearest = lines.reduce((best, { twoTheta }, at) => (Math.abs(twoTheta - angle) < Math.abs(lines[best].twoTheta - angle) ? at : best), 0);
        found.add(nearest);
        worstAngle = Math.max(worstAngle, Math.abs(lines[nearest].twoTheta - angle));
        worstIntensity = Math.max(worstIntensity, Math.abs(lines[nearest].intensity - reference.intensity[i]) / strongest);
      });
      expect(found.size, `${reference.name} ${reference.variant}: lines found`).to.equal(reference.two_theta_deg.length);
      // pymatgen leaves out lines below 1e-5 of the strongest.
      const more = lines.filter((_, at) => !found.has(at)).map(({ intensity }) => intensity / strongest);
      expect(Math.max(0, ...more), `${reference.name} ${reference.variant}: lines that pymatgen has not`).to.be.lessThan(1.001e-5);
      peaks += found.size;
    }
    process.stdout.write(`      ${references.length} patterns, ${peaks} lines: angles within ${worstAngle.toExponential(1)}°, intensities within ${worstIntensity.toExponential(1)} of the strongest\n`);
    expect(references).to.have.length(30);
    expect(worstAngle).to.be.lessThan(1e-6);
    expect(worstIntensity).to.be.lessThan(1e-6);
  });
});
