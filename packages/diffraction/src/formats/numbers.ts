/** Whether a field is a number as programs print it, `nan` and `inf` among them. */
export function isNumber(field: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eEdD][+-]?\d+)?$/.test(field) || /^[+-]?(nan|inf(inity)?)$/i.test(field);
}

/** The value of a field that {@link isNumber}; `nan`, and `inf` in letters that JavaScript does not know, are NaN. */
export function numberOf(field: string): number {
  return Number(field.replace(/[dD]/, 'e'));
}

/** The number that a header states, or undefined where it states none. */
export function statedNumber(text: string | undefined): number | undefined {
  const field = text?.trim().replace(/^["']|["']$/g, '').trim() ?? '';
  return isNumber(field) && Number.isFinite(numberOf(field)) ? numberOf(field) : undefined;
}

/** An even axis from its first value and step, without the rounding that adding up would gather. */
export function evenAxis(start: number, step: number, count: number): Float64Array {
  // Twelve digits: 10 + 3·0.02 is 10.06, as the file would print it.
  return Float64Array.from({ length: count }, (_, i) => Number((start + i * step).toPrecision(12)));
}
