import { BraggscapeError } from '@braggscape/core';
import type { Projector, Structure, StructureGradient } from '@braggscape/core';
import { covalentRadius, elementSymbol, positionsOf } from '@braggscape/crystal';

/** A pair pushed apart: f_i ↦ f_i − κq/2, f_j ↦ f_j + κq/2 with q = f_j + cells − f_i and κ = distance/|q·L| − 1. */
interface Push {
  readonly i: number;
  readonly j: number;
  readonly q: readonly [number, number, number];
  readonly length: number;
  readonly distance: number;
}

/** Sweeps over all pairs before it is given up. */
const maxSweeps = 200;

/**
 * Projector that pushes atoms apart that are nearer than a part of the sum of their covalent radii, pair after pair, each atom half of the way, until none is. Species that share a position in the
 * start move as one. Images of an atom in other cells are the business of the cell's bounds.
 *
 * `project` throws `structure.unsupported` where there is no room.
 * @param fraction of the sum of the covalent radii; above about 0.8 ordinary bonds are stretched
 */
export function minimumDistanceProjector(start: Structure, fraction: number): Projector {
  const positions = positionsOf(start);
  const first = positions.map(({ sites }) => sites[0]);
  const radius = first.map((site) => covalentRadius(start.numbers[site]));
  const least = (p: number, r: number): number => fraction * (radius[p] + radius[r]);

  const pushes = (structure: Structure): { frac: Float64Array; done: readonly Push[] } => {
    const frac = Float64Array.from(first.flatMap((site) => [structure.frac[3 * site], structure.frac[3 * site + 1], structure.frac[3 * site + 2]]));
    const done: Push[] = [];
    for (let sweep = 0; sweep < maxSweeps; sweep++) {
      const before = done.length;
      for (let i = 0; i < first.length; i++)
        for (let j = i + 1; j < first.length; j++) {
          const distance = least(i, j);
          const { q, length } = shortest(frac, i, j, structure.lattice);
          if (length >= distance * (1 - 1e-10)) continue;
          const push = { i, j, q, length: Math.max(length, 1e-6), distance };
          const kappa = distance / push.length - 1;
          for (let x = 0; x < 3; x++) {
            frac[3 * i + x] -= (kappa * q[x]) / 2;
            frac[3 * j + x] += (kappa * q[x]) / 2;
          }
          done.push(push);
        }
      if (done.length === before) return { frac, done };
    }
    throw new BraggscapeError('structure.unsupported', `the cell has no room for its atoms at ${fraction} of their covalent radii`, { hint: 'use a smaller minimum distance, or a larger least volume', path: 'projector.minimumDistance' });
  };
  return {
    id: 'minimum-distance',
    project(structure) {
      const { frac: moved, done } = pushes(structure);
      if (done.length === 0) return structure;
      const frac = structure.frac.slice();
      positions.forEach(({ sites }, p) => {
        for (let x = 0; x < 3; x++) {
          const change = moved[3 * p + x] - structure.frac[3 * first[p] + x];
          for (const site of sites) frac[3 * site + x] += change;
        }
      });
      return { ...structure, frac };
    },
    projectGradient: (structure, gradient) => pullBack(pushes(structure).done, structure, gradient, positions),
    violation: (structure) => {
      let worst = 0;
      forEachPair(structure, first, (i, j, length) => (worst = Math.max(worst, 1 - length / least(i, j) - 1e-10)));
      return worst;
    },
    removedDof: () => 0,
    atBound: (structure) => {
      const close: string[] = [];
      const name = (p: number): string => `${elementSymbol(start.numbers[first[p]])}${first[p] + 1}`;
      forEachPair(structure, first, (i, j, length) => {
        if (length <= least(i, j) * (1 + 1e-6)) close.push(`distance ${name(i)}–${name(j)}`);
      });
      return close;
    },
  };
}

function forEachPair(structure: Structure, first: readonly number[], visit: (i: number, j: number, length: number) => void): void {
  const frac = Float64Array.from(first.flatMap((site) => [structure.frac[3 * site], structure.frac[3 * site + 1], structure.frac[3 * site + 2]]));
  for (let i = 0; i < first.length; i++) for (let j = i + 1; j < first.length; j++) visit(i, j, shortest(frac, i, j, structure.lattice).length);
}

/** Back through the pushes in reverse order. */
function pullBack(done: readonly Push[], { lattice: l }: Structure, gradient: StructureGradient, positions: readonly { readonly sites: readonly number[] }[]): StructureGradient {
  if (done.length === 0) return gradient;
  const frac = gradient.frac.slice();
  const lattice = gradient.lattice.slice();
  const g = Float64Array.from(positions.flatMap(({ sites }) => [0, 1, 2].map((x) => sites.reduce((sum, site) => sum + gradient.frac[3 * site + x], 0))));
  const before = g.slice();
  for (let k = done.length - 1; k >= 0; k--) {
    const { i, j, q, length, distance } = done[k];
    const kappa = distance / length - 1;
    const r = [0, 1, 2].map((y) => q[0] * l[y] + q[1] * l[3 + y] + q[2] * l[6 + y]);
    const h = [0, 1, 2].map((x) => (g[3 * j + x] - g[3 * i + x]) / 2);
    const slope = (-distance / length ** 3) * (h[0] * q[0] + h[1] * q[1] + h[2] * q[2]);
    for (let x = 0; x < 3; x++) {
      const dq = kappa * h[x] + slope * (l[3 * x] * r[0] + l[3 * x + 1] * r[1] + l[3 * x + 2] * r[2]);
      g[3 * j + x] += dq;
      g[3 * i + x] -= dq;
      for (let y = 0; y < 3; y++) lattice[3 * x + y] += slope * q[x] * r[y];
    }
  }
  // The first species of a position decides where all of them go.
  positions.forEach(({ sites }, p) => {
    for (let x = 0; x < 3; x++) frac[3 * sites[0] + x] += g[3 * p + x] - before[3 * p + x];
  });
  return { ...gradient, frac, lattice };
}

/** Shortest vector from position i to an image of position j, fractional, and its length in Å. Atoms on top of each other are taken to differ along a. */
function shortest(frac: Float64Array, i: number, j: number, l: Float64Array): { q: readonly [number, number, number]; length: number } {
  const d = [0, 1, 2].map((x) => frac[3 * j + x] - frac[3 * i + x]).map((x) => x - Math.round(x));
  let q: [number, number, number] = [d[0], d[1], d[2]];
  let least = Infinity;
  for (let u = -1; u <= 1; u++)
    for (let v = -1; v <= 1; v++)
      for (let w = -1; w <= 1; w++) {
        const [a, b, c] = [d[0] + u, d[1] + v, d[2] + w];
        const squared = (a * l[0] + b * l[3] + c * l[6]) ** 2 + (a * l[1] + b * l[4] + c * l[7]) ** 2 + (a * l[2] + b * l[5] + c * l[8]) ** 2;
        if (squared < least) {
          least = squared;
          q = [a, b, c];
        }
      }
  const length = Math.sqrt(least);
  return length > 1e-6 ? { q, length } : { q: [1e-6 / Math.hypot(l[0], l[1], l[2]), 0, 0], length };
}
