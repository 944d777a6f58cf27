import { BraggscapeError } from '@braggscape/core';
import type { Source } from '@braggscape/core';
import { errorAt, excerpt } from '../textError.js';
import { isPlaceholder, normalizeTag } from './document.js';
import type { CifBlock, CifDocument, CifLoop, CifValue } from './document.js';
import { cifLexer } from './lexer.js';
import type { CifLexer, CifToken } from './lexer.js';

/** A block while it is being filled. */
interface OpenBlock {
  readonly name: string;
  readonly line: number;
  readonly items: Map<string, CifValue>;
  readonly loops: CifLoop[];
  /** Line of the first use of each tag. */
  readonly seen: Map<string, number>;
}

/** The lexer with one token of look-ahead. */
interface TokenStream {
  readonly source: Source;
  readonly lexer: CifLexer;
  ahead: CifToken | undefined;
  /** Line of the last token read, for errors at the end of the text. */
  line: number;
}

/**
 * Parse a CIF into blocks, items and loops, whatever it is about.
 *
 * Tags are matched without regard to case. A tag given twice is an error unless one of the values is a placeholder or both are
 * equal. A loop may have no rows. Save frames, which only dictionaries use, are refused.
 *
 * @throws BraggscapeError `file.empty`, or `format.invalid` with the line
 */
export function parseCif(text: string, source: Source): CifDocument {
  if (/^[\s\uFEFF]*$/.test(text)) {
    throw new BraggscapeError('file.empty', 'the file is empty', { path: source.name, hint: 'a CIF with a data block is needed' });
  }
  const lexer = cifLexer(text, source);
  const stream: TokenStream = { source, lexer, ahead: lexer(), line: 1 };
  const blocks: CifBlock[] = [];
  let block: OpenBlock | undefined;
  for (let token = read(stream); token !== undefined; token = read(stream)) {
    if (token.kind === 'data') {
      block = { name: token.text, line: token.line, items: new Map(), loops: [], seen: new Map() };
      blocks.push(block);
    } else {
      checkPlace(token, block, source);
      if (token.kind === 'loop') readLoop(stream, block, token);
      else readItem(stream, block, token);
    }
  }
  if (blocks.length > 0) return { source, blocks };
  throw errorAt(source, stream.line, 'the file has no data block', 'a CIF begins its data with a line such as data_name');
}

function read(stream: TokenStream): CifToken | undefined {
  const token = stream.ahead;
  if (token !== undefined) {
    stream.line = token.line;
    stream.ahead = stream.lexer();
  }
  return token;
}

/** Whether a tag or a loop may begin at this token. */
function checkPlace(token: CifToken, block: OpenBlock | undefined, source: Source): asserts block is OpenBlock {
  if (token.kind === 'save' || token.kind === 'reserved') {
    const hint = 'dictionaries and STAR files of other kinds cannot be read';
    throw errorAt(source, token.line, `a CIF cannot contain ${token.kind === 'save' ? 'save frames' : token.text}`, hint);
  }
  if (block === undefined) {
    throw errorAt(source, token.line, `"${excerpt(token.text)}" stands before the first data block`, 'begin with a line such as data_name');
  }
  if (token.kind === 'value') {
    const hint = 'a value that contains blanks needs quotes, and every value needs a tag or a loop';
    throw errorAt(source, token.line, `the value "${excerpt(token.text)}" belongs to no tag`, hint);
  }
}

function readItem(stream: TokenStream, block: OpenBlock, tag: CifToken): void {
  const token = stream.ahead;
  if (token?.kind !== 'value') {
    throw errorAt(stream.source, tag.line, `${excerpt(tag.text)} has no value`, 'write ? for a value that is not known');
  }
  read(stream);
  const key = normalizeTag(tag.text);
  const before = block.items.get(key);
  if (before === undefined) {
    claim(stream.source, block, key, tag);
    block.items.set(key, token);
  } else if (isPlaceholder(before)) {
    block.items.set(key, token);
  } else if (!isPlaceholder(token) && token.text !== before.text) {
    throw twice(stream.source, tag, before.line);
  }
}

function readLoop(stream: TokenStream, block: OpenBlock, loop: CifToken): void {
  const tags: string[] = [];
  while (stream.ahead?.kind === 'tag') {
    const key = normalizeTag(stream.ahead.text);
    claim(stream.source, block, key, stream.ahead);
    tags.push(key);
    read(stream);
  }
  if (tags.length === 0) throw errorAt(stream.source, loop.line, 'the loop has no tags', 'tags must follow the word loop_');
  const columns: CifValue[][] = tags.map(() => []);
  let count = 0;
  while (stream.ahead?.kind === 'value') {
    const token = stream.ahead;
    columns[count % tags.length].push(token);
    count++;
    read(stream);
  }
  if (count % tags.length !== 0) {
    throw errorAt(
      stream.source,
      loop.line,
      `the loop of ${tags.length} tags beginning with ${excerpt(tags[0])} has ${count} values, up to line ${stream.line}`,
      'the number of values must be a multiple of the number of tags: look for a missing quote or a truncated file',
    );
  }
  block.loops.push({ line: loop.line, tags, columns });
}

function claim(source: Source, block: OpenBlock, key: string, tag: CifToken): void {
  const line = block.seen.get(key);
  if (line !== undefined) throw twice(source, tag, line);
  block.seen.set(key, tag.line);
}

function twice(source: Source, tag: CifToken, line: number): BraggscapeError {
  return errorAt(source, tag.line, `${excerpt(tag.text)} is given twice in this block, first on line ${line}`, 'keep one of them');
}
