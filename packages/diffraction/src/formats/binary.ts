import type { Source } from '@braggscape/core';
import { formatError } from './errors.js';

/** Little-endian numbers at offsets of a file; a place beyond its end is an error that names it. */
export interface Binary {
  readonly length: number;
  uint32(at: number): number;
  float32(at: number): number;
  float64(at: number): number;
  /** Characters up to the first zero, blanks at the ends left out. */
  text(at: number, length: number): string;
  /** @throws BraggscapeError `format.invalid` if the file ends before */
  need(at: number, length: number, what: string): void;
}

/** Access to the bytes of a binary file. */
export function binary(bytes: Uint8Array, source: Source): Binary {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const need = (at: number, length: number, what: string): void => {
    if (at >= 0 && length >= 0 && at + length <= bytes.length) return;
    throw formatError(source.name, `${what} would end at byte ${at + length}, the file at ${bytes.length}`, 'the file is cut off or damaged: copy it again');
  };
  const checked = (read: (at: number) => number, size: number) => (at: number): number => {
    need(at, size, 'a number');
    return read(at);
  };
  return {
    length: bytes.length,
    need,
    uint32: checked((at) => view.getUint32(at, true), 4),
    float32: checked((at) => view.getFloat32(at, true), 4),
    float64: checked((at) => view.getFloat64(at, true), 8),
    text(at, length) {
      need(at, length, 'a text');
      const field = bytes.subarray(at, at + length);
      const end = field.indexOf(0);
      return String.fromCharCode(...field.subarray(0, end < 0 ? length : end)).trim();
    },
  };
}
