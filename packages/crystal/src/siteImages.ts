import { BraggscapeError } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import { cheapestAssignment } from './assignment.js';
import { positionsOf } from './sharedSites.js';
import type { Position } from './sharedSites.js';
import type { SymmetryOperation } from './symmetryOperation.js';

/** Where an operation takes each site of a structure that has the symmetry, exactly or nearly: x_to ≈ W·x_site + shift. */
export interface SiteImages {
  /** [n] site that each site is taken to. */
  readonly to: Int32Array;
  /** [n,3] the operation's translation with the lattice vector that brings the image beside that site. */
  readonly shift: Float64Array;
  /** Largest distance between an image and its site, Å. */
  readonly distance: number;
  /** [3] mean difference of a position from the image that falls on it, fractional: what the translation is short of. */
  readonly offset: Float64Array;
}

/** Positions and kinds of a structure, prepared for many operations. */
export interface SiteMap {
  readonly structure: Structure;
  readonly positions: readonly Position[];
  /** [m] equal numbers for equal kinds. */
  readonly kinds: Int32Array;
  /** Positions of each kind. */
  readonly members: readonly Int32Array[];
  /** [m,3] fractional coordinates of the positions. */
  readonly frac: Float64Array;
}

/** Prepare a structure for {@link imagesOf}. */
export function siteMap(structure: Structure): SiteMap {
  const positions = positionsOf(structure);
  const names = [...new Set(positions.map(({ kind }) => kind))];
  const kinds = Int32Array.from(positions, ({ kind }) => names.indexOf(kind));
  const members = names.map((_, kind) => Int32Array.from([...kinds.keys()].filter((p) => kinds[p] === kind)));
  return { structure, positions, kinds, members, frac: Float64Array.from(positions.flatMap(({ frac }) => frac)) };
}

/**
 * The one-to-one map of positions that an operation makes, each position to the nearest of its kind, or to that of the cheapest assignment where two have the same nearest one.
 * @param tolerance Å; distances are right up to half of the spacing of lattice planes
 * @returns nothing if some image has no position within the tolerance
 */
export function imagesOf(map: SiteMap, { rotation: w, translation }: SymmetryOperation, tolerance: number): SiteImages | undefined {
  const { positions, kinds, members, frac } = map;
  const { lattice } = map.structure;
  const m = positions.length;
  const image = new Float64Array(3 * m);
  for (let p = 0; p < m; p++)
    for (let x = 0; x < 3; x++) image[3 * p + x] = w[3 * x] * frac[3 * p] + w[3 * x + 1] * frac[3 * p + 1] + w[3 * x + 2] * frac[3 * p + 2] + translation[x];
  const limit = tolerance * tolerance;
  const target = new Int32Array(m);
  const taken = new Uint8Array(m);
  let collision = false;
  let largest = 0;
  for (let p = 0; p < m; p++) {
    let least = Infinity;
    for (const q of members[kinds[p]]) {
      const squared = squaredDistance(image, p, frac, q, lattice);
      if (squared < least) {
        least = squared;
        target[p] = q;
      }
    }
    if (!(least <= limit)) return undefined;
    largest = Math.max(largest, least);
    if (taken[target[p]]++ > 0) collision = true;
  }
  if (collision) {
    largest = reassign(map, image, limit, target);
    if (largest === Infinity) return undefined;
  }
  return imagesOfSites(map, w, translation, image, target, Math.sqrt(largest));
}

/** {@link imagesOf}, or an error. */
export function imagesWithin(map: SiteMap, operation: SymmetryOperation, tolerance: number): SiteImages {
  const images = imagesOf(map, operation, tolerance);
  if (images !== undefined) return images;
  throw new BraggscapeError('symmetry.failed', `a symmetry operation maps a site onto no other within ${tolerance} Å`, { hint: 'use operations that the structure has, in its own cell, or another tolerance' });
}

/** Squared distance of the image of p and the nearest translate of q, Å². */
function squaredDistance(image: Float64Array, p: number, frac: Float64Array, q: number, lattice: Float64Array): number {
  let u = frac[3 * q] - image[3 * p];
  let v = frac[3 * q + 1] - image[3 * p + 1];
  let w = frac[3 * q + 2] - image[3 * p + 2];
  u -= Math.round(u);
  v -= Math.round(v);
  w -= Math.round(w);
  const x = u * lattice[0] + v * lattice[3] + w * lattice[6];
  const y = u * lattice[1] + v * lattice[4] + w * lattice[7];
  const z = u * lattice[2] + v * lattice[5] + w * lattice[8];
  return x * x + y * y + z * z;
}

/** Cheapest one-to-one targets, kind by kind; the largest squared distance, Infinity if it exceeds the limit. */
function reassign({ members, frac, structure }: SiteMap, image: Float64Array, limit: number, target: Int32Array): number {
  let largest = 0;
  for (const group of members) {
    const n = group.length;
    const cost = new Float64Array(n * n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        const squared = squaredDistance(image, group[i], frac, group[j], structure.lattice);
        cost[i * n + j] = squared <= limit ? squared : Infinity;
      }
    const columns = cheapestAssignment(cost, n);
    if (columns === undefined) return Infinity;
    for (let i = 0; i < n; i++) {
      target[group[i]] = group[columns[i]];
      largest = Math.max(largest, cost[i * n + columns[i]]);
    }
  }
  return largest;
}

/** From positions to sites: species that share a position go to the same species of the other. */
function imagesOfSites(map: SiteMap, w: ArrayLike<number>, translation: ArrayLike<number>, image: Float64Array, target: Int32Array, distance: number): SiteImages {
  const { structure, positions, frac } = map;
  const { frac: x, numbers, occupancy } = structure;
  const n = numbers.length;
  const m = positions.length;
  const to = new Int32Array(n);
  const shift = new Float64Array(3 * n);
  const offset = new Float64Array(3);
  const inOrder = (sites: readonly number[]): readonly number[] =>
    sites.length === 1 ? sites : [...sites].sort((a, b) => numbers[a] - numbers[b] || occupancy[a] - occupancy[b]);
  for (let p = 0; p < m; p++) {
    const ends = inOrder(positions[target[p]].sites);
    inOrder(positions[p].sites).forEach((site, k) => {
      const end = ends[k];
      to[site] = end;
      for (let c = 0; c < 3; c++) {
        const turned = w[3 * c] * x[3 * site] + w[3 * c + 1] * x[3 * site + 1] + w[3 * c + 2] * x[3 * site + 2] + translation[c];
        shift[3 * site + c] = translation[c] + Math.round(x[3 * end + c] - turned);
      }
    });
    for (let c = 0; c < 3; c++) {
      const d = frac[3 * target[p] + c] - image[3 * p + c];
      offset[c] += (d - Math.round(d)) / m;
    }
  }
  return { to, shift, distance, offset };
}
