import type { PatternFormat, Source } from '@braggscape/core';
import { excerpt, formatError, patternError } from './errors.js';
import { evenAxis, isNumber, numberOf } from './numbers.js';
import { mergeRanges } from './ranges.js';
import type { ScanRange } from './ranges.js';
import { patternOf } from './patternOf.js';

/** A bank: its line, and the lines of its data. */
interface Bank {
  readonly title: string;
  readonly line: number;
  /** `BANK number channels records CONS start step ...` */
  readonly words: readonly string[];
  readonly data: readonly { readonly text: string; readonly line: number }[];
}

const BANK = /^BANK\s+\d+\s+\d+/im;

/**
 * GSAS powder data of constant wavelength (`CONS`), with data as STD, ESD, ALT, FXY or FXYE. Angles are in centidegrees.
 * Source: A. C. Larson & R. B. Von Dreele, GSAS manual, Los Alamos report LAUR 86-748 (2004), "Powder histogram data format".
 */
export const gsas: PatternFormat = {
  id: 'gsas',
  extensions: ['.gsas', '.gsa', '.gss', '.fxye', '.gda', '.xra'],
  recognises: ({ bytes, text }) => !bytes.subarray(0, 4096).includes(0) && BANK.test(text().slice(0, 65536)),
  read({ text }, source, repairs) {
    const banks = readBanks(text());
    if (banks.length === 0) throw formatError(source.name, 'the file has no BANK line', 'GSAS data follow a line such as BANK 1 5501 551 CONS 1000.0 2.0 0 0 STD');
    return patternOf(mergeRanges(banks.map((bank) => readBank(bank, source)), source, repairs), source, repairs);
  },
};

function readBanks(text: string): readonly Bank[] {
  const banks: (Bank & { data: { text: string; line: number }[] })[] = [];
  text.split(/\r\n|\r|\n/).forEach((line, i) => {
    if (/^BANK\s/i.test(line)) banks.push({ title: line.split(/\s+/, 2).join(' '), line: i + 1, words: line.trim().split(/\s+/), data: [] });
    // Old files end with the end-of-file sign of MS-DOS.
    else if (!/^\s*$|^#|^Monitor/i.test(line) && !line.startsWith('\u001a')) banks.at(-1)?.data.push({ text: line, line: i + 1 });
  });
  return banks;
}

function readBank(bank: Bank, source: Source): ScanRange {
  const at = `${source.name}:${bank.line}`;
  const [, , channels, , axis = '', start, step] = bank.words;
  if (axis.toUpperCase() !== 'CONS') {
    const hint = 'constant-wavelength data (CONS) are read; time-of-flight and energy-dispersive data are not';
    throw formatError(at, `the bank's axis is "${excerpt(axis)}"`, hint);
  }
  const count = Number(channels);
  const [first, increment] = [start, step].map((word: string | undefined) => (word !== undefined && isNumber(word) ? numberOf(word) / 100 : Number.NaN));
  if (!(count > 0 && Number.isInteger(count)) || !Number.isFinite(first) || !(increment !== 0 && Number.isFinite(increment))) {
    throw formatError(at, `"${excerpt(bank.words.join(' '))}" states no number of points, start and step`, 'such as BANK 1 5501 551 CONS 1000.0 2.0 0 0 STD');
  }
  const type = bank.words.slice(7).find((word) => /^[a-z]/i.test(word))?.toUpperCase() ?? 'STD';
  const reader = readers[type];
  if (reader === undefined) throw formatError(at, `the data are of type "${excerpt(type)}"`, 'STD, ESD, ALT, FXY and FXYE are read');
  const points = bank.data.flatMap(({ text, line }) => reader(text, `${source.name}:${line}`).map((point) => ({ ...point, line })));
  // The last record may be filled up with zeros.
  const whole = type === 'STD' || type === 'ESD' ? points.slice(0, count) : points;
  if (whole.length !== count) throw patternError(at, `the bank states ${count} points but has ${whole.length}`, 'the file may be cut off: copy it again, or mend the BANK line');
  const axisOf = listedAxis(whole, first, increment, at);
  return {
    title: bank.title,
    twoTheta: axisOf,
    intensity: whole.map(({ intensity }) => intensity),
    ...(whole.every(({ sigma }) => sigma !== undefined) ? { sigma: whole.map(({ sigma }) => sigma ?? 0) } : {}),
    lines: whole.map(({ line }) => line),
    listed: whole[0].angle !== undefined,
  };
}

interface Point {
  /** As listed: centidegrees, or in 1/32 of them. */
  readonly angle?: number;
  readonly intensity: number;
  readonly sigma?: number;
}

/** Degrees. Angles of ALT data are in 1/32 of the unit, as times of flight are, or plain: the start that the bank states tells. */
function listedAxis(points: readonly Point[], start: number, step: number, at: string): ArrayLike<number> {
  if (points[0].angle === undefined) return evenAxis(start, step, points.length);
  const unit = [100, 3200].find((candidate) => Math.abs((points[0].angle ?? 0) / candidate - start) <= Math.max(0.02, 2 * Math.abs(step)));
  if (unit !== undefined) return points.map(({ angle = Number.NaN }) => Number((angle / unit).toPrecision(12)));
  throw patternError(at, `the bank begins at ${start}° but its first point is at ${points[0].angle / 100}°`, 'angles must be in centidegrees, as GSAS has them');
}

/** Readers of one line of data by type. */
const readers: Readonly<Record<string, (line: string, at: string) => readonly Point[]>> = {
  /** 10(I2,F6.0): counters, counts; σ² = counts per counter, as the counts are their mean. */
  STD: (line, at) =>
    pieces(line, [2, 6]).map(([counters, counts]) => {
      const intensity = fixed(counts, at);
      return { intensity, sigma: Math.sqrt(Math.max(intensity, 1) / Math.max(counters.trim() === '' ? 1 : fixed(counters, at), 1)) };
    }),
  /** 5(F8.0,F8.0): intensity, σ. */
  ESD: (line, at) => pieces(line, [8, 8]).map(([intensity, sigma]) => ({ intensity: fixed(intensity, at), sigma: fixed(sigma, at) })),
  /** 4(F8.0,F7.4,F5.4): angle, intensity, σ. */
  ALT: (line, at) =>
    pieces(line, [8, 7, 5]).map(([angle, intensity, sigma]) => ({
      angle: fixed(angle, at),
      intensity: fixed(intensity, at, 4),
      sigma: fixed(sigma, at, 4),
    })),
  FXY: (line, at) => [free(line, 2, at)],
  FXYE: (line, at) => [free(line, 3, at)],
};

/** A line of 80 columns cut into groups of the widths; groups of blanks end it. */
function pieces(line: string, widths: readonly number[]): string[][] {
  const group = widths.reduce((sum, width) => sum + width, 0);
  const out: string[][] = [];
  for (let from = 0; from < line.length && from + group <= 80; from += group) {
    if (line.slice(from, from + group).trim() === '') break;
    let at = from;
    out.push(widths.map((width) => line.slice(at, (at += width))));
  }
  return out;
}

/** A number in a fixed field; without a point, its last `decimals` digits are decimals, as Fortran reads it. */
function fixed(field: string, at: string, decimals = 0): number {
  const text = field.trim();
  if (!isNumber(text)) throw patternError(at, `"${excerpt(field)}" is not a number`, 'the columns of the line may have shifted: fields have fixed widths');
  return decimals === 0 || text.includes('.') ? numberOf(text) : numberOf(text) / 10 ** decimals;
}

function free(line: string, width: number, at: string): Point {
  const fields = line.trim().split(/[\s,]+/);
  const wrong = fields.slice(0, width).find((field) => !isNumber(field));
  if (wrong !== undefined) throw patternError(at, `"${excerpt(wrong)}" is not a number`, 'mend the line');
  if (fields.length < width) throw patternError(at, `the line has ${fields.length} columns`, `${width} are expected: centidegrees, intensity${width === 3 ? ', uncertainty' : ''}`);
  const [angle, intensity, sigma] = fields.map(numberOf);
  return { angle, intensity, ...(width === 3 ? { sigma } : {}) };
}
