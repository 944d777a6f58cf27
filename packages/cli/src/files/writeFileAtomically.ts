import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { BraggscapeError } from '@braggscape/core';

/**
 * Write a file whole or not at all: into a temporary file beside it, flushed to the disk, then renamed over it.
 * @throws BraggscapeError `file.unwritable`; what was there before is still there then, and nothing else
 */
export async function writeFileAtomically(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new BraggscapeError('file.unwritable', `the file cannot be written (${(cause as { code?: string }).code ?? 'unknown error'})`, {
      path,
      hint: 'check that the folder exists, that you may write there, and that the disk is not full',
      cause,
    });
  }
}
