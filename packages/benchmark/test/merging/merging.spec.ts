import { expect } from 'chai';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BraggscapeError } from '@braggscape/core';
import { checkJournals, copyJournals, mergeProtocols, openJournal, readJournal, readProtocol } from '@braggscape/benchmark';
import type { FolderProtocol, Protocol } from '@braggscape/benchmark';
import { rejectionOf } from '@braggscape/testing';
import { smallProtocol } from '../smallProtocol.js';
import { syntheticResults } from '../syntheticResults.js';
import { withFolder, writeJournal } from '../withFolder.js';

const protocol = smallProtocol(['cosine', 'mse@1']);
const from = (folder: string, changes: Partial<Protocol> = {}): FolderProtocol => ({ folder, protocol: { ...protocol, ...changes } });

function faultOf(call: () => unknown): BraggscapeError {
  try {
    call();
  } catch (error) {
    if (error instanceof BraggscapeError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('merging benchmarks', () => {
  it('leaves equal protocols as they are', () => {
    expect(mergeProtocols([from('a'), from('b'), from('c')])).to.deep.equal(protocol);
  });

  it('adds up samples, levels, settings and plugins, in any order of folders', () => {
    const [all] = smallProtocol(['mse']).settings;
    const more = from('b', { samples: 5, levels: { lattice: [0.1, 0.02] }, settings: [all], plugins: ['mine'] });
    const merged = mergeProtocols([from('a'), more]);
    expect(merged).to.deep.equal({ ...protocol, samples: 5, levels: { lattice: [0.02, 0.05, 0.1], coords: [0.02] }, settings: [protocol.settings[0], all], plugins: ['mine'] });
    expect(mergeProtocols([more, from('a')])).to.deep.equal(merged);
  });

  it('names the folder and what differs where it must not', () => {
    const fault = faultOf(() => mergeProtocols([from('first'), from('second', { seed: 4 })]));
    expect(fault.code).to.equal('option.invalid');
    expect(fault.report).to.match(/second: .*first: the seed is 4 here and 3 there|first: .*second: the seed is 3 here and 4 there/);
    const [one, two] = protocol.structures;
    for (const [changes, says] of [
      [{ version: '0.2.0' }, 'version of the program is "0.'],
      [{ structures: [one] }, 'only here'],
      [{ structures: [two, one] }, 'another order'],
      [{ distribution: 'normal' }, 'distribution of the noise'],
      [{ twoTheta: { start: 10, stop: 80, count: 1201 } }, 'two-theta axis'],
      [{ energies: { use: 'chgnet' } }, 'potential of the energies'],
    ] as const) {
      expect(faultOf(() => mergeProtocols([from('a'), from('b', changes)])).message.replace('only there', 'only here')).to.include(says);
    }
    const other = { ...protocol.settings[0], constraint: 'lattice' } as (typeof protocol.settings)[number];
    expect(faultOf(() => mergeProtocols([from('a'), from('b', { settings: [other] })])).message).to.include('the setting "cosine" is not the same');
  });

  it('copies each result once, and says which ones differ before anything is copied', () =>
    withFolder(async (folder) => {
      const results = syntheticResults(protocol);
      const [a, b, c, output] = ['a', 'b', 'c', 'output'].map((name) => join(folder, name));
      await writeJournal(a, results.slice(0, 8));
      await writeJournal(b, results.slice(5).map((result) => ({ ...result, seconds: 9, message: 'elsewhere' })));
      await checkJournals([output, a, b]);
      const journal = await openJournal(output);
      expect(await copyJournals([b, a], journal)).to.equal(results.length);
      expect(await copyJournals([a, b], journal)).to.equal(0);
      await journal.close();
      const keys: string[] = [];
      for await (const { key } of readJournal(output)) keys.push(key);
      expect(keys.sort()).to.deep.equal(results.map(({ key }) => key).sort());

      await writeJournal(c, [{ ...results[0], evaluations: 12345 }]);
      const fault = await rejectionOf(checkJournals([output, c]));
      expect(fault.code).to.equal('format.invalid');
      expect(fault.message).to.include(results[0].key).and.include(c).and.include(output);
    }));

  it('asks for folders of benchmarks', () =>
    withFolder(async (folder) => {
      expect((await rejectionOf(readProtocol(folder))).code).to.equal('file.missing');
      for (const text of ['{', 'null', '{"format":"other"}']) {
        await mkdir(folder, { recursive: true });
        await writeFile(join(folder, 'protocol.json'), text);
        const fault = await rejectionOf(readProtocol(folder));
        expect(fault.code).to.equal('format.invalid');
        expect(fault.path).to.equal(join(folder, 'protocol.json'));
      }
      await writeFile(join(folder, 'protocol.json'), JSON.stringify(protocol));
      expect(await readProtocol(folder)).to.deep.equal(JSON.parse(JSON.stringify(protocol)));
    }));
});
