import { open, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { BraggscapeError } from '@braggscape/core';

/**
 * Mark a folder as being written by this process. The mark of a process of this machine that is gone is taken over.
 * @returns removes the mark
 * @throws BraggscapeError `file.unwritable` if another process has it
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'lock');
  const own = JSON.stringify({ pid: process.pid, host: hostname() });
  for (let attempt = 0; ; attempt++) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(own);
      await file.close();
      return () => rm(path, { force: true });
    } catch (cause) {
      if ((cause as { code?: string }).code !== 'EEXIST') {
        await rm(path, { force: true }).catch(() => undefined);
        throw new BraggscapeError('file.unwritable', `results cannot be written (${(cause as { code?: string }).code ?? 'unknown error'})`, { path: folder, hint: 'check the folder and the disk', cause });
      }
      const holder = await readFile(path, 'utf8').catch(() => '');
      if (attempt < 3 && isGone(holder)) await rm(path, { force: true });
      else {
        throw new BraggscapeError('file.unwritable', `another process writes results here${holder === '' ? '' : ` (${describe(holder)})`}`, { path: folder, hint: `wait for it or stop it; if there is none, remove ${path}` });
      }
    }
  }
}

/** Whether the process that left a mark is no more, as far as this machine can tell. A mark without content is of a process that died while making it. */
function isGone(mark: string): boolean {
  if (mark === '') return true;
  const holder = parse(mark);
  if (holder?.host !== hostname()) return false;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return (error as { code?: string }).code === 'ESRCH';
  }
}

function parse(mark: string): { readonly pid: number; readonly host: string } | undefined {
  try {
    const { pid, host } = JSON.parse(mark) as { pid?: unknown; host?: unknown };
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host } : undefined;
  } catch {
    return undefined;
  }
}

function describe(mark: string): string {
  const holder = parse(mark);
  return holder === undefined ? 'unreadable mark' : `process ${holder.pid} on ${holder.host}`;
}
