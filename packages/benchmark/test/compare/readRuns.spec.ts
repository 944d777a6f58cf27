import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { isBraggscapeError } from '@braggscape/core';
import { compareRuns, journalFile, readRuns } from '@braggscape/benchmark';
import type { Protocol } from '@braggscape/benchmark';
import { protocol, results, setting } from './runs.js';

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'compare-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function write(folder: string, of: Protocol, lines = results(of, ({ sample }) => ({ match: sample % 2 === 0 })).map((result) => JSON.stringify(result))): Promise<string> {
  await mkdir(join(folder, 'journal'), { recursive: true });
  await writeFile(join(folder, 'protocol.json'), JSON.stringify(of));
  await writeFile(journalFile(folder), lines.map((line) => `${line}\n`).join(''));
  return folder;
}

describe('reading runs for comparison', () => {
  it('names folders by their last part, or by the whole path where that is not unique', () =>
    inFolder(async (folder) => {
      const one = await write(join(folder, 'x', 'run'), protocol([setting('a')]));
      const two = await write(join(folder, 'y', 'run'), protocol([setting('b')]));
      const three = await write(join(folder, 'other'), protocol([setting('c')]));
      const runs = await readRuns([one, two, three]);
      expect(runs.map(({ name }) => name)).to.deep.equal([one, two, 'other']);
      expect(runs.map(({ starts }) => starts.size)).to.deep.equal([10, 10, 10]);
      expect(compareRuns(runs).sections[0].rows.map(({ rank, rate }) => [rank, rate.rate])).to.deep.equal([[1, 0.5], [1, 0.5], [1, 0.5]]);
    }));

  it('says which folder cannot be compared and why', () =>
    inFolder(async (folder) => {
      const good = await write(join(folder, 'good'), protocol([setting('a')]));
      const empty = await write(join(folder, 'empty'), protocol([setting('a')]), []);
      const broken = await write(join(folder, 'broken'), { format: 'other' } as never);
      const codeOf = (folders: readonly string[]): Promise<unknown> => readRuns(folders).then(() => 'none', (error: unknown) => (isBraggscapeError(error) ? `${error.code} ${error.path}` : error));
      expect(await codeOf([good, join(folder, 'none')])).to.equal(`file.missing ${join(folder, 'none', 'protocol.json')}`);
      expect(await codeOf([empty])).to.equal(`file.empty ${empty}`);
      expect(await codeOf([broken])).to.equal(`format.invalid ${join(broken, 'protocol.json')}`);
      expect(await codeOf([good, join(good, '..', 'good')])).to.match(/^option.invalid/);
    }));
});
