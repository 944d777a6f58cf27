import { BraggscapeError } from '@braggscape/core';

/** What a message adds where reading with repairs would help. */
export const repairHint = 'or read it with repairs (--repair)';

/** The data of a scan are at fault. */
export function patternError(path: string, message: string, hint: string, cause?: unknown): BraggscapeError {
  return new BraggscapeError('pattern.invalid', message, { path, hint, ...(cause === undefined ? {} : { cause }) });
}

/** A file does not keep to its format, or to the part of it that is read here. */
export function formatError(path: string, message: string, hint: string, cause?: unknown): BraggscapeError {
  return new BraggscapeError('format.invalid', message, { path, hint, ...(cause === undefined ? {} : { cause }) });
}

/** A piece of the file fit for a message: one line, not too long, nothing that a terminal would obey. */
export function excerpt(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is taken out
  const line = text.replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}

/** `lines 3, 4 and 9`, or a count of them where they are many; `points 3, 4 and 9` where a file has no lines. */
export function enumeratePlaces(kind: 'line' | 'point', places: readonly number[]): string {
  if (places.length === 1) return `${kind} ${places[0]}`;
  const shown = places.slice(0, 12);
  if (places.length > shown.length) return `${kind}s ${shown.join(', ')} and ${places.length - shown.length} more`;
  return `${kind}s ${shown.slice(0, -1).join(', ')} and ${shown[shown.length - 1]}`;
}
