import { randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { BraggscapeError, isBraggscapeError } from '@braggscape/core';

/**
 * Write a file whole or not at all: under a temporary name beside it, then renamed over it.
 *
 * @param write writes the temporary file, flushed to the disk
 * @throws BraggscapeError `file.unwritable` where the file system refuses; what was there before is still there then, and nothing else. Other errors of `write` as they are
 */
export async function replaceFile(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await write(temporary);
    await rename(temporary, path);
  } catch (cause) {
    // A database leaves its log beside it, and what it moved out of memory.
    for (const leftover of [temporary, `${temporary}.wal`, `${temporary}.tmp`]) await rm(leftover, { force: true, recursive: true }).catch(() => undefined);
    const { code } = cause as { code?: unknown };
    if (isBraggscapeError(cause) || typeof code !== 'string') throw cause;
    throw unwritableFile(path, code, cause);
  }
}

/** The error for a file that cannot be written. */
export function unwritableFile(path: string, why: string, cause: unknown): BraggscapeError {
  return new BraggscapeError('file.unwritable', `the file cannot be written (${why})`, {
    path,
    hint: 'check that you may write there and that the disk is not full; results are kept in the journal, and --resume writes the tables again',
    cause,
  });
}
