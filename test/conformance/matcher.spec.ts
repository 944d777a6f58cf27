import { expect } from 'chai';
import { matchStructures } from '@braggscape/crystal';
import { readReference, toStructure, trueStructures } from './reference.js';
import type { ReferenceStructure } from './reference.js';
import { hasShared } from './support.js';

interface Verdict {
  readonly name: string;
  readonly kind: string;
  readonly level: number;
  readonly structure: ReferenceStructure;
  readonly fit: boolean;
  readonly rms: readonly [number, number] | null;
}

/** Verdicts and displacements against pymatgen's StructureMatcher (0.1, 0.2, 5°). */
describe('matching of the reference structures', function () {
  before(function () {
    if (!hasShared) this.skip();
  });

  it('agrees with pymatgen on at least 99.5 % of verdicts, and on displacements to 1e-6 where both match', async () => {
    const truths = trueStructures();
    const verdicts = readReference<Verdict>('matcher.json');
    const others: string[] = [];
    let worst = 0;
    let compared = 0;
    for (const { name, kind, level, structure, fit, rms } of verdicts) {
      const truth = truths.get(name);
      if (truth === undefined) throw new Error(`no true structure of ${name}`);
      const found = await matchStructures(truth, toStructure(structure));
      if (found.match !== fit) others.push(`${name} ${kind} ${level}`);
      else if (fit && rms !== null) {
        worst = Math.max(worst, Math.abs((found.rms ?? Number.NaN) - rms[0]), Math.abs((found.maxDist ?? Number.NaN) - rms[1]));
        compared++;
      }
    }
    const agreement = 1 - others.length / verdicts.length;
    process.stdout.write(
      `      ${verdicts.length - others.length} of ${verdicts.length} verdicts agree (other: ${others.join('; ') || 'none'}); ${compared} displacements within ${worst.toExponential(1)}\n`,
    );
    expect(verdicts.length).to.be.greaterThan(200);
    expect(agreement).to.be.at.least(0.995);
    expect(worst).to.be.lessThan(1e-6);
  });
});
