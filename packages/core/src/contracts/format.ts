import type { Structure } from './structure.js';
import type { Pattern } from './pattern.js';

/** Where a text came from, for error messages: a path or a name people know. */
export interface Source {
  readonly name: string;
}

/** A structure as read, with what the file says beside the sites. */
export interface NamedStructure {
  readonly name: string;
  readonly structure: Structure;
}

/** A structure file format. Text in, text out; files are the caller's business. */
export interface StructureFormat {
  readonly id: string;
  /** File-name endings, lower case, with the dot. */
  readonly extensions: readonly string[];
  /** Whether the text looks like this format; asked when the ending says nothing. */
  recognises(text: string): boolean;
  /**
   * All structures of the text, in order; at least one.
   * @throws BraggscapeError naming the source, the line and the remedy.
   */
  read(text: string, source: Source): readonly NamedStructure[];
  write?(structures: readonly NamedStructure[]): string;
}

/** The content of a pattern file; some formats are text, some are archives or binary. */
export interface FileContent {
  readonly bytes: Uint8Array;
  /** The bytes decoded as UTF-8, a byte-order mark removed. */
  text(): string;
}

/** A powder-pattern file format. */
export interface PatternFormat {
  readonly id: string;
  readonly extensions: readonly string[];
  /** Whether the content looks like this format. Content decides; endings only order the questions. */
  recognises(content: FileContent): boolean;
  /**
   * The pattern of the file. Faults of the scan (text among the numbers, NaN, angles that descend or repeat) are errors,
   * unless `repairs` is given: then what can be mended is, and each repair is added to it as a sentence with its lines.
   * @throws BraggscapeError naming the source, the line and the remedy.
   */
  read(content: FileContent, source: Source, repairs?: string[]): Pattern;
  write?(pattern: Pattern): string;
}
