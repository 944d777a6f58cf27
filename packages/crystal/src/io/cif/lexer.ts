import type { Source } from '@braggscape/core';
import { errorAt, excerpt } from '../textError.js';

/** A word of a CIF: something that is a value, or an undelimited word that may be a keyword or a tag. */
export interface CifToken {
  readonly kind: 'tag' | 'data' | 'loop' | 'save' | 'reserved' | 'value';
  /** The value, the tag with its underscore, or what follows the keyword. */
  readonly text: string;
  readonly line: number;
  readonly quoted: boolean;
}

/** Reads tokens one after the other; undefined at the end of the text. */
export type CifLexer = () => CifToken | undefined;

/** The text being read: a cursor that counts lines. */
interface Cursor {
  readonly text: string;
  readonly source: Source;
  /** Whether the first line announces CIF 2, which adds triple quotes and bracketed lists. */
  readonly version2: boolean;
  at: number;
  line: number;
}

/**
 * Lexer of CIF 1.1, and of the quoting of CIF 2.0.
 *
 * Grammar: Hall, Allen & Brown, Acta Cryst. A47 (1991) 655; International Tables for Crystallography G, ch. 2.2; CIF 2.0: Bernstein et al.,
 * J. Appl. Cryst. 49 (2016) 277. Line ends of all three kinds and a byte-order mark are taken; line lengths are not checked.
 */
export function cifLexer(text: string, source: Source): CifLexer {
  const clean = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const cursor: Cursor = { text: clean, source, version2: clean.startsWith('#\\#CIF_2.0'), at: 0, line: 1 };
  return () => nextToken(cursor);
}

function nextToken(cursor: Cursor): CifToken | undefined {
  skipBlank(cursor);
  const { text, at, line } = cursor;
  if (at >= text.length) return undefined;
  const first = text[at];
  if (first === ';' && (at === 0 || text[at - 1] === '\n')) return value(textField(cursor), line);
  if (first === "'" || first === '"') return value(quotedString(cursor, first), line);
  if (cursor.version2 && (first === '[' || first === '{')) return { ...value(bracketed(cursor), line), quoted: false };
  return classify(bareWord(cursor), line);
}

function value(text: string, line: number): CifToken {
  return { kind: 'value', text, line, quoted: true };
}

function skipBlank(cursor: Cursor): void {
  const { text } = cursor;
  while (cursor.at < text.length) {
    const char = text[cursor.at];
    if (char === '\n') cursor.line++;
    else if (char === '#') {
      cursor.at = endOfLine(cursor);
      continue;
    } else if (!isSpace(char)) return;
    cursor.at++;
  }
}

function isSpace(char: string | undefined): boolean {
  return char === ' ' || char === '\t' || char === '\n' || char === '\v' || char === '\f';
}

function endOfLine(cursor: Cursor): number {
  const end = cursor.text.indexOf('\n', cursor.at);
  return end < 0 ? cursor.text.length : end;
}

function bareWord(cursor: Cursor): string {
  const start = cursor.at;
  while (cursor.at < cursor.text.length && !isSpace(cursor.text[cursor.at])) cursor.at++;
  return cursor.text.slice(start, cursor.at);
}

function classify(word: string, line: number): CifToken {
  const bare = { line, quoted: false };
  if (word.startsWith('_')) return { kind: 'tag', text: word, ...bare };
  const keyword = /^(data_|save_|loop_$|global_$|stop_$)/i.exec(word)?.[0].toLowerCase();
  if (keyword === undefined) return { kind: 'value', text: word, ...bare };
  if (keyword === 'data_' || keyword === 'save_') return { kind: keyword === 'data_' ? 'data' : 'save', text: word.slice(5), ...bare };
  return { kind: keyword === 'loop_' ? 'loop' : 'reserved', text: word, ...bare };
}

/** A closing quote is one that white space or the end of the text follows; the quote may stand inside otherwise. */
function quotedString(cursor: Cursor, quote: string): string {
  const { text, at } = cursor;
  const triple = quote.repeat(3);
  if (text.startsWith(triple, at)) {
    const close = text.indexOf(triple, at + 3);
    if (close >= 0 && (cursor.version2 || text.slice(at, close).includes('\n'))) return take(cursor, at + 3, close, 3);
  }
  const end = endOfLine(cursor);
  for (let i = text.indexOf(quote, at + 1); i >= 0 && i < end; i = text.indexOf(quote, i + 1)) {
    if (i + 1 >= text.length || isSpace(text[i + 1])) return take(cursor, at + 1, i, 1);
  }
  throw errorAt(
    cursor.source,
    cursor.line,
    `the string ${excerpt(text.slice(at, end))} is not closed on its line`,
    `end it with ${quote}, or use a text field between lines that begin with a semicolon`,
  );
}

/** A text field: from a semicolon at the beginning of a line to the next line that begins with one. */
function textField(cursor: Cursor): string {
  const { text, at } = cursor;
  const close = text.indexOf('\n;', at);
  if (close < 0) {
    throw errorAt(
      cursor.source,
      cursor.line,
      `the text field ${excerpt(text.slice(at, endOfLine(cursor)))} is never closed`,
      'a line that begins with a semicolon must end it: the file may be truncated',
    );
  }
  return unfold(take(cursor, at + 1, close, 2));
}

/** Undoes the line-folding protocol: a first line of one backslash announces that a backslash at a line's end continues the line. */
function unfold(content: string): string {
  return /^\\[ \t]*\n/.test(content) ? content.replace(/\\[ \t]*\n/g, '') : content;
}

/** A CIF 2 list or table as it stands, brackets and all. */
function bracketed(cursor: Cursor): string {
  const { text, at } = cursor;
  let depth = 0;
  let quote: string | undefined;
  for (let i = at; i < text.length; i++) {
    const char = text[i];
    if (quote !== undefined) quote = char === quote ? undefined : quote;
    else if (char === "'" || char === '"') quote = char;
    else if (char === '[' || char === '{') depth++;
    else if (char === ']' || char === '}') depth--;
    if (depth === 0 && quote === undefined) return take(cursor, at, i + 1, 0);
  }
  throw errorAt(cursor.source, cursor.line, `the list ${excerpt(text.slice(at, endOfLine(cursor)))} is never closed`);
}

/** The text from `start` to `end`; the cursor goes `behind` characters past its end. */
function take(cursor: Cursor, start: number, end: number, behind: number): string {
  const taken = cursor.text.slice(start, end);
  for (let i = cursor.at; i < end + behind; i++) if (cursor.text[i] === '\n') cursor.line++;
  cursor.at = end + behind;
  return taken;
}
