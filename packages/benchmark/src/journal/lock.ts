import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { BraggscapeError } from '@braggscape/core';

/** Milliseconds between two signs of life of a mark's holder, and without one after which it counts as gone; a holder that computes tables gives none for most of a minute. */
const SIGN_INTERVAL = 5000;
const SILENCE = 75_000;
const LOOK_INTERVAL = 500;

/** Who holds a mark: the token tells processes apart that have the same number, as the first of every container has. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly token: string;
}

const token = randomBytes(8).toString('hex');

/**
 * Mark a folder as being written by this process, and keep the mark alive. That of a process of this machine that is gone is taken over at once; any other (of another machine, of a
 * container of the same name, of a number that something else has now) when it has given no sign of life for a while, which is waited for.
 *
 * @param patience milliseconds to wait for a sign of life
 * @returns removes the mark
 * @throws BraggscapeError `file.unwritable` if another process has it
 */
export async function lockFolder(folder: string, patience = SILENCE): Promise<() => Promise<void>> {
  const path = join(folder, 'lock');
  const own = JSON.stringify({ pid: process.pid, host: hostname(), token } satisfies Holder);
  while (!(await placeMark(path, own, folder))) {
    const found = await readFile(path, 'utf8').catch(() => undefined);
    if (found === undefined) continue;
    const holder = parse(found);
    if (holder === undefined || isGoneHere(holder) || (holder.token !== token && (await isSilent(path, patience)))) await takeAway(path, found);
    else {
      throw new BraggscapeError('file.unwritable', `another process writes results here (process ${holder.pid} on ${holder.host})`, { path: folder, hint: `wait for it or stop it; if there is none, remove ${path}` });
    }
  }
  const sign = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), SIGN_INTERVAL);
  sign.unref();
  return async () => {
    clearInterval(sign);
    if ((await readFile(path, 'utf8').catch(() => undefined)) === own) await rm(path, { force: true });
  };
}

/** Put a whole mark in place, unless there is one. */
async function placeMark(path: string, own: string, folder: string): Promise<boolean> {
  const temporary = `${path}.${token}.tmp`;
  try {
    await writeFile(temporary, own);
    await link(temporary, path);
    return true;
  } catch (cause) {
    const { code } = cause as { code?: string };
    if (code === 'EEXIST') return false;
    // Some file systems have no links.
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'ENOSYS') return await writeFile(path, own, { flag: 'wx' }).then(() => true, () => false);
    throw new BraggscapeError('file.unwritable', `results cannot be written (${code ?? 'unknown error'})`, { path: folder, hint: 'check the folder and the disk', cause });
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

/** Take a dead process's mark away, and no other one that has come in its place meanwhile. */
async function takeAway(path: string, dead: string): Promise<void> {
  const aside = `${path}.${token}.old`;
  try {
    await rename(path, aside);
    if ((await readFile(aside, 'utf8')) !== dead) await link(aside, path);
  } catch {
    // Another process was quicker, which the next look will see.
  } finally {
    await rm(aside, { force: true }).catch(() => undefined);
  }
}

/** Whether a holder on this machine is no more. */
function isGoneHere(holder: Holder): boolean {
  if (holder.host !== hostname() || holder.pid === process.pid) return false;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return (error as { code?: string }).code === 'ESRCH';
  }
}

async function isSilent(path: string, patience: number): Promise<boolean> {
  const timeOf = async (): Promise<number | undefined> => (await stat(path).catch(() => undefined))?.mtimeMs;
  const first = await timeOf();
  for (let waited = 0; waited < patience; waited += LOOK_INTERVAL) {
    await pause(Math.min(LOOK_INTERVAL, patience));
    if ((await timeOf()) !== first) return false;
  }
  return true;
}

function parse(mark: string): Holder | undefined {
  try {
    const { pid, host, token: given = '' } = JSON.parse(mark) as { pid?: unknown; host?: unknown; token?: string };
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host, token: given } : undefined;
  } catch {
    return undefined;
  }
}
