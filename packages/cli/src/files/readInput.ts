import { readFile, stat } from 'node:fs/promises';
import { BraggscapeError, sha256 } from '@braggscape/core';
import type { FileContent } from '@braggscape/core';

/** A file as read, with its hash for the record. */
export interface InputFile extends FileContent {
  readonly path: string;
  readonly sha256: string;
}

/**
 * Read a whole file.
 * @throws BraggscapeError `file.missing`, `file.unreadable` or `file.empty`
 */
export async function readInput(path: string): Promise<InputFile> {
  const bytes = await readBytes(path);
  if (bytes.length === 0) throw new BraggscapeError('file.empty', 'the file is empty', { path, hint: 'check how it was written or copied' });
  let decoded: string | undefined;
  return {
    path,
    bytes,
    sha256: await sha256(bytes),
    text: () => (decoded ??= new TextDecoder('utf-8').decode(bytes)),
  };
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    if ((await stat(path)).isDirectory()) throw new BraggscapeError('file.unreadable', 'this is a folder', { path, hint: 'name a file' });
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    if (cause instanceof BraggscapeError) throw cause;
    const { code } = cause as { code?: string };
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new BraggscapeError('file.missing', 'there is no such file', { path, hint: 'check the path; relative paths start from the current folder, or from the configuration file', cause });
    }
    throw new BraggscapeError('file.unreadable', `the file cannot be read (${code ?? 'unknown error'})`, { path, hint: 'check its permissions', cause });
  }
}
