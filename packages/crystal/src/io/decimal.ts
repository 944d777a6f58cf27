/** A number with at most `digits` decimals, trailing zeros removed, never in exponent form and never `-0`. */
export function decimal(value: number, digits = 10): string {
  const text = value.toFixed(digits).replace(/\.?0+$/, '');
  return text === '-0' ? '0' : text;
}

/** A fractional coordinate in [0, 1) with ten decimals at most; what rounds to 1 is 0. */
export function wrappedDecimal(value: number, digits = 10): string {
  const text = decimal(value - Math.floor(value), digits);
  return text === '1' ? '0' : text;
}
