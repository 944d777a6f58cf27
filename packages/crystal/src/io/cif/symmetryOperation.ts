import { BraggscapeError } from '@braggscape/core';

/** A space-group operation on fractional coordinates: x ↦ W·x + w. */
export interface SymmetryOperation {
  /** [3,3] row-major W; whole numbers of determinant ±1. */
  readonly rotation: readonly number[];
  /** [3] w. */
  readonly translation: readonly number[];
}

/** Decimals this near to a multiple of 1/24 mean it: `0.33` is 1/3, `0.6667` is 2/3. */
const fractionTolerance = 0.004;

/**
 * Read an operation in the x,y,z notation, such as `-x+1/2, y, 1/2-z`, `X-Y,X,Z+0.3333` or `x-y, x, z+1/3`.
 * Translations given as decimals are taken as the multiple of 1/24 they stand for, if one is within 0.004.
 *
 * @param path where it stands, for the error
 * @throws BraggscapeError `format.invalid`, or `structure.unsupported` for operations in superspace
 */
export function parseSymmetryOperation(text: string, path?: string): SymmetryOperation {
  const fail = (why: string): BraggscapeError =>
    new BraggscapeError('format.invalid', `the symmetry operation "${text.trim().slice(0, 60)}" ${why}`, {
      hint: 'the form is x,y,z with signs and translations, such as -x+1/2,y,1/2-z',
      ...(path === undefined ? {} : { path }),
    });
  const compact = text.toLowerCase().replace(/["'\s]/g, '');
  if (/x[1-9]/.test(compact)) {
    throw new BraggscapeError('structure.unsupported', `the symmetry operation "${text.trim().slice(0, 60)}" acts in superspace`, {
      hint: 'modulated structures are not supported: give a three-dimensional average structure or approximant',
      ...(path === undefined ? {} : { path }),
    });
  }
  const components = compact.split(',');
  if (components.length !== 3) throw fail(`has ${components.length} components instead of 3`);
  const rotation: number[] = [];
  const translation: number[] = [];
  for (const component of components) {
    const row = parseComponent(component);
    if (row === undefined) throw fail(`has a component "${component.slice(0, 20)}" that makes no sense`);
    rotation.push(row[0], row[1], row[2]);
    translation.push(nearestFraction(row[3]));
  }
  if (Math.abs(determinant(rotation)) !== 1) throw fail('does not keep the volume');
  return { rotation, translation };
}

/** Coefficients of x, y and z and the translation of one component; undefined if it is malformed. */
function parseComponent(component: string): [number, number, number, number] | undefined {
  const out: [number, number, number, number] = [0, 0, 0, 0];
  const term = /([+-]?)(?:(\d*)\*?([xyz])|(\d+(?:\.\d*)?|\.\d+)(?:\/(\d+(?:\.\d*)?))?)/y;
  while (term.lastIndex < component.length) {
    const start = term.lastIndex;
    const parts = term.exec(component);
    if (parts === null) return undefined;
    const [, sign, coefficient, axis, numerator, denominator] = parts;
    if (start > 0 && sign === '') return undefined;
    const direction = sign === '-' ? -1 : 1;
    const magnitude = axis === undefined ? Number(numerator) / Number(denominator ?? 1) : Number(coefficient || 1);
    out[axis === undefined ? 3 : 'xyz'.indexOf(axis)] += direction * magnitude;
  }
  return component.length > 0 && out.every(Number.isFinite) ? out : undefined;
}

/** The multiple of 1/24 meant by a decimal, in [0, 1); other numbers are kept modulo 1. */
function nearestFraction(value: number): number {
  const nearest = Math.round(value * 24);
  const kept = Math.abs(value - nearest / 24) < fractionTolerance ? (((nearest % 24) + 24) % 24) / 24 : value - Math.floor(value);
  return kept >= 1 ? 0 : kept;
}

/** Determinant of a row-major 3×3 array of whole numbers, exact. */
function determinant(m: readonly number[]): number {
  return (
    m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6]) + m[2] * (m[3] * m[7] - m[4] * m[6])
  );
}

/** The x,y,z notation of an operation, translations as fractions with a denominator of at most 24 where they are some. */
export function formatSymmetryOperation(operation: SymmetryOperation): string {
  return [0, 1, 2].map((row) => formatComponent(operation, row)).join(',');
}

function formatComponent(operation: SymmetryOperation, row: number): string {
  let out = '';
  for (let k = 0; k < 3; k++) {
    const coefficient = operation.rotation[3 * row + k];
    if (coefficient === 0) continue;
    const size = Math.abs(coefficient) === 1 ? '' : String(Math.abs(coefficient));
    out += `${coefficient < 0 ? '-' : out === '' ? '' : '+'}${size}${'xyz'[k]}`;
  }
  const shift = nearestFraction(operation.translation[row]);
  return shift === 0 ? out : `${out}+${formatFraction(shift)}`;
}

function formatFraction(value: number): string {
  for (let denominator = 2; denominator <= 24; denominator++) {
    const numerator = Math.round(value * denominator);
    if (Math.abs(value - numerator / denominator) < 1e-9) return `${numerator}/${denominator}`;
  }
  return value.toFixed(10);
}

/** `b` first, then `a`. */
export function composeOperations(a: SymmetryOperation, b: SymmetryOperation): SymmetryOperation {
  const rotation: number[] = [];
  const translation: number[] = [];
  for (let i = 0; i < 3; i++) {
    let shift = a.translation[i];
    for (let k = 0; k < 3; k++) {
      let sum = 0;
      for (let j = 0; j < 3; j++) sum += a.rotation[3 * i + j] * b.rotation[3 * j + k];
      rotation.push(sum);
      shift += a.rotation[3 * i + k] * b.translation[k];
    }
    translation.push(shift - Math.floor(shift));
  }
  return { rotation, translation };
}
