import { BraggscapeError, nameHint } from '@braggscape/core';
import type { ModelParameter } from '@braggscape/core';
import { variedBlocks } from '@braggscape/crystal';
import type { VariedBlock } from '@braggscape/crystal';

/**
 * The numbers of the experiment that are refined beside the structure, as the tail of an optimizer's vector. One unit of x is a hundred of a parameter's steps, so that it is
 * felt in the pattern about as one Å is.
 */
export interface RefinedParameters {
  /** Number of components in x. */
  readonly size: number;
  readonly names: readonly string[];
  /** [size] start in x. */
  readonly start: Float64Array;
  /** Values of all parameters of the model, the refined ones from x. */
  values(x: Float64Array): Float64Array;
  /** Gradient in x from that in all parameters. */
  pullback(gradient: Float64Array): Float64Array;
  /** Nearest x within the bounds. */
  clip(x: Float64Array): Float64Array;
  /** Names of the components that stand at a bound. */
  atBound(x: Float64Array): readonly string[];
  /** Refined values by name. */
  named(x: Float64Array): Readonly<Record<string, number>>;
}

/** What a list of names to vary asks for. */
export interface Varied {
  readonly blocks: readonly VariedBlock[];
  readonly parameters: readonly ModelParameter[];
}

/** Short names of parameters that are usually refined together. */
const groups: Readonly<Record<string, readonly string[]>> = {
  profile: ['u', 'v', 'w', 'x', 'y', 'eta0', 'eta1'],
};

/**
 * Sort a list of names to vary into blocks of the structure and parameters of the model. A name stands for the parameter itself, or for all that begin with it and a dot, such
 * as `background`; `profile` stands for u, v, w, x, y, eta0 and eta1 as far as the profile has them.
 * @throws BraggscapeError `option.invalid` for a name of neither
 */
export function sortVaried(names: readonly string[], known: readonly ModelParameter[]): Varied {
  const wanted = new Set<string>();
  for (const name of names) {
    if ((variedBlocks as readonly string[]).includes(name)) continue;
    const inGroup = groups[name] as readonly string[] | undefined;
    const found = known.filter(({ id }) => (inGroup === undefined ? id === name || id.startsWith(`${name}.`) : inGroup.includes(id)));
    if (found.length === 0) {
      throw new BraggscapeError('option.invalid', `"${name}" cannot be varied`, {
        path: 'vary',
        hint: nameHint(name, [...variedBlocks, ...Object.keys(groups), ...known.map(({ id }) => id)]),
      });
    }
    for (const { id } of found) wanted.add(id);
  }
  return { blocks: variedBlocks.filter((block) => names.includes(block)), parameters: known.filter(({ id }) => wanted.has(id)) };
}

/** Tail of x for the refined ones among a model's parameters. */
export function refinedParameters(all: readonly ModelParameter[], refined: readonly ModelParameter[]): RefinedParameters {
  const indices = refined.map((parameter) => all.indexOf(parameter));
  const units = refined.map(({ step }) => 100 * step);
  const fixed = Float64Array.from(all, ({ value }) => value);
  const component = (bound: 0 | 1): Float64Array => Float64Array.from(refined, ({ bounds }, i) => bounds[bound] / units[i]);
  const [lower, upper] = [component(0), component(1)];
  return {
    size: refined.length,
    names: refined.map(({ id }) => id),
    start: Float64Array.from(refined, ({ value }, i) => value / units[i]),
    values(x) {
      const out = fixed.slice();
      for (let i = 0; i < indices.length; i++) out[indices[i]] = x[i] * units[i];
      return out;
    },
    pullback: (gradient) => Float64Array.from(indices, (at, i) => gradient[at] * units[i]),
    clip: (x) => x.map((value, i) => Math.min(upper[i], Math.max(lower[i], value))),
    atBound: (x) => refined.filter((_, i) => x[i] <= lower[i] || x[i] >= upper[i]).map(({ id }) => id),
    named: (x) => Object.fromEntries(refined.map(({ id }, i) => [id, x[i] * units[i]])),
  };
}

/** No numbers of the experiment beside the structure. */
export const noRefinedParameters: RefinedParameters = refinedParameters([], []);
