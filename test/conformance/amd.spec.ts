import { expect } from 'chai';
import { averageMinimumDistances } from '@braggscape/crystal';
import { readReference, toStructure } from './reference.js';
import type { ReferenceStructure } from './reference.js';
import { hasShared } from './support.js';

/** Average minimum distances against the average-minimum-distance package. */
describe('average minimum distances of the reference structures', function () {
  before(function () {
    if (!hasShared) this.skip();
  });

  it('agree with the reference package within 1e-8 Å', () => {
    const entries = readReference<{ structure: ReferenceStructure; k: number; amd_A: number[] }>('amd.json');
    let worst = 0;
    for (const { structure, k, amd_A: expected } of entries) {
      const found = averageMinimumDistances(toStructure(structure), k);
      expect(found.length).to.equal(expected.length);
      found.forEach((value, i) => (worst = Math.max(worst, Math.abs(value - expected[i]))));
    }
    process.stdout.write(`      ${entries.length} structures within ${worst.toExponential(1)} Å\n`);
    expect(entries.length).to.be.greaterThan(0);
    expect(worst).to.be.lessThan(1e-8);
  });
});
