import { BraggscapeError } from '@braggscape/core';
import type { FileContent, Pattern, PatternFormat, Source } from '@braggscape/core';
import { checkPattern } from './checkPattern.js';

/** Lines that carry no data: blank ones, and those that begin with a usual comment sign. */
const COMMENT = /^\s*($|[#!;'"/%*])/;
/** What separates columns. A comma separates only; a decimal comma is not guessed at. */
const SEPARATOR = /[\s,;]+/;

const recognises = ({ text }: FileContent): boolean => {
  const lines = dataLines(text());
  return lines.length >= 3 && lines.slice(1, 20).every(({ fields }) => fields.length >= 2 && fields.length <= 4 && fields.every(isNumber));
};

/** Columns of numbers as text: 2θ, intensity and perhaps the standard uncertainty. One line of column names may stand on top. */
export const xy: PatternFormat = {
  id: 'xy',
  extensions: ['.xy', '.csv', '.dat', '.txt', '.asc'],
  recognises,
  read: ({ text }, source) => readColumns(text(), source),
  write: (pattern) => writeColumns(pattern, pattern.sigma),
};

/** The same with uncertainties always written: where a pattern has none, σ² = max(intensity, 1), and the head of the file says so. */
export const xye: PatternFormat = {
  id: 'xye',
  extensions: ['.xye'],
  recognises,
  read: ({ text }, source) => readColumns(text(), source),
  write: (pattern) => {
    const assumed = pattern.sigma === undefined;
    const sigma = pattern.sigma ?? pattern.intensity.map((intensity) => Math.sqrt(Math.max(intensity, 1)));
    return (assumed ? '# sigma is assumed: sigma^2 = max(intensity, 1)\n' : '') + writeColumns(pattern, sigma);
  },
};

interface DataLine {
  readonly number: number;
  readonly fields: readonly string[];
}

function dataLines(text: string): DataLine[] {
  const out: DataLine[] = [];
  text.split(/\r\n|\r|\n/).forEach((line, i) => {
    if (!COMMENT.test(line)) out.push({ number: i + 1, fields: line.trim().split(SEPARATOR).filter((field) => field !== '') });
  });
  return out;
}

function isNumber(field: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(field) || /^[+-]?(nan|inf(inity)?)$/i.test(field);
}

function readColumns(text: string, source: Source): Pattern {
  let lines = dataLines(text);
  // One line of words on top is the head of a table.
  if (lines.length > 0 && !lines[0].fields.some(isNumber)) lines = lines.slice(1);
  if (lines.length === 0) {
    throw new BraggscapeError('pattern.invalid', 'the file has no data lines', { path: source.name, hint: 'two or three columns of numbers are expected: 2θ, intensity, uncertainty' });
  }
  const width = lines[0].fields.length;
  const at = (i: number): string => `${source.name}:${lines[Math.min(i, lines.length - 1)].number}`;
  if (width < 2 || width > 3) {
    throw new BraggscapeError('pattern.invalid', `the line has ${width} columns`, { path: at(0), hint: 'two or three columns of numbers are expected: 2θ, intensity, uncertainty' });
  }
  const values = [0, 1, 2].map(() => new Float64Array(lines.length));
  lines.forEach(({ fields }, i) => {
    const wrong = fields.find((field) => !isNumber(field));
    if (wrong !== undefined) throw new BraggscapeError('pattern.invalid', `"${wrong}" is not a number`, { path: at(i), hint: 'mend the line, or begin it with # if it is a comment' });
    if (fields.length !== width) {
      throw new BraggscapeError('pattern.invalid', `the line has ${fields.length} columns, those before have ${width}`, { path: at(i), hint: 'the file may be cut off' });
    }
    // Number() knows no "nan" or "inf" in lower case; both are faults that checkPattern names.
    fields.forEach((field, column) => (values[column][i] = Number(field)));
  });
  const wavelength = statedWavelength(text);
  const pattern: Pattern = {
    twoTheta: values[0],
    intensity: values[1],
    ...(width === 3 ? { sigma: values[2] } : {}),
    ...(wavelength === undefined ? {} : { wavelength }),
  };
  checkPattern(pattern, at);
  return pattern;
}

/** The wavelength this program writes into the head of its own files. */
function statedWavelength(text: string): number | undefined {
  const found = /^[#!;'] *wavelength *[:=] *([\d.]+)/im.exec(text.slice(0, 4000));
  return found === null ? undefined : Number(found[1]);
}

function writeColumns({ twoTheta, intensity, wavelength }: Pattern, sigma: Float64Array | undefined): string {
  const head = `# twoTheta (degrees)  intensity${sigma === undefined ? '' : '  sigma'}${wavelength === undefined ? '' : `\n# wavelength: ${wavelength} (angstrom)`}`;
  const lines = Array.from(
    twoTheta,
    (angle, i) => `${Number(angle.toPrecision(12))} ${intensity[i]}${sigma === undefined ? '' : ` ${sigma[i]}`}`,
  );
  return `${head}\n${lines.join('\n')}\n`;
}
