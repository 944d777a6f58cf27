import { BraggscapeError } from '@braggscape/core';
import type { PropertySchema } from '@braggscape/core';
import { atomicNumber } from '@braggscape/crystal';

/** Parameters of a pair of elements, as a configuration gives them. */
export type PairParameters<Key extends string> = { readonly elements: readonly [string, string] } & Readonly<Record<Key, number>>;

/** Schema of a list of {@link PairParameters}. */
export function pairListSchema(parameters: Readonly<Record<string, PropertySchema>>): PropertySchema & { readonly description: string } {
  return {
    description: 'Parameters of pairs of elements, such as { elements: [Na, Cl], … }.',
    type: 'array',
    items: {
      type: 'object',
      properties: { elements: { type: 'array', items: { type: 'string' }, minItems: 2, maxItems: 2 }, ...parameters },
      required: ['elements', ...Object.keys(parameters)],
      additionalProperties: false,
    },
    default: [],
  };
}

/**
 * Look-up of pair parameters by atomic numbers.
 * @throws BraggscapeError `element.unknown` for a symbol that is none
 */
export function pairTable<Key extends string>(pairs: readonly PairParameters<Key>[]): (a: number, b: number) => PairParameters<Key> | undefined {
  const table = new Map<number, PairParameters<Key>>();
  const keyOf = (a: number, b: number): number => 128 * Math.min(a, b) + Math.max(a, b);
  for (const parameters of pairs) {
    const [a, b] = parameters.elements.map((symbol) => atomicNumber(symbol));
    if (table.has(keyOf(a, b))) throw new BraggscapeError('option.invalid', `the pair ${parameters.elements.join('–')} is listed twice`, { path: 'pairs' });
    table.set(keyOf(a, b), parameters);
  }
  return (a, b) => table.get(keyOf(a, b));
}
