/** A size that is known when inputs are: a sum of inputs' sizes, as whole multiples, and a number. */
export interface Dimension {
  /** Canonical text, equal for equal sizes. */
  readonly key: string;
  readonly constant: number;
  readonly terms: ReadonlyMap<string, number>;
}

/** A size known now. */
export function fixedDimension(constant: number): Dimension {
  return dimension(constant, new Map());
}

/** A size with a name. */
export function namedDimension(name: string): Dimension {
  return dimension(0, new Map([[name, 1]]));
}

/** Sum of two sizes. */
export function addDimensions(a: Dimension, b: Dimension): Dimension {
  const terms = new Map(a.terms);
  for (const [name, factor] of b.terms) terms.set(name, (terms.get(name) ?? 0) + factor);
  return dimension(a.constant + b.constant, terms);
}

/** The size for given sizes of its names. */
export function dimensionValue({ constant, terms }: Dimension, sizes: ReadonlyMap<string, number>): number {
  let value = constant;
  for (const [name, factor] of terms) value += factor * (sizes.get(name) ?? NaN);
  return value;
}

function dimension(constant: number, terms: ReadonlyMap<string, number>): Dimension {
  const kept = [...terms].filter(([, factor]) => factor !== 0).sort(([a], [b]) => (a < b ? -1 : 1));
  return { key: [constant, ...kept.map(([name, factor]) => `${factor}*${name}`)].join('+'), constant, terms: new Map(kept) };
}
