import { BraggscapeError } from '@braggscape/core';
import type { ErrorCode, Source } from '@braggscape/core';

/** `name:line`, the form in which errors point into a text. */
export function lineOf(source: Source, line: number): string {
  return `${source.name}:${line}`;
}

/** An error about one line of a text; `format.invalid` unless told otherwise. */
export function errorAt(
  source: Source,
  line: number,
  message: string,
  hint?: string,
  code: ErrorCode = 'format.invalid',
): BraggscapeError {
  return new BraggscapeError(code, message, { path: lineOf(source, line), ...(hint === undefined ? {} : { hint }) });
}

/** A piece of the text fit for a message: one line, not too long. */
export function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}
