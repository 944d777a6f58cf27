/** What went wrong, as a stable word that programs can branch on. */
export type ErrorCode =
  | 'file.missing'
  | 'file.unreadable'
  | 'file.empty'
  | 'file.unwritable'
  | 'format.unknown'
  | 'format.invalid'
  | 'element.unknown'
  | 'cell.impossible'
  | 'structure.invalid'
  | 'structure.unsupported'
  | 'pattern.invalid'
  | 'instrument.impossible'
  | 'wavelength.missing'
  | 'potential.invalid'
  | 'backend.unavailable'
  | 'option.invalid'
  | 'config.invalid'
  | 'plugin.notFound'
  | 'plugin.invalid'
  | 'plugin.incompatible'
  | 'plugin.duplicate'
  | 'plugin.unknownId'
  | 'checkpoint.mismatch'
  | 'queue.unreachable'
  | 'comparison.disjoint'
  | 'symmetry.failed'
  | 'platform.unsupported';

/**
 * The one error type for anything a user can mend. The message says what is wrong and echoes the value,
 * the hint says what to do, the path says where (a file with its line, or a configuration key).
 */
export class BraggscapeError extends Error {
  readonly code: ErrorCode;
  /** What to do about it. */
  readonly hint: string | undefined;
  /** Where: `file.cif:12` or `optimizer.learningRate`. */
  readonly path: string | undefined;

  constructor(code: ErrorCode, message: string, more: { hint?: string; path?: string; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'BraggscapeError';
    this.code = code;
    this.hint = more.hint;
    this.path = more.path;
  }

  /** The whole story in one line: where, what, remedy. */
  get report(): string {
    const where = this.path === undefined ? '' : `${this.path}: `;
    const remedy = this.hint === undefined ? '' : ` (${this.hint})`;
    return `${where}${this.message}${remedy}`;
  }
}

/** Whether `value` is a {@link BraggscapeError}, also one from another copy of this package. */
export function isBraggscapeError(value: unknown): value is BraggscapeError {
  return value instanceof Error && value.name === 'BraggscapeError' && 'code' in value;
}

/** The same error said of another place, such as the file that a configuration came from; the first one is its cause. */
export function relocated(error: BraggscapeError, path: string): BraggscapeError {
  return new BraggscapeError(error.code, error.message, { path, cause: error, ...(error.hint === undefined ? {} : { hint: error.hint }) });
}
