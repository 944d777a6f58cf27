import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { BraggscapeError } from '@braggscape/core';

/**
 * Make a folder for results, and check that one may write there. Folders are made one by one from the nearest that exists: a recursive call never returns in
 * file systems such as /proc, which say that the parent does not exist whatever one makes.
 *
 * @throws BraggscapeError `file.unwritable`
 */
export async function prepareFolder(folder: string): Promise<void> {
  const missing: string[] = [];
  try {
    for (let at = resolve(folder); !(await isFolder(at)); at = dirname(at)) missing.unshift(at);
    for (const at of missing) await mkdir(at);
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const { code = 'unknown error' } = cause as { code?: string };
    const file = code === 'ENOTDIR' || code === 'EEXIST';
    throw new BraggscapeError('file.unwritable', file ? 'results need a folder, and a file of this name is in the way' : `results cannot be written here (${code})`, {
      path: folder,
      hint: file ? 'choose another folder with --output' : 'choose another folder with --output, or change its permissions',
      cause,
    });
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return false;
    throw error;
  }
  throw Object.assign(new Error(`${path} is no folder`), { code: 'ENOTDIR' });
}
