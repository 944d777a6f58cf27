import { basename } from 'node:path';
import { BraggscapeError, nameHint } from '@braggscape/core';
import type { NamedStructure, PluginHost, StructureFormat, CreateContext } from '@braggscape/core';
import { readInput } from './readInput.js';
import type { InputFile } from './readInput.js';

/** A structure with the file it came from. */
export interface LoadedStructure extends NamedStructure {
  readonly file: InputFile;
}

/**
 * Load a structure from `FILE` or `FILE#NAME`, where NAME is a data block or the number of the structure, counted from 1.
 * Without a name a file with several structures gives its first.
 *
 * @throws BraggscapeError as the reader does, and `option.invalid` for a name that is not in the file
 */
export async function loadStructure(reference: string, host: PluginHost): Promise<LoadedStructure> {
  const { path, name } = splitReference(reference);
  const file = await readInput(path);
  const formats = await structureFormats(host);
  const named = readWith(pickFormat(file, formats), file);
  return { ...select(named, name, path), file };
}

/** All structure formats of the loaded plugins. */
export async function structureFormats(host: PluginHost): Promise<readonly StructureFormat[]> {
  const none = {} as CreateContext;
  return Promise.all(host.registry('structureFormats').list().map(async (entry) => entry.create({}, none)));
}

/** `FILE#NAME` in two; a `#` belongs to the name only if something follows it. */
export function splitReference(reference: string): { readonly path: string; readonly name: string | undefined } {
  const at = reference.lastIndexOf('#');
  if (at <= 0 || at === reference.length - 1) return { path: reference, name: undefined };
  return { path: reference.slice(0, at), name: reference.slice(at + 1) };
}

/** The format whose ending the file has, or else the one that recognises the text. */
export function findFormat(file: InputFile, formats: readonly StructureFormat[]): StructureFormat | undefined {
  const name = basename(file.path).toLowerCase();
  const byEnding = formats.filter((format) => format.extensions.some((extension) => name.endsWith(extension)));
  return byEnding.find((format) => format.recognises(file.text())) ?? byEnding[0] ?? formats.find((format) => format.recognises(file.text()));
}

function pickFormat(file: InputFile, formats: readonly StructureFormat[]): StructureFormat {
  const format = findFormat(file, formats);
  if (format !== undefined) return format;
  throw new BraggscapeError('format.unknown', 'this is no structure file of a known format', {
    path: file.path,
    hint: `known: ${formats.map(({ id, extensions }) => `${id} (${extensions.join(', ')})`).join('; ')}`,
  });
}

function readWith(format: StructureFormat, file: InputFile): readonly NamedStructure[] {
  return format.read(file.text(), { name: file.path });
}

function select(named: readonly NamedStructure[], name: string | undefined, path: string): NamedStructure {
  if (name === undefined) return named[0];
  const found = named.find((candidate) => candidate.name === name) ?? (/^\d+$/.test(name) ? named[Number(name) - 1] : undefined);
  if (found !== undefined) return found;
  throw new BraggscapeError('option.invalid', `there is no structure "${name}" in the file`, {
    path,
    hint: nameHint(
      name,
      named.map((candidate) => candidate.name),
    ),
  });
}
