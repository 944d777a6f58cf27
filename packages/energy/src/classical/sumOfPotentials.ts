import type { Potential, PotentialResult, Structure } from '@braggscape/core';

/** A part of a sum of potentials. */
export interface PotentialPart {
  readonly potential: Potential;
  /** What its energy is multiplied by. */
  readonly weight: number;
}

/** The weighted sum of potentials: it provides what all of them provide, for the elements that all of them know. */
export function sumOfPotentials(id: string, parts: readonly PotentialPart[]): Potential {
  const provides = new Set((['forces', 'stress'] as const).filter((what) => parts.every(({ potential }) => potential.provides.has(what))));
  const limited = parts.flatMap(({ potential: { elements } }) => (elements === undefined ? [] : [elements]));
  const elements = limited.length === 0 ? undefined : new Set([...limited[0]].filter((number) => limited.every((other) => other.has(number))));
  const backends = parts.flatMap(({ potential: { backend } }) => backend ?? []);
  return {
    id,
    provides,
    ...(elements === undefined ? {} : { elements }),
    ...(backends.length === 0 ? {} : { backend: backends.join('+') }),
    async compute(structure: Structure, signal?: AbortSignal): Promise<PotentialResult> {
      const results = await Promise.all(parts.map(({ potential }) => potential.compute(structure, signal)));
      const sum = (key: 'forces' | 'stress'): Float64Array => {
        const total = new Float64Array(key === 'stress' ? 9 : 3 * structure.numbers.length);
        results.forEach((result, k) => result[key]?.forEach((value, i) => (total[i] += parts[k].weight * value)));
        return total;
      };
      return {
        energy: results.reduce((total, { energy }, k) => total + parts[k].weight * energy, 0),
        ...(provides.has('forces') ? { forces: sum('forces') } : {}),
        ...(provides.has('stress') ? { stress: sum('stress') } : {}),
        ...results.reduce<Pick<PotentialResult, 'sites'>>((merged, { sites }) => (sites === undefined ? merged : { sites: { ...merged.sites, ...sites } }), {}),
      };
    },
    dispose: () => {
      for (const { potential } of parts) potential.dispose?.();
    },
  };
}
