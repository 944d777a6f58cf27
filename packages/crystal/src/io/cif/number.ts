import type { Source } from '@braggscape/core';
import { errorAt, excerpt } from '../textError.js';
import type { CifValue } from './document.js';

/** A number as CIFs write it. */
export interface CifNumber {
  readonly value: number;
  /** Standard uncertainty, where brackets give one. */
  readonly uncertainty?: number;
  /** Value of one unit of the last digit written: 0.001 for `5.431`. */
  readonly resolution: number;
}

const pattern = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)(?:\((\d*(?:\.\d*)?)\))?(?:[eEdD]([+-]?\d+))?(?:\((\d*)\))?$/;

/**
 * Read a number such as `5.431(2)`, `-.5`, `1.2(10)E-3` or `3E4(1)`: brackets hold the uncertainty in units of the last digit,
 * or, with a point of their own, as it is.
 * @returns undefined if it is no finite number
 */
export function cifNumber(text: string): CifNumber | undefined {
  const parts = pattern.exec(text.trim());
  if (parts === null) return undefined;
  const [, sign, mantissa, brackets, exponent = '0', late] = parts;
  const value = Number(`${sign}${mantissa}e${exponent}`);
  if (!Number.isFinite(value)) return undefined;
  const point = mantissa.indexOf('.');
  const decimals = point < 0 ? 0 : mantissa.length - point - 1;
  const resolution = Number(`1e${Number(exponent) - decimals}`);
  const digits = brackets || late;
  if (digits === undefined || digits === '' || digits === '.') return { value, resolution };
  const uncertainty = digits.includes('.') ? Number(digits) * Number(`1e${exponent}`) : Number(digits) * resolution;
  return { value, uncertainty, resolution };
}

/**
 * The number of a value, required.
 * @param what name of the quantity, for the error
 * @throws BraggscapeError `format.invalid` with the line
 */
export function requiredNumber(value: CifValue, what: string, source: Source): CifNumber {
  const number = cifNumber(value.text);
  if (number !== undefined) return number;
  throw errorAt(source, value.line, `${what} is "${excerpt(value.text)}"`, 'a number such as 5.431 or 5.431(2) is needed');
}
