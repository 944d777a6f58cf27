import { basename } from 'node:path';
import type { CreateContext, Pattern, PatternFormat, PluginHost } from '@braggscape/core';
import { decompressed, readPatternWith } from '@braggscape/diffraction';
import { splitReference, structureFormats } from './loadStructure.js';
import { readInput } from './readInput.js';
import type { InputFile } from './readInput.js';

/** A measured pattern with the file it came from. */
export interface LoadedPattern {
  readonly pattern: Pattern;
  readonly file: InputFile;
}

/**
 * Load a pattern file, compressed by gzip or not; the content decides on the format, the ending orders the questions.
 * @param repairs if given, faults of the scan are mended where that is possible, each with a sentence here
 * @throws BraggscapeError as the reader does, and `format.unknown`
 */
export async function loadPattern(path: string, host: PluginHost, repairs?: string[]): Promise<LoadedPattern> {
  const file = await readInput(path);
  return { pattern: readPatternWith(await patternFormats(host), file, { name: path }, repairs), file };
}

/**
 * What an option that takes a pattern or a structure names: `{ file }` for a pattern, `{ structure }` for a structure to simulate.
 * A file that holds both, as powder CIFs do, is a pattern.
 */
export async function patternOrStructure(reference: string, host: PluginHost): Promise<{ file: string } | { structure: string }> {
  const { path, name } = splitReference(reference);
  if (name !== undefined) return { structure: reference };
  const file = decompressed(await readInput(path), { name: path });
  const patterns = await patternFormats(host);
  const ending = ({ extensions }: { extensions: readonly string[] }): boolean =>
    extensions.some((extension) => basename(path).toLowerCase().replace(/\.gz$/, '').endsWith(extension));
  if (patterns.some((format) => ending(format) && format.recognises(file))) return { file: path };
  // Some endings, such as .cif and .json, are of patterns and of structures.
  const shared = patterns.some(ending);
  const structures = await structureFormats(host);
  if (structures.some((format) => ending(format) && (!shared || format.recognises(file.text())))) return { structure: path };
  if (patterns.some((format) => format.recognises(file))) return { file: path };
  // A file with a pattern's ending that nothing recognises is reported by the pattern reader, with the line at fault.
  return structures.some((format) => format.recognises(file.text())) && !shared ? { structure: path } : { file: path };
}

async function patternFormats(host: PluginHost): Promise<readonly PatternFormat[]> {
  const none = {} as CreateContext;
  return Promise.all(host.registry('patternFormats').list().map(async (entry) => entry.create({}, none)));
}
