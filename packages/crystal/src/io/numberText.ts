/** A finite number in decimal or exponent form, Fortran's D exponents included; undefined for anything else. */
export function finiteNumber(text: string | undefined): number | undefined {
  if (text === undefined || !/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eEdD][+-]?\d+)?$/.test(text)) return undefined;
  const value = Number(text.replace(/[dD]/, 'e'));
  return Number.isFinite(value) ? value : undefined;
}

/** The words of a line. */
export function wordsOf(line: string | undefined): readonly string[] {
  const trimmed = (line ?? '').trim();
  return trimmed === '' ? [] : trimmed.split(/\s+/);
}

/** The lines of a text, whatever their ends; a byte-order mark is dropped. */
export function linesOf(text: string): readonly string[] {
  return text.replace(/^\uFEFF/, '').split(/\r\n?|\n/);
}

/** Name of a structure that its file does not name: the file's own name without directories and ending. */
export function stemOf(name: string): string {
  return (name.split(/[\\/]/).at(-1) ?? name).replace(/(?<=.)\.[^.]*$/, '');
}
