import type { Combiner, CombinerResult, VectorEvaluation } from '@braggscape/core';
import { tolerances } from './tolerances.js';
import { law } from './violation.js';

/** Two objectives at a point, for the table of combiners. */
export interface CombinerCase {
  readonly name: string;
  readonly values: readonly [number, number];
  readonly gradients: readonly [readonly [number, number], readonly [number, number]];
}

/** The table that every combiner goes through, with weights of one. */
export const combinerCases: readonly CombinerCase[] = [
  { name: 'orthogonal', values: [1, 2], gradients: [[1, 0], [0, 2]] },
  { name: 'aligned', values: [1, 2], gradients: [[1, 2], [2, 4]] },
  { name: 'conflicting', values: [1, 2], gradients: [[1, 0], [-1, 1]] },
  { name: 'opposed', values: [1, 2], gradients: [[1, 2], [-2, -4]] },
  { name: 'zero', values: [1, 2], gradients: [[0, 0], [0, 0]] },
  { name: 'one zero', values: [1, 2], gradients: [[0, 0], [1, 1]] },
];

/** Options of {@link checkCombiner}. */
export interface CombinerCheckOptions {
  /** Ids of the two objectives, for combiners whose options name them; default `first` and `second`. */
  readonly ids?: readonly [string, string];
  /** Known direction of cases, by name. */
  readonly directions?: Readonly<Record<string, readonly [number, number]>>;
}

/**
 * Check a combiner on the table of cases: known directions; a gradient that is the sum of the parts' with the weights it reports; finite numbers wherever the parts are finite, and none where one is not; no gradient where a part has
 * none; equal results for equal input, also through a cloned state; arguments unchanged.
 * @throws LawViolation
 */
export function checkCombiner<State>(combiner: Combiner<State>, { ids = ['first', 'second'], directions = {} }: CombinerCheckOptions = {}): void {
  const { id } = combiner;
  const inputs = ids.map((name) => ({ id: name, unit: '1', weight: 1 }));
  const unknown = Object.keys(directions).find((name) => combinerCases.every((known) => known.name !== name));
  law(unknown === undefined, () => `a direction is stated for "${unknown}", which is no case of the table`);
  for (const { name, values, gradients } of combinerCases) {
    const parts = values.map((value, i): VectorEvaluation => ({ value, gradient: Float64Array.from(gradients[i]) }));
    const state = combiner.init(inputs);
    const found = combiner.combine(parts, state);
    checkResult(`${id}, ${name}`, found, parts);
    const { gradient = new Float64Array(0) } = found;
    directions[name]?.forEach((wanted, k) => law(Math.abs(gradient[k] - wanted) <= 1e-9, () => `${id}, ${name}: the direction is (${gradient.join(', ')}), not (${directions[name].join(', ')})`));
    const again = combiner.combine(parts, structuredClone(state));
    law(same(found, again), () => `${id}, ${name}: another result for equal input; keep all memory in the state, as plain data`);
    checkResult(`${id}, ${name}, the step after`, combiner.combine(parts, structuredClone(found.state)), parts);
    law(parts.every(({ gradient: kept }, i) => kept?.every((v, k) => v === gradients[i][k])), () => `${id}, ${name}: a gradient of the parts was changed`);
    checkFaults(combiner, `${id}, ${name}`, parts, state);
  }
}

function checkResult(what: string, { value, gradient, weights }: CombinerResult, parts: readonly VectorEvaluation[]): void {
  law(Number.isFinite(value), () => `${what}: the value is ${value}`);
  law(gradient?.every(Number.isFinite) === true, () => `${what}: the direction is ${gradient?.join(', ')}`);
  law(weights.length === parts.length && weights.every((weight) => Number.isFinite(weight) && weight >= 0), () => `${what}: the weights are ${weights.join(', ')}`);
  gradient.forEach((component, k) => {
    const sum = parts.reduce((total, part, i) => total + weights[i] * (part.gradient?.[k] ?? 0), 0);
    law(Math.abs(sum - component) <= tolerances.exact, () => `${what}: component ${k} is ${component}, but its weights give ${sum}`);
  });
}

/** A part without a number must not vanish in a sum, or a step would lead into it. */
function checkFaults<State>(combiner: Combiner<State>, what: string, parts: readonly VectorEvaluation[], state: State): void {
  parts.forEach((part, i) => {
    const instead = (other: VectorEvaluation): CombinerResult => combiner.combine(parts.map((kept, k) => (k === i ? other : kept)), state);
    for (const bad of [Number.NaN, Infinity]) {
      law(!Number.isFinite(instead({ ...part, value: bad }).value), () => `${what}: the value is finite though that of part ${i} is ${bad}`);
      const { gradient } = instead({ ...part, gradient: Float64Array.of(bad, 1) });
      law(gradient === undefined || gradient.some((v) => !Number.isFinite(v)), () => `${what}: the direction is finite though a gradient has ${bad}`);
    }
    law(instead({ value: part.value }).gradient === undefined, () => `${what}: there is a direction though part ${i} has no gradient`);
  });
}

function same(a: CombinerResult, b: CombinerResult): boolean {
  return Object.is(a.value, b.value) && a.weights.every((v, i) => Object.is(v, b.weights[i])) && a.gradient?.every((v, i) => Object.is(v, b.gradient?.[i])) === true;
}
