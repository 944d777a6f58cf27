import { imagesWithin, siteMap } from '@braggscape/crystal';
import type { Candidate } from './candidate.js';
import { SYMMETRY_TOLERANCE } from './candidate.js';

/** Sites of one orbit. */
export type Orbit = readonly number[];

/** The orbits of a candidate's sites under the symmetry that it keeps; every site its own where it keeps none. */
export function orbitsOf({ structure, symmetry }: Candidate): readonly Orbit[] {
  const first = Int32Array.from(structure.numbers.keys());
  const map = siteMap(structure);
  for (const operation of symmetry?.operations ?? []) {
    imagesWithin(map, operation, SYMMETRY_TOLERANCE).to.forEach((to, from) => {
      const [kept, joined] = [Math.min(first[from], first[to]), Math.max(first[from], first[to])];
      if (kept !== joined) for (let site = 0; site < first.length; site++) if (first[site] === joined) first[site] = kept;
    });
  }
  const orbits = new Map<number, number[]>();
  first.forEach((orbit, site) => orbits.set(orbit, [...(orbits.get(orbit) ?? []), site]));
  return [...orbits.values()];
}

/** Pairs of orbits with unlike atoms and equally many sites, those with the most similar atomic numbers first: XRD is the likeliest to confuse them. */
export function exchangeablePairs(candidate: Candidate): readonly (readonly [Orbit, Orbit])[] {
  const { numbers } = candidate.structure;
  const orbits = orbitsOf(candidate);
  const pairs = orbits.flatMap((a, i) => orbits.slice(0, i).flatMap((b) => (b.length === a.length && numbers[a[0]] !== numbers[b[0]] ? [[a, b] as const] : [])));
  const difference = ([a, b]: readonly [Orbit, Orbit]): number => Math.abs(numbers[a[0]] - numbers[b[0]]);
  return pairs.sort((p, q) => difference(p) - difference(q));
}

/** The candidate with the positions of two orbits exchanged, not fitted yet. */
export function exchangedIn({ structure, symmetry, origin }: Candidate, [a, b]: readonly [Orbit, Orbit]): Candidate {
  const frac = structure.frac.slice();
  for (let k = 0; k < a.length; k++) {
    for (let x = 0; x < 3; x++) {
      frac[3 * a[k] + x] = structure.frac[3 * b[k] + x];
      frac[3 * b[k] + x] = structure.frac[3 * a[k] + x];
    }
  }
  const moved = { ...structure, frac };
  // Sites may follow the symmetry in another order now.
  return { structure: moved, ...(symmetry === undefined ? {} : { symmetry: { ...symmetry, reference: moved } }), loss: Infinity, origin };
}
