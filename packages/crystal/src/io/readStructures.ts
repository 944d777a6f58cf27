import { BraggscapeError, nameHint } from '@braggscape/core';
import type { NamedStructure, Source, StructureFormat } from '@braggscape/core';
import { cifFormat } from './cif/format.js';
import { extxyzFormat } from './extxyz.js';
import { poscarFormat } from './poscar.js';
import { pymatgenJsonFormat } from './pymatgenJson.js';

/** The structure formats of this package. */
export const structureFormats: readonly StructureFormat[] = [cifFormat, poscarFormat, extxyzFormat, pymatgenJsonFormat];

/**
 * Read all structures of a text. The format is the one asked for; else that of the name's ending, `POSCAR` and `CONTCAR` being
 * names that tell as well; else the first that recognises the content.
 *
 * @param format id of a format
 * @param formats the formats to choose from
 * @throws BraggscapeError `file.empty`, `format.unknown`, or what the format's reader throws
 */
export function readStructures(
  text: string,
  source: Source,
  format?: string,
  formats: readonly StructureFormat[] = structureFormats,
): readonly NamedStructure[] {
  if (/^[\s\uFEFF]*$/.test(text)) {
    throw new BraggscapeError('file.empty', 'the file is empty', { hint: 'it should hold a crystal structure', path: source.name });
  }
  return structureFormatFor(text, source, format, formats).read(text, source);
}

/**
 * The format {@link readStructures} would use.
 * @throws BraggscapeError `format.unknown` with the formats there are
 */
export function structureFormatFor(
  text: string,
  source: Source,
  format?: string,
  formats: readonly StructureFormat[] = structureFormats,
): StructureFormat {
  const ids = formats.map(({ id }) => id);
  if (format !== undefined) {
    const asked = formats.find(({ id }) => id === format);
    if (asked !== undefined) return asked;
    throw new BraggscapeError('format.unknown', `no structure format is called "${format}"`, { hint: nameHint(format, ids), path: source.name });
  }
  const file = (source.name.split(/[\\/]/).at(-1) ?? '').toLowerCase();
  const byEnding = formats.find(({ extensions }) => extensions.some((ending) => file.endsWith(ending)));
  const byName = /^(?:poscar|contcar)/.test(file) ? formats.find(({ id }) => id === 'poscar') : undefined;
  const found = byEnding ?? byName ?? formats.find((candidate) => candidate.recognises(text));
  if (found !== undefined) return found;
  throw new BraggscapeError('format.unknown', 'the file is in no structure format that is known', {
    hint: `known formats: ${formats.map(({ id, extensions }) => `${id} (${extensions.join(' ')})`).join(', ')}`,
    path: source.name,
  });
}
