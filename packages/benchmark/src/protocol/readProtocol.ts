import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BraggscapeError } from '@braggscape/core';
import type { Protocol } from './protocol.js';

/** File of the protocol in a folder of results. */
export function protocolFile(output: string): string {
  return join(output, 'protocol.json');
}

/**
 * The protocol of a folder of results.
 * @throws BraggscapeError `file.missing`, or `format.invalid` for a file that is no protocol
 */
export async function readProtocol(output: string): Promise<Protocol> {
  const path = protocolFile(output);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new BraggscapeError('file.missing', `the protocol cannot be read (${(cause as { code?: string }).code ?? 'unknown error'})`, { path, hint: 'give a folder that braggscape benchmark paper wrote', cause });
  }
  try {
    const protocol = JSON.parse(text) as Partial<Protocol> | null;
    if (protocol?.format === 'braggscape-benchmark/1') return protocol as Protocol;
  } catch {
    // Said below.
  }
  throw new BraggscapeError('format.invalid', 'the file is no protocol of a benchmark', { path, hint: 'give a folder that braggscape benchmark paper wrote' });
}
