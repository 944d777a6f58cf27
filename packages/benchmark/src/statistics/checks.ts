import { BraggscapeError } from '@braggscape/core';

/**
 * Refuses what is no paired sample: columns of different lengths, fewer rows than are needed, and values that are NaN or infinite.
 *
 * @throws BraggscapeError `option.invalid` that names the column and the row
 */
export function requirePairedRows(x: ArrayLike<number>, y: ArrayLike<number>, least = 0): void {
  requireEqualLengths(x, y, 'x', 'y');
  if (x.length < least) throw new BraggscapeError('option.invalid', `there are ${x.length} rows, and at least ${least} are needed`, { path: 'x', hint: 'give more rows' });
  requireFinite(x, 'x');
  requireFinite(y, 'y');
}

/** Refuses columns of different lengths. */
export function requireEqualLengths(a: ArrayLike<unknown>, b: ArrayLike<unknown>, nameA: string, nameB: string): void {
  if (a.length === b.length) return;
  throw new BraggscapeError('option.invalid', `${nameA} has ${a.length} values and ${nameB} ${b.length}`, { path: nameB, hint: 'give one value of each for every row' });
}

/** Refuses NaN and infinities. */
export function requireFinite(values: ArrayLike<number>, name: string): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    throw new BraggscapeError('option.invalid', `${name}[${i}] is ${values[i]}`, { path: `${name}[${i}]`, hint: 'leave rows without a finite value out' });
  }
}

/** Refuses a level that is not strictly between 0 and 1. */
export function requireLevel(level: number): void {
  if (level > 0 && level < 1) return;
  throw new BraggscapeError('option.invalid', `level is ${level}`, { path: 'level', hint: 'give a number between 0 and 1, such as 0.95' });
}

/** Refuses what is no whole number of at least `least`. */
export function requireCount(value: number, name: string, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new BraggscapeError('option.invalid', `${name} is ${value}`, { path: name, hint: `give a whole number of at least ${least}` });
}
