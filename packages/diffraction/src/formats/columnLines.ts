/** Lines that carry no data: blank ones, and those that begin with a usual comment sign. */
const COMMENT = /^\s*($|[#!;'"/%*])/;

/** A line of quoted fields, as spreadsheets write them; the quote is no comment sign then. */
const QUOTED = /^\s*"[^"]*"\s*[,;\t]/;

/** Whether a line is blank or a comment. */
export function isComment(line: string): boolean {
  return COMMENT.test(line) && !QUOTED.test(line);
}

/** The fields of a line, between blanks, tabs, commas or semicolons in any mixture, without quotes around them. */
export function fieldsOf(line: string): string[] {
  return (QUOTED.test(line) ? line.replaceAll('"', ' ') : line).trim().split(/[\s,;]+/).filter((field) => field !== '');
}

/**
 * Whether a line that something else separates has commas inside its numbers: `10,02;123` or `10,02 123`. A comma alone, or one that a
 * blank follows, separates; commas are never guessed to be decimal.
 */
export function decimalComma(line: string): boolean {
  if (QUOTED.test(line) && /"\s*[+-]?\d+,\d+\s*"/.test(line)) return true;
  const separator = [/;/, /\t/, / /].find((candidate) => candidate.test(line.trim()));
  if (separator === undefined) return false;
  const fields = line.trim().split(separator).map((field) => field.trim()).filter((field) => field !== '');
  const decimal = (field: string): boolean => /^[+-]?\d+,\d+([eE][+-]?\d+)?$/.test(field);
  const whole = (field: string): boolean => /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(field);
  return fields.length >= 2 && fields.some(decimal) && fields.every((field) => decimal(field) || whole(field));
}

/** Which column holds what. */
export interface ColumnRoles {
  readonly twoTheta: number;
  readonly intensity: number;
  readonly sigma?: number;
}

const ANGLE = /^(["']?)(2\s*[-_]?\s*(theta|θ|th)|two[-_ ]?theta|tth|angle|position|pos\b)/i;
const INTENSITY = /^(["']?)(int|i\b|iobs|i_?obs|y_?obs|obs|counts?|cps|psd|det|yobs)/i;
const SIGMA = /^(["']?)(sig|σ|esd|e\.s\.d|err|unc|s\.?u\b|std|d?sigma)/i;

/**
 * Roles by the names above the columns, where these name the angle and the intensity; else the usual order.
 * @returns undefined if there are neither names nor two or three columns
 */
export function columnRoles(names: readonly string[] | undefined, width: number): ColumnRoles | undefined {
  if (names?.length === width) {
    const [twoTheta, intensity, sigma] = [ANGLE, INTENSITY, SIGMA].map((name) => names.findIndex((field) => name.test(field)));
    if (twoTheta >= 0 && intensity >= 0) return { twoTheta, intensity, ...(sigma >= 0 ? { sigma } : {}) };
  }
  if (width === 2) return { twoTheta: 0, intensity: 1 };
  return width === 3 ? { twoTheta: 0, intensity: 1, sigma: 2 } : undefined;
}
