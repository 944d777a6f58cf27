import { readFileSync, readdirSync } from 'node:fs';
import { expect } from 'chai';
import { findSymmetry, readStructures } from '@braggscape/crystal';
import { readReference, trueStructures } from './reference.js';
import { hasShared, sharedPath } from './support.js';

/** Space groups against spglib (symprec 0.01 Å), from the reference structures and from the CIFs. */
describe('space groups of the reference structures', function () {
  before(function () {
    if (!hasShared) this.skip();
  });

  it('are spglib’s, every one', () => {
    const truths = trueStructures();
    const entries = readReference<{ name: string; number: number; symbol: string; crystal_system: string }>('spacegroups.json');
    for (const { name, number, symbol, crystal_system: system } of entries) {
      const truth = truths.get(name);
      if (truth === undefined) throw new Error(`no true structure of ${name}`);
      expect(findSymmetry(truth), name).to.include({ number, symbol, crystalSystem: system });
    }
    process.stdout.write(`      ${entries.length} space groups\n`);
    expect(entries).to.have.length(10);
  });

  it('are the same from the CIFs', () => {
    const entries = readReference<{ name: string; number: number }>('spacegroups.json');
    const files = readdirSync(sharedPath('structures')).filter((name) => name.endsWith('.cif'));
    expect(files).to.have.length(10);
    for (const file of files) {
      const [{ structure }] = readStructures(readFileSync(sharedPath('structures', file), 'utf8'), { name: file });
      expect(findSymmetry(structure).number, file).to.equal(entries.find(({ name }) => file === `${name}.cif`)?.number);
    }
  });
});
