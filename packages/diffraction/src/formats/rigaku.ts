import { excerpt, formatError, patternError, repairHint } from './errors.js';
import type { Source } from '@braggscape/core';
import { isNumber, numberOf, statedNumber } from './numbers.js';
import { tubeRadiation } from './radiation.js';
import type { ScanRange } from './ranges.js';
import type { Circumstances } from './scan.js';

/** The rows of a Rigaku profile with their lines. */
export interface RigakuRows {
  readonly rows: readonly (readonly number[])[];
  readonly lines: readonly number[];
}

/** Add a line of numbers to the rows; with repairs, one that is none is dropped. */
export function readRow(line: string, number: number, into: { rows: number[][]; lines: number[] }, source: Source, repairs?: string[]): void {
  const fields = line.trim().split(/[\s,]+/);
  const wrong = fields.find((field) => !isNumber(field)) ?? (fields.length < 2 ? fields[0] : undefined);
  if (wrong === undefined) {
    into.rows.push(fields.map(numberOf));
    into.lines.push(number);
  } else if (repairs === undefined) {
    throw patternError(`${source.name}:${number}`, `"${excerpt(line)}" is no row of angle, intensity and attenuation`, `mend the line, ${repairHint}`);
  } else repairs.push(`dropped what is no row of numbers (line ${number})`);
}

/**
 * A scan from rows of angle, detected intensity and attenuator correction. The intensity is the product of the last two, and where the
 * attenuator was used on counts, σ is √counts times the correction.
 */
export function rigakuScan({ rows, lines }: RigakuRows, rate: boolean, title: string, radiation: Circumstances): ScanRange {
  const factor = (row: readonly number[]): number => row[2] ?? 1;
  const attenuated = rows.some((row) => factor(row) !== 1);
  return {
    title,
    twoTheta: rows.map(([angle]) => angle),
    intensity: rows.map((row) => row[1] * factor(row)),
    ...(attenuated && !rate ? { sigma: rows.map((row) => Math.sqrt(Math.max(row[1], 1)) * factor(row)) } : {}),
    lines,
    listed: true,
    ...radiation,
  };
}

/** The radiation of a tube with both wavelengths; `type` is `Ka`, or `Ka1` behind a monochromator that removes Kα₂. */
export function rigakuRadiation(alpha1: string | undefined, alpha2: string | undefined, type: string | undefined): Circumstances {
  const alone = /^["']?K(a|alpha|α)1/i.test(type?.trim() ?? '');
  return tubeRadiation(statedNumber(alpha1), alone ? undefined : statedNumber(alpha2));
}

/**
 * Refuse scans of other axes. Names are free text in the language of the instrument, so only those known to be others are refused.
 * @throws BraggscapeError `format.invalid`
 */
export function checkRigakuAxis(axis: string, at: string): void {
  if (/2|two/i.test(axis) || !/^(theta|omega|chi|phi|psi|alpha|beta|x|y|z|rx|ry|time|temperature)\b/i.test(axis.trim())) return;
  throw formatError(at, `the scan is of "${excerpt(axis)}"`, 'a powder pattern needs a scan of 2θ');
}
