import type { Source } from '@braggscape/core';

/** One value of a CIF with the line it begins on. */
export interface CifValue {
  /** The characters between the delimiters; of a text field without its first semicolon and last line break. */
  readonly text: string;
  /** 1-based. */
  readonly line: number;
  /** Whether the value had delimiters; without them `?` means unknown and `.` inapplicable. */
  readonly quoted: boolean;
}

/** A loop: one column per tag, all of one length. */
export interface CifLoop {
  /** Line of the word `loop_`. */
  readonly line: number;
  /** Normalized as by {@link normalizeTag}, in the order of the file. */
  readonly tags: readonly string[];
  /** `columns[i]` holds the values of `tags[i]`. */
  readonly columns: readonly (readonly CifValue[])[];
}

/** A data block. Tags are normalized as by {@link normalizeTag}. */
export interface CifBlock {
  /** What follows `data_`. */
  readonly name: string;
  readonly line: number;
  readonly items: ReadonlyMap<string, CifValue>;
  readonly loops: readonly CifLoop[];
}

/** A parsed CIF, whatever it is about: structures, powder profiles. */
export interface CifDocument {
  readonly source: Source;
  readonly blocks: readonly CifBlock[];
}

/**
 * One spelling of a tag: lower case, and an underscore in place of the dot of the DDLm dictionaries,
 * so that `_atom_site.fract_x` and `_atom_site_fract_x` are the same.
 */
export function normalizeTag(tag: string): string {
  return tag.toLowerCase().replaceAll('.', '_');
}

/** Whether a value stands for a missing one: an undelimited `?` (unknown) or `.` (inapplicable). */
export function isPlaceholder(value: CifValue): boolean {
  return !value.quoted && (value.text === '?' || value.text === '.');
}

/** First of the tags that has a value, outside loops or in a loop of one row; placeholders count as absent. */
export function cifItem(block: CifBlock, ...tags: readonly string[]): CifValue | undefined {
  for (const tag of tags) {
    const values = cifColumn(block, tag);
    if (values?.length === 1 && !isPlaceholder(values[0])) return values[0];
  }
  return undefined;
}

/** All values of the first of the tags that is present; a tag outside loops is a column of one row. */
export function cifColumn(block: CifBlock, ...tags: readonly string[]): readonly CifValue[] | undefined {
  for (const tag of tags) {
    const key = normalizeTag(tag);
    const item = block.items.get(key);
    if (item !== undefined) return [item];
    for (const loop of block.loops) {
      const at = loop.tags.indexOf(key);
      if (at >= 0) return loop.columns[at];
    }
  }
  return undefined;
}

/** The loop that holds a tag. */
export function cifLoop(block: CifBlock, tag: string): CifLoop | undefined {
  const key = normalizeTag(tag);
  return block.loops.find((loop) => loop.tags.includes(key));
}
