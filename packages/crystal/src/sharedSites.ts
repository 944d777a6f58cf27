import type { Structure } from '@braggscape/core';

/**
 * A point of the crystal with everything that sits on it. Most points hold one fully occupied site; a mixed or partially occupied
 * position is listed in a {@link Structure} once per species and comes together again here.
 */
export interface Position {
  /** Entries of the structure that share the point, ascending. */
  readonly sites: readonly number[];
  /** Fractional coordinates of the first of them, [3]. */
  readonly frac: readonly [number, number, number];
  /** Species with their occupancies in a canonical spelling, such as `26:0.5000,28:0.5000`: equal for chemically equal points. */
  readonly kind: string;
}

/** Sites nearer than this, in Å, share a position if neither is fully occupied. */
export const sharedSiteDistance = 1e-3;

/** Occupancies that differ by less than half of 10⁻⁴ count as equal. */
const occupancyDigits = 4;

/** The positions of a structure in the order of their first sites. Fully occupied sites are never joined. */
export function positionsOf(structure: Structure): readonly Position[] {
  const groups: number[][] = [];
  const partial: number[][] = [];
  for (let i = 0; i < structure.numbers.length; i++) {
    const open = structure.occupancy[i] < 1;
    const host = open ? partial.find((group) => coincide(structure, group[0], i)) : undefined;
    if (host !== undefined) {
      host.push(i);
      continue;
    }
    const group = [i];
    groups.push(group);
    if (open) partial.push(group);
  }
  return groups.map((sites) => {
    const at = 3 * sites[0];
    return { sites, frac: [structure.frac[at], structure.frac[at + 1], structure.frac[at + 2]], kind: kindOf(structure, sites) };
  });
}

/** Position of every site: `positionIndex(...)[i]` is the index in `positions` of the one that holds site i. */
export function positionIndex(positions: readonly Position[], siteCount: number): Int32Array {
  const index = new Int32Array(siteCount);
  positions.forEach((position, p) => {
    for (const site of position.sites) index[site] = p;
  });
  return index;
}

function kindOf(structure: Structure, sites: readonly number[]): string {
  const occupancies = new Map<number, number>();
  for (const i of sites) {
    occupancies.set(structure.numbers[i], (occupancies.get(structure.numbers[i]) ?? 0) + structure.occupancy[i]);
  }
  return [...occupancies]
    .sort(([a], [b]) => a - b)
    .map(([number, occupancy]) => `${number}:${occupancy.toFixed(occupancyDigits)}`)
    .join(',');
}

function coincide(structure: Structure, i: number, j: number): boolean {
  const { frac, lattice } = structure;
  const d = [0, 1, 2].map((x) => {
    const difference = frac[3 * i + x] - frac[3 * j + x];
    return difference - Math.round(difference);
  });
  let squared = 0;
  for (let x = 0; x < 3; x++) squared += (d[0] * lattice[x] + d[1] * lattice[3 + x] + d[2] * lattice[6 + x]) ** 2;
  return squared < sharedSiteDistance * sharedSiteDistance;
}
