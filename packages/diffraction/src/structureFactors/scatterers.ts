import { formFactorParameters } from '../formFactors/formFactor.js';
import type { Structure } from '@braggscape/core';

/**
 * Sites in groups that share form factor and displacement, so that both are computed once per reflection and group.
 * Sites of a group are neighbours in the order of `site`.
 */
export interface Scatterers {
  readonly count: number;
  readonly groups: number;
  /** [count] index of the site in the structure. */
  readonly site: Int32Array;
  /** [groups + 1] where each group begins. */
  readonly start: Int32Array;
  /** [groups] atomic numbers. */
  readonly number: Uint8Array;
  /** [groups] U_iso in Å². */
  readonly uIso: Float64Array;
  /** [groups] form-factor parameters. */
  readonly parameters: readonly (readonly number[])[];
}

/**
 * Group the sites of a structure.
 * @throws BraggscapeError `structure.unsupported` for an element without a form factor
 */
export function groupScatterers({ numbers, uIso }: Structure): Scatterers {
  const count = numbers.length;
  const order = Int32Array.from({ length: count }, (_, i) => i).sort((i, j) => numbers[i] - numbers[j] || uIso[i] - uIso[j] || i - j);
  const start: number[] = [];
  order.forEach((i, at) => {
    const before = order[at - 1];
    if (at === 0 || numbers[i] !== numbers[before] || uIso[i] !== uIso[before]) start.push(at);
  });
  return {
    count,
    groups: start.length,
    site: order,
    start: Int32Array.from([...start, count]),
    number: Uint8Array.from(start, (at) => numbers[order[at]]),
    uIso: Float64Array.from(start, (at) => uIso[order[at]]),
    parameters: start.map((at) => formFactorParameters(numbers[order[at]])),
  };
}
