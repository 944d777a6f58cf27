/** A table as text, the head first; the first columns name the rows. */
export interface TextTable {
  readonly title: string;
  /** What the numbers are. */
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Where there is no number. */
export const noNumber = '–';

/** A number with its interval, `96.2 [94.1–97.7]`; one that is negative somewhere has its ends apart, `-0.53 [-0.92, 0.19]`. */
export function withInterval(value: number, low: number, high: number, digits: number): string {
  const [v, l, h] = [value, low, high].map((number) => withoutNegativeZero(number.toFixed(digits)));
  return low < 0 ? `${v} [${l}, ${h}]` : `${v} [${l}–${h}]`;
}

function withoutNegativeZero(text: string): string {
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text;
}
