import { B_PER_U } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import type { RadialTable } from '../formFactors/radialTable.js';
import type { ScatteringSet } from '../formFactors/scatteringSet.js';

/** Sites of equal form factor and displacement, so that both are computed once per reflection and group. */
export interface ScattererGroup {
  /** Range in {@link Scatterers.site}. */
  readonly start: number;
  readonly end: number;
  readonly radial: RadialTable;
  /** f′ and f″; for neutrons, which have no radial part, the scattering length. */
  readonly constant: readonly [number, number];
  /** 8π²U in Å²: the group is damped by exp(−this·s²). */
  readonly damping: number;
}

/** The sites of a structure in groups; sites of a group are neighbours in the order of `site`. */
export interface Scatterers {
  readonly count: number;
  /** [count] index of the site in the structure. */
  readonly site: Int32Array;
  readonly groups: readonly ScattererGroup[];
  /** Whether some f″ is not zero. */
  readonly dispersive: boolean;
}

/** Groups the sites of structures, and keeps the groups while elements and displacements stay as they are. */
export function scattererGrouping(set: ScatteringSet, sSquaredMost: number): (structure: Structure) => Scatterers {
  let numbers = new Uint8Array(0);
  let uIso = new Float64Array(0);
  let last: Scatterers | undefined;
  return (structure) => {
    if (last !== undefined && same(numbers, structure.numbers) && same(uIso, structure.uIso)) return last;
    last = group(structure, set, sSquaredMost);
    numbers = structure.numbers.slice();
    uIso = structure.uIso.slice();
    return last;
  };
}

function same(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function group({ numbers, uIso }: Structure, set: ScatteringSet, sSquaredMost: number): Scatterers {
  const count = numbers.length;
  const site = Int32Array.from({ length: count }, (_, i) => i).sort((i, j) => numbers[i] - numbers[j] || uIso[i] - uIso[j] || i - j);
  const starts: number[] = [];
  site.forEach((i, at) => {
    const before = site[at - 1];
    if (at === 0 || numbers[i] !== numbers[before] || uIso[i] !== uIso[before]) starts.push(at);
  });
  const groups = starts.map((start, at): ScattererGroup => {
    const z = numbers[site[start]];
    return {
      start,
      end: starts[at + 1] ?? count,
      radial: set.radial(z, sSquaredMost),
      constant: set.constant(z),
      damping: B_PER_U * uIso[site[start]],
    };
  });
  return { count, site, groups, dispersive: groups.some(({ constant }) => constant[1] !== 0) };
}
