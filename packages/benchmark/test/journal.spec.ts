import { expect } from 'chai';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { journalFile, openJournal, readJournal } from '@braggscape/benchmark';
import type { TaskResult } from '@braggscape/benchmark';
import { rejectionOf } from '@braggscape/testing';
import { withFolder } from './withFolder.js';

const result = (key: string, steps = 1): TaskResult => ({ key, steps }) as unknown as TaskResult;
const keysIn = async (folder: string): Promise<string[]> => {
  const found: string[] = [];
  for await (const { key } of readJournal(folder)) found.push(key);
  return found;
};

describe('the journal of results', () => {
  it('keeps each key once, over several openings', () =>
    withFolder(async (folder) => {
      const first = await openJournal(folder);
      expect(await Promise.all([first.append(result('a')), first.append(result('b')), first.append(result('a', 2))])).to.deep.equal([true, true, false]);
      await first.close();
      const second = await openJournal(folder);
      expect([...second.keys]).to.deep.equal(['a', 'b']);
      expect(await second.append(result('b'))).to.equal(false);
      expect(await second.append(result('c'))).to.equal(true);
      await second.close();
      expect(await keysIn(folder)).to.deep.equal(['a', 'b', 'c']);
      expect((await readFile(journalFile(folder), 'utf8')).split('\n')).to.have.length(4);
    }));

  it('takes a line that a killed process left unfinished for none, and writes on behind the last whole one', () =>
    withFolder(async (folder) => {
      const first = await openJournal(folder);
      await first.append(result('a'));
      await first.close();
      await appendFile(journalFile(folder), JSON.stringify(result('b')).slice(0, 7));
      expect(await keysIn(folder)).to.deep.equal(['a']);
      const second = await openJournal(folder);
      await second.append(result('b'));
      await second.close();
      expect(await keysIn(folder)).to.deep.equal(['a', 'b']);
    }));

  it('copes with nothing but an unfinished line, and a very long one', () =>
    withFolder(async (folder) => {
      const first = await openJournal(folder);
      await first.close();
      await writeFile(journalFile(folder), 'x'.repeat(200000));
      expect(await keysIn(folder)).to.deep.equal([]);
      const second = await openJournal(folder);
      const long = { ...result('long'), message: 'y'.repeat(200000) };
      await second.append(long);
      await second.close();
      await appendFile(journalFile(folder), 'z'.repeat(100));
      expect(await keysIn(folder)).to.deep.equal(['long']);
    }));

  it('names the line that is no result', () =>
    withFolder(async (folder) => {
      await (await openJournal(folder)).close();
      await writeFile(journalFile(folder), `${JSON.stringify(result('a'))}\nnonsense\n${JSON.stringify(result('b'))}\n`);
      const fault = await rejectionOf(keysIn(folder));
      expect(fault.code).to.equal('format.invalid');
      expect(fault.path).to.match(/results\.jsonl:2$/);
    }));

  it('belongs to one process at a time; the mark of one that is gone does not bind', () =>
    withFolder(async (folder) => {
      const lock = join(folder, 'journal', 'lock');
      const journal = await openJournal(folder);
      await writeFile(lock, JSON.stringify({ pid: 1, host: hostname() }));
      const held = await rejectionOf(openJournal(folder));
      expect(held.code).to.equal('file.unwritable');
      expect(held.message).to.include('process 1 on');
      await writeFile(lock, JSON.stringify({ pid: 1, host: 'elsewhere' }));
      expect((await rejectionOf(openJournal(folder))).message).to.include('elsewhere');
      // No process has a number this large.
      await writeFile(lock, JSON.stringify({ pid: 2 ** 30, host: hostname() }));
      await (await openJournal(folder)).close();
      await writeFile(lock, '');
      await (await openJournal(folder)).close();
      await journal.close();
    }));

  it('says what to do where it cannot be written', () =>
    withFolder(async (folder) => {
      await writeFile(join(folder, 'journal'), 'a file in the way');
      const fault = await rejectionOf(openJournal(folder));
      expect(fault.code).to.equal('file.unwritable');
      expect(fault.hint).to.include('--resume');
    }));
});
