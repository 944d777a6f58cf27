import { createReadStream } from 'node:fs';

/** A line of a file, and where it stands in it. */
export interface JournalLine {
  readonly text: string;
  /** Bytes before it, and bytes of it, without its end. */
  readonly offset: number;
  readonly length: number;
}

/** The lines of a file as they come. What follows the last end of a line, which a killed process leaves, is none. */
export async function* journalLines(path: string): AsyncGenerator<JournalLine> {
  let rest: Buffer = Buffer.alloc(0);
  let offset = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    const block: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = block.indexOf(10); end >= 0; end = block.indexOf(10, from)) {
      yield { text: block.toString('utf8', from, end), offset: offset + from, length: end - from };
      from = end + 1;
    }
    rest = block.subarray(from);
    offset += from;
  }
}
