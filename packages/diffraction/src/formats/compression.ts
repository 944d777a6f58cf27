import { Gunzip, unzipSync } from 'fflate';
import type { UnzipFileInfo } from 'fflate';
import type { FileContent, Source } from '@braggscape/core';
import { excerpt, formatError } from './errors.js';

/** Bytes that a file may unpack to; a measured scan has some millions, what exceeds this is damaged or meant to harm. */
const MOST_BYTES = 2 ** 28;
const damagedHint = 'the file is damaged or cut off: copy it again';

/** Content from bytes. */
export function contentOf(bytes: Uint8Array): FileContent {
  let decoded: string | undefined;
  return { bytes, text: () => (decoded ??= new TextDecoder('utf-8').decode(bytes)) };
}

/**
 * The content of a gzip file, and text of two bytes for a letter (UTF-16, marked as such) as UTF-8; any other content as it is.
 * @param mostBytes what it may unpack to
 * @throws BraggscapeError `format.invalid` if it is damaged, cut off, or unpacks to more than that
 */
export function decompressed(content: FileContent, source: Source, mostBytes: number = MOST_BYTES): FileContent {
  const { bytes } = content;
  if (bytes.length < 3 || bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 8) return asUtf8(content);
  const chunks: Uint8Array[] = [];
  let size = 0;
  let further = 0;
  try {
    const stream = new Gunzip((chunk) => {
      size += chunk.length;
      if (size > mostBytes) throw formatError(source.name, `the file unpacks to more than ${mostBytes} bytes`, 'unpack it yourself if it is sound');
      chunks.push(chunk.slice());
    });
    stream.onmember = () => further++;
    // In pieces, so that a file that unpacks to far too much is noticed on the way.
    for (let at = 0; at < bytes.length; at += 65536) stream.push(bytes.subarray(at, at + 65536), at + 65536 >= bytes.length);
  } catch (cause) {
    if ((cause as Error).name === 'BraggscapeError') throw cause;
    throw formatError(source.name, `the file cannot be unpacked: ${(cause as Error).message}`, damagedHint, cause);
  }
  const plain = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    plain.set(chunk, at);
    at += chunk.length;
  }
  // The last eight bytes state the checksum and the length of the last member, which mostly is the only one.
  const trailer = new DataView(bytes.buffer, bytes.byteOffset + Math.max(0, bytes.length - 8));
  const sound = bytes.length >= 18 && (further > 0 || (trailer.getUint32(4, true) === size && trailer.getUint32(0, true) === checksum(plain)));
  if (!sound) throw formatError(source.name, 'the unpacked file has not the length and the checksum that it states', damagedHint);
  return asUtf8(contentOf(plain));
}

function asUtf8(content: FileContent): FileContent {
  const [first, second] = content.bytes;
  const encoding = first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
  return encoding === undefined ? content : contentOf(new TextEncoder().encode(new TextDecoder(encoding).decode(content.bytes)));
}

/** CRC-32 as of ISO 3309 and RFC 1952. */
function checksum(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ CRC_TABLE[(crc ^ bytes[i]) & 255];
  return (crc ^ 0xffffffff) >>> 0;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** Names of the files in a zip archive; none if it is no archive. */
export function archiveNames({ bytes }: FileContent): readonly string[] {
  if (!isZip(bytes)) return [];
  const names: string[] = [];
  try {
    unzipSync(bytes, { filter: ({ name }) => (names.push(name), false) });
  } catch {
    return [];
  }
  return names;
}

/** Whether the bytes begin as a zip archive does. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/**
 * The files of a zip archive that are wanted, by name.
 * @throws BraggscapeError `format.invalid` if it is damaged or unpacks to more than 256 MiB
 */
export function unzipped({ bytes }: FileContent, source: Source, wanted: (name: string) => boolean): ReadonlyMap<string, Uint8Array> {
  let size = 0;
  const filter = ({ name, originalSize }: UnzipFileInfo): boolean => {
    if (!wanted(name)) return false;
    size += originalSize;
    if (size > MOST_BYTES) throw formatError(source.name, `"${excerpt(name)}" unpacks to more than 256 MiB`, damagedHint);
    return true;
  };
  try {
    return new Map(Object.entries(unzipSync(bytes, { filter })));
  } catch (cause) {
    if ((cause as Error).name === 'BraggscapeError') throw cause;
    throw formatError(source.name, `the archive cannot be unpacked: ${(cause as Error).message}`, damagedHint, cause);
  }
}
