import type { FileContent, PatternFormat, Source } from '@braggscape/core';
import { binary } from './binary.js';
import type { Binary } from './binary.js';
import { excerpt, formatError } from './errors.js';
import { evenAxis } from './numbers.js';
import { tubeRadiation } from './radiation.js';
import { mergeRanges } from './ranges.js';
import type { ScanRange } from './ranges.js';
import { patternOf } from './patternOf.js';

const axisHint = 'a powder pattern needs a coupled scan or a scan of 2θ';
const damageHint = 'the file is damaged, or of a kind that is not known here: export it as .uxd or .xy';

/**
 * Bruker and Siemens binary data, versions RAW1.01 (DIFFRACplus) and RAW4.00 (DIFFRAC.SUITE). The vendor publishes no description; the
 * offsets are facts that public readers describe, such as geddes (https://github.com/jcwang587/geddes).
 */
export const brukerRaw: PatternFormat = {
  id: 'bruker-raw',
  extensions: ['.raw'],
  recognises: (content) => version(content) !== undefined,
  read(content, source, repairs) {
    const found = version(content);
    const file = binary(content.bytes, source);
    if (found === 'RAW1.01') return patternOf(mergeRanges(ranges1(file, source), source, repairs), source, repairs);
    if (found === 'RAW4.00') return patternOf(mergeRanges(ranges4(file, source), source, repairs), source, repairs);
    throw formatError(
      source.name,
      found === undefined ? 'this is no Bruker raw file' : `this is a Bruker raw file of version "${found}"`,
      'RAW1.01 and RAW4.00 are read: convert the file to one of these, or to .uxd or .xy, with the software of the instrument',
    );
  },
};

/** The version that the first bytes name, read here or not. */
function version({ bytes }: FileContent): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 8));
  return /^(RAW\d\.\d\d|RAW2|RAW )/.exec(start)?.[0].trim();
}

/** Scans of version 1.01 in which 2θ moves: locked coupled, unlocked coupled, detector, coupled of high resolution. */
const COUPLED = new Set([0, 1, 2, 20]);

/** Version 1.01: a header of 712 bytes, then ranges of a header, an extra record and the points. */
function ranges1(file: Binary, source: Source): readonly ScanRange[] {
  file.need(0, 712, 'the header');
  const radiation = tubeRadiation(file.float64(624), file.float64(632), file.float64(648));
  const count = file.uint32(12);
  const ranges: ScanRange[] = [];
  let at = 712;
  while (ranges.length < count) {
    const title = `range ${ranges.length + 1}`;
    const header = file.uint32(at);
    file.need(at, Math.max(header, 260), `the header of ${title}`);
    const [points, size, extra] = [file.uint32(at + 4), file.uint32(at + 252), file.uint32(at + 256)];
    const [start, step, type, varying] = [file.float64(at + 16), file.float64(at + 176), file.uint32(at + 196), file.uint32(at + 248)];
    if (!COUPLED.has(type)) throw formatError(source.name, `${title} is a scan of type ${type}`, axisHint);
    // Each value recorded beside the intensity takes 8 bytes; the first is the measured 2θ.
    if (header < 260 || size !== 4 + 8 * bits(varying)) throw formatError(source.name, `the header of ${title} contradicts itself`, damageHint);
    const data = at + header + extra;
    file.need(data, points * size, `the data of ${title}`);
    checkStep(start, step, title, source);
    const place = (i: number): number => data + i * size;
    ranges.push({
      title,
      twoTheta: varying & 1 ? Array.from({ length: points }, (_, i) => file.float64(place(i) + 4)) : evenAxis(start, step, points),
      intensity: Array.from({ length: points }, (_, i) => file.float32(place(i))),
      ...secondsOf(file.float32(at + 192)),
      ...radiation,
    });
    at = data + points * size;
  }
  return ranges;
}

/** Version 4.00: from byte 61 records of kind and length; kinds 0 and 160 are ranges. */
function ranges4(file: Binary, source: Source): readonly ScanRange[] {
  file.need(0, 61, 'the header');
  let radiation: ReturnType<typeof tubeRadiation> = {};
  const ranges: ScanRange[] = [];
  for (let at = 61; at + 4 <= file.length; ) {
    const kind = file.uint32(at);
    if (kind === 0 || kind === 160) {
      const { range, end } = range4(file, at, `range ${ranges.length + 1}`, source);
      ranges.push({ ...range, ...radiation });
      at = end;
    } else {
      const length = recordLength(file, at, file.length, source);
      if (kind === 30 && length >= 112) radiation = tubeRadiation(file.float64(at + 80), file.float64(at + 88), file.float64(at + 104));
      at += length;
    }
  }
  return ranges;
}

function range4(file: Binary, at: number, title: string, source: Source): { range: ScanRange; end: number } {
  file.need(at, 160, `the header of ${title}`);
  const [start, step, points] = [file.float64(at + 72), file.float64(at + 80), file.uint32(at + 88)];
  const [size, drives] = [file.uint32(at + 136), file.uint32(at + 140)];
  if (size < 4 || size % 4 !== 0) throw formatError(source.name, `${title} states ${size} bytes for a point`, damageHint);
  const data = at + 160 + drives;
  file.need(data, points * size, `the data of ${title}`);
  checkStep(start, step, title, source);
  const type = file.text(at + 32, 24);
  const moved = movedDrives(file, at + 160, data, start, source);
  const named = (name: string): string => name.toLowerCase().replace(/[\s_-]/g, '');
  const isTwoTheta = moved.length === 1 ? /^(2|two)theta$/.test(named(moved[0])) : /coupled|detectorscan/.test(named(type));
  if (!isTwoTheta) throw formatError(source.name, `${title} is a "${excerpt(type)}" scan${moved.length === 1 ? ` of "${excerpt(moved[0])}"` : ''}`, axisHint);
  return {
    range: {
      title,
      twoTheta: evenAxis(start, step, points),
      // Some files have more in the record of a point; the intensity comes first.
      intensity: Array.from({ length: points }, (_, i) => file.float32(data + i * size)),
      ...secondsOf(file.float32(at + 92) / 1000),
    },
    end: data + points * size,
  };
}

/** Names of the drives that are flagged as moved and begin where the range does: two statements, as neither is sure alone. */
function movedDrives(file: Binary, from: number, to: number, start: number, source: Source): readonly string[] {
  const names: string[] = [];
  for (let at = from; at < to; ) {
    const length = recordLength(file, at, to, source);
    if (file.uint32(at) === 50 && length >= 64) {
      const near = Math.abs(file.float64(at + 56) - start) <= 1e-6 + 1e-5 * Math.abs(start);
      if (file.uint32(at + 8) !== 0 && near) names.push(file.text(at + 12, 24));
    }
    at += length;
  }
  return names;
}

function recordLength(file: Binary, at: number, end: number, source: Source): number {
  const length = file.uint32(at + 4);
  if (length < 8 || at + length > end) throw formatError(source.name, `a record at byte ${at} states a length of ${length}`, damageHint);
  return length;
}

function checkStep(start: number, step: number, title: string, source: Source): void {
  if (Number.isFinite(start) && Number.isFinite(step) && Math.abs(step) > 1e-9 && Math.abs(step) < 180) return;
  throw formatError(source.name, `${title} begins at ${start} with a step of ${step}`, damageHint);
}

function secondsOf(value: number): { seconds?: number } {
  return value > 0 && value < 1e6 ? { seconds: value } : {};
}

function bits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}
