import { expect } from 'chai';
import { appendFile, readFile, utimes, writeFile } from 'node:fs/promises';
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

  it('counts lines that cannot be read, as a loss of power leaves them, and takes their tasks for undone', () =>
    withFolder(async (folder) => {
      await (await openJournal(folder)).close();
      await writeFile(journalFile(folder), `${JSON.stringify(result('a'))}\nnonsense\nnull\n\0\0\0\n${JSON.stringify(result('b'))}\n`);
      expect(await keysIn(folder)).to.deep.equal(['a', 'b']);
      const journal = await openJournal(folder);
      expect([journal.broken, ...journal.keys]).to.deep.equal([3, 'a', 'b']);
      await journal.close();
    }));

  it('belongs to one process at a time; the mark of one that is gone does not bind', () =>
    withFolder(async (folder) => {
      const lock = join(folder, 'journal', 'lock');
      const journal = await openJournal(folder);
      const twice = await rejectionOf(openJournal(folder));
      expect(twice.message).to.include(`process ${process.pid} on`);
      const mark = (holder: object): Promise<void> => writeFile(lock, JSON.stringify(holder));
      // No process has a number this large.
      await mark({ pid: 2 ** 30, host: hostname(), token: 'x' });
      await (await openJournal(folder)).close();
      // The journal opened first must not take the mark of another away.
      await mark({ pid: 1, host: hostname(), token: 'x' });
      await journal.close();
      expect(await readFile(lock, 'utf8')).to.include('"pid":1');
      await writeFile(lock, '');
      await (await openJournal(folder)).close();
    }));

  it('is taken over from another machine, or from a container of the same name, when there is no sign of life', () =>
    withFolder(async (folder) => {
      const lock = join(folder, 'journal', 'lock');
      await (await openJournal(folder)).close();
      for (const holder of [{ pid: 1, host: 'elsewhere', token: 'x' }, { pid: process.pid, host: hostname(), token: 'x' }, { pid: 1, host: hostname(), token: 'x' }]) {
        await writeFile(lock, JSON.stringify(holder));
        const alive = setInterval(() => void utimes(lock, new Date(), new Date()), 50);
        try {
          expect((await rejectionOf(openJournal(folder, { patience: 2000 }))).message).to.include(`process ${holder.pid} on ${holder.host}`);
        } finally {
          clearInterval(alive);
        }
        await (await openJournal(folder, { patience: 100 })).close();
      }
    }));

  it('says what to do where it cannot be written', () =>
    withFolder(async (folder) => {
      await writeFile(join(folder, 'journal'), 'a file in the way');
      const fault = await rejectionOf(openJournal(folder));
      expect(fault.code).to.equal('file.unwritable');
      expect(fault.hint).to.include('--resume');
    }));
});
