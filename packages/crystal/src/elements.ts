import { BraggscapeError, nameHint } from '@braggscape/core';

/** IUPAC symbols in order of atomic number, H to Og. */
const symbols: readonly string[] = (
  'H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr ' +
  'Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu ' +
  'Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr ' +
  'Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og'
).split(' ');

/** Number of elements known: atomic numbers run from 1 to this. */
export const elementCount = symbols.length;

/** The heavy isotopes of hydrogen have symbols of their own. */
const numberOf: ReadonlyMap<string, number> = new Map([
  ...symbols.map((symbol, i): [string, number] => [symbol, i + 1]),
  ['D', 1],
  ['T', 1],
]);

/**
 * Symbol of an element.
 * @param z atomic number, 1 to 118
 * @throws BraggscapeError `element.unknown` for any other number
 */
export function elementSymbol(z: number, path?: string): string {
  const symbol = symbols[z - 1];
  if (symbol !== undefined) return symbol;
  throw new BraggscapeError('element.unknown', `no element has the atomic number ${z}`, {
    hint: `atomic numbers are whole numbers from 1 to ${elementCount}`,
    ...(path === undefined ? {} : { path }),
  });
}

/**
 * Atomic number of an element symbol as species columns and CIF type symbols hold it.
 *
 * The letters must be one whole symbol: upper and lower case are not told apart (`FE` is iron, `CO` is cobalt, for a species
 * is one element). A number, a charge or both may follow (`Fe3+`, `O2-`, `O-2`, `Na+`, `Fe1`), also the valence-state suffix of
 * the International Tables (`Sival`). `D` and `T` count as H. Site labels, where letters may follow, are
 * {@link atomicNumberFromLabel}'s business.
 *
 * @param path where the symbol stands, for the error
 * @throws BraggscapeError `element.unknown` with the nearest symbol as hint
 */
export function atomicNumber(symbol: string, path?: string): number {
  const letters = /^([A-Za-z]{1,2})(?:val)?\d{0,3}(?:[+-]\d{0,2})?$/.exec(symbol.trim())?.[1];
  const found = letters === undefined ? undefined : numberOf.get(asSymbol(letters));
  if (found !== undefined) return found;
  throw unknown(symbol, path);
}

/**
 * Atomic number of a site label such as `O12`, `Fe2A` or `Ow`, for files without a column of type symbols.
 *
 * Two letters are read as a two-letter symbol if the second is lower case (`Co1` is cobalt) or if the first alone is no element
 * (`AL1`); a second lower-case letter that makes no symbol is part of the label (`Ow` is oxygen). With a second capital both
 * readings may be elements (`CO1`, `SI1`): `expected` decides, and an error is thrown if it does not.
 *
 * @param path where the label stands, for the error
 * @param expected atomic numbers that the compound contains, where the file says so
 * @throws BraggscapeError `element.unknown`
 */
export function atomicNumberFromLabel(label: string, path?: string, expected?: ReadonlySet<number>): number {
  const letters = /^[A-Za-z]{1,2}/.exec(label.trim())?.[0];
  if (letters === undefined) throw unknown(label, path);
  const one = numberOf.get(letters[0].toUpperCase());
  const two = letters.length === 2 ? numberOf.get(asSymbol(letters)) : undefined;
  if (one === undefined || two === undefined) {
    const only = two ?? one;
    if (only === undefined) throw unknown(label, path);
    return only;
  }
  if (expected !== undefined && expected.has(one) !== expected.has(two)) return expected.has(two) ? two : one;
  if (/[a-z]/.test(letters[1])) return two;
  throw new BraggscapeError('element.unknown', `the label "${label}" may mean ${elementSymbol(one)} or ${elementSymbol(two)}`, {
    hint: `write the label as ${letters[0]}${letters[1].toLowerCase()} or ${letters[0]}, or add a column of type symbols`,
    ...(path === undefined ? {} : { path }),
  });
}

function asSymbol(letters: string): string {
  return letters[0].toUpperCase() + letters.slice(1).toLowerCase();
}

function unknown(given: string, path: string | undefined): BraggscapeError {
  return new BraggscapeError('element.unknown', `"${given}" is not an element`, {
    hint: symbolHint(given),
    ...(path === undefined ? {} : { path }),
  });
}

/** A hint that names the nearest symbol without printing all of them when none is near. */
function symbolHint(given: string): string {
  const letters = /[A-Za-z]+/.exec(given)?.[0] ?? '';
  const startsAlike = [2, 1].map((n) => asSymbol(letters.slice(0, n) || '?')).find((start) => numberOf.has(start));
  if (startsAlike !== undefined && letters.length > 2) return `did you mean "${startsAlike}"?`;
  const hint = letters === '' ? '' : nameHint(letters.slice(0, 3), symbols);
  return hint.startsWith('did you mean') ? hint : 'an element symbol such as Si, Fe3+ or O2- is needed';
}
