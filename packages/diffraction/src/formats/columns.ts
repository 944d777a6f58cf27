import type { FileContent, Pattern, PatternFormat, Source } from '@braggscape/core';
import { columnRoles, decimalComma, fieldsOf, isComment } from './columnLines.js';
import { writeColumns } from './columnsOut.js';
import { headOf } from './columnsHead.js';
import { enumeratePlaces, excerpt, patternError, repairHint } from './errors.js';
import { isNumber, numberOf } from './numbers.js';
import { patternOf } from './patternOf.js';

const columnsHint = 'two or three columns of numbers are expected: 2θ, intensity, uncertainty';

/** Lines by which other formats of text are known, all of which hold columns of numbers too. */
const OTHER_FORMAT = /^(BANK\s+\d|\*RAS_|\*DSC_|_FILEVERSION|data_\S|loop_|_pd_)/im;

const recognises = ({ bytes, text }: FileContent): boolean => {
  // Binary data hold zeros, text does not.
  if (bytes.subarray(0, 4096).includes(0)) return false;
  const start = text().slice(0, 65536);
  if (OTHER_FORMAT.test(start)) return false;
  const lines = dataLines(start).lines;
  const width = lines[0]?.fields.length ?? 0;
  const sound = ({ fields }: DataLine): boolean => fields.length === width && fields.every(isNumber);
  return lines.length >= 3 && width >= 2 && width <= 12 && lines.slice(0, 20).every(sound);
};

/**
 * Columns of numbers as text: 2θ, intensity and perhaps the standard uncertainty, between blanks, tabs, commas or semicolons. What
 * stands above the first line of numbers is a head: a table's names say which column is which, and a wavelength is read.
 */
export const xy: PatternFormat = {
  id: 'xy',
  extensions: ['.xy', '.csv', '.dat', '.txt', '.asc'],
  recognises,
  read: ({ text }, source, repairs) => readColumns(text(), source, repairs),
  write: (pattern) => writeColumns(pattern, pattern.sigma),
};

/** The same with uncertainties always written: where a pattern has none, σ² = max(intensity, 1), and the head of the file says so. */
export const xye: PatternFormat = {
  id: 'xye',
  extensions: ['.xye'],
  recognises,
  read: ({ text }, source, repairs) => readColumns(text(), source, repairs),
  write: (pattern) => {
    const assumed = pattern.sigma === undefined;
    const sigma = pattern.sigma ?? pattern.intensity.map((intensity) => Math.sqrt(Math.max(intensity, 1)));
    return (assumed ? '# sigma is assumed: sigma^2 = max(intensity, 1)\n' : '') + writeColumns(pattern, sigma);
  },
};

interface DataLine {
  /** 1-based. */
  readonly number: number;
  readonly text: string;
  readonly fields: readonly string[];
}

/** The lines from the first one of at least two numbers on, comments left out, and the lines above it. */
function dataLines(text: string): { lines: DataLine[]; head: DataLine[]; body: number } {
  const all: DataLine[] = [];
  text.split(/\r\n|\r|\n/).forEach((line, i) => {
    if (!isComment(line)) all.push({ number: i + 1, text: line, fields: fieldsOf(line) });
  });
  let begin = all.findIndex(({ fields, text: line }) => (fields.length >= 2 && fields.every(isNumber)) || decimalComma(line));
  // A line that begins with a number right above is a line of the scan with a fault in it, not a head.
  while (begin > 0 && all[begin - 1].fields.length === all[begin].fields.length && isNumber(all[begin - 1].fields[0])) begin--;
  if (begin < 0) return { lines: [], head: all, body: all[0]?.number ?? 1 };
  return { lines: all.slice(begin), head: all.slice(0, begin), body: all[begin].number };
}

function readColumns(text: string, source: Source, repairs?: string[]): Pattern {
  const { lines, head, body } = dataLines(text);
  if (lines.length === 0) {
    if (head.length > 0) throw patternError(`${source.name}:${head[0].number}`, `the line has ${head[0].fields.length} columns`, columnsHint);
    throw patternError(source.name, 'the file has no data lines', columnsHint);
  }
  const comma = lines.find(({ text: line }) => decimalComma(line));
  if (comma !== undefined) {
    throw patternError(`${source.name}:${comma.number}`, `"${excerpt(comma.text)}" has decimal commas`, 'write decimal points: 10.02 for 10,02');
  }
  const width = (lines.find(({ fields }) => fields.every(isNumber)) ?? lines[0]).fields.length;
  const roles = columnRoles(head.at(-1)?.fields, width);
  if (roles === undefined) throw patternError(`${source.name}:${lines[0].number}`, `the line has ${width} columns`, columnsHint);
  const sound = repairs === undefined ? lines : withoutText(lines, width, repairs);
  for (const { fields, number } of sound) {
    const wrong = fields.find((field) => !isNumber(field));
    if (wrong !== undefined) {
      throw patternError(`${source.name}:${number}`, `"${excerpt(wrong)}" is not a number`, `mend the line, or begin it with # if it is a comment, ${repairHint}`);
    }
    if (fields.length !== width) {
      throw patternError(`${source.name}:${number}`, `the line has ${fields.length} columns, those before have ${width}`, `the file may be cut off: mend it, ${repairHint}`);
    }
  }
  const column = (at: number): Float64Array => Float64Array.from(sound, ({ fields }) => numberOf(fields[at]));
  const above = text.split(/\r\n|\r|\n/, body).slice(0, Math.min(body, 1000));
  const scan = {
    twoTheta: column(roles.twoTheta),
    intensity: column(roles.intensity),
    ...(roles.sigma === undefined ? {} : { sigma: column(roles.sigma) }),
    ...headOf(above),
    lines: sound.map(({ number }) => number),
    listed: true,
  };
  return patternOf(scan, source, repairs);
}

/** The lines that hold as many numbers as the first. */
function withoutText(lines: readonly DataLine[], width: number, repairs: string[]): readonly DataLine[] {
  const sound = (line: DataLine): boolean => line.fields.length === width && line.fields.every(isNumber);
  const dropped = lines.filter((line) => !sound(line)).map(({ number }) => number);
  if (dropped.length > 0) repairs.push(`dropped what is not ${width} numbers (${enumeratePlaces('line', dropped)})`);
  return lines.filter(sound);
}
