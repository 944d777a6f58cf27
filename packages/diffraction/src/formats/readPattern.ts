import { BraggscapeError } from '@braggscape/core';
import type { FileContent, Pattern, PatternFormat, Source } from '@braggscape/core';
import { decompressed } from './compression.js';

/**
 * The format of a content: of those whose ending the name has, the first that recognises it, else the first of all that does.
 * A name may end in `.gz` behind the ending of the format.
 */
export function patternFormatFor(name: string, content: FileContent, formats: readonly PatternFormat[]): PatternFormat | undefined {
  const plain = name.toLowerCase().replace(/\.gz$/, '');
  const byEnding = formats.filter(({ extensions }) => extensions.some((extension) => plain.endsWith(extension)));
  return byEnding.find((format) => format.recognises(content)) ?? formats.find((format) => format.recognises(content));
}

/**
 * Read a powder pattern of any of the formats, compressed by gzip or not.
 * @param repairs if given, faults are mended where that is possible, each with a sentence here
 * @throws BraggscapeError `format.unknown`, or as the reader does
 */
export function readPatternWith(formats: readonly PatternFormat[], content: FileContent, source: Source, repairs?: string[]): Pattern {
  const plain = decompressed(content, source);
  const format = patternFormatFor(source.name, plain, formats);
  if (format !== undefined) return format.read(plain, source, repairs);
  // A file with the ending of a format that does not recognise it is reported by its reader, with what is at fault.
  const name = source.name.toLowerCase().replace(/\.gz$/, '');
  const meant = formats.find(({ extensions }) => extensions.some((extension) => name.endsWith(extension)));
  if (meant !== undefined) return meant.read(plain, source, repairs);
  throw new BraggscapeError('format.unknown', 'this is no powder pattern of a known format', {
    path: source.name,
    hint: `known: ${formats.map(({ id, extensions }) => `${id} (${extensions.join(', ')})`).join('; ')}; each may be compressed (.gz)`,
  });
}
