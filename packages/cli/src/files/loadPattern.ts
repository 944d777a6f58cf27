import { basename } from 'node:path';
import { BraggscapeError } from '@braggscape/core';
import type { CreateContext, Pattern, PatternFormat, PluginHost } from '@braggscape/core';
import { findFormat, splitReference, structureFormats } from './loadStructure.js';
import { readInput } from './readInput.js';
import type { InputFile } from './readInput.js';

/** A measured pattern with the file it came from. */
export interface LoadedPattern {
  readonly pattern: Pattern;
  readonly file: InputFile;
}

/**
 * Load a pattern file; the content decides on the format, the ending orders the questions.
 * @throws BraggscapeError as the reader does, and `format.unknown`
 */
export async function loadPattern(path: string, host: PluginHost): Promise<LoadedPattern> {
  const file = await readInput(path);
  const formats = await patternFormats(host);
  const format = findPatternFormat(file, formats);
  if (format === undefined) {
    throw new BraggscapeError('format.unknown', 'this is no powder pattern of a known format', {
      path,
      hint: `known: ${formats.map(({ id, extensions }) => `${id} (${extensions.join(', ')})`).join('; ')}`,
    });
  }
  return { pattern: format.read(file, { name: path }), file };
}

/**
 * What an option that takes a pattern or a structure names: `{ file }` for a pattern, `{ structure }` for a structure to simulate.
 */
export async function patternOrStructure(reference: string, host: PluginHost): Promise<{ file: string } | { structure: string }> {
  const { path, name } = splitReference(reference);
  if (name !== undefined) return { structure: reference };
  const file = await readInput(path);
  const ending = (format: { extensions: readonly string[] }): boolean =>
    format.extensions.some((extension) => basename(path).toLowerCase().endsWith(extension));
  const patterns = await patternFormats(host);
  if (patterns.some((format) => ending(format) && format.recognises(file))) return { file: path };
  const structures = await structureFormats(host);
  if (structures.some((format) => ending(format) && !patterns.some(ending))) return { structure: path };
  if (findPatternFormat(file, patterns) !== undefined) return { file: path };
  // A file with a pattern's ending that nothing recognises is reported by the pattern reader, with the line at fault.
  return findFormat(file, structures) !== undefined && !patterns.some(ending) ? { structure: path } : { file: path };
}

async function patternFormats(host: PluginHost): Promise<readonly PatternFormat[]> {
  const none = {} as CreateContext;
  return Promise.all(host.registry('patternFormats').list().map(async (entry) => entry.create({}, none)));
}

function findPatternFormat(file: InputFile, formats: readonly PatternFormat[]): PatternFormat | undefined {
  const name = basename(file.path).toLowerCase();
  const byEnding = formats.filter((format) => format.extensions.some((extension) => name.endsWith(extension)));
  return byEnding.find((format) => format.recognises(file)) ?? formats.find((format) => format.recognises(file)) ?? byEnding[0];
}
