import { definePlugin, potential } from '@braggscape/core';
import type { Plugin, Potential, PotentialResult } from '@braggscape/core';
import { angleSearch, forcesAndStress, neighbourSearch } from '@braggscape/energy';

/** Parameters of silicon: F. H. Stillinger & T. A. Weber, Phys. Rev. B 31 (1985) 5262, DOI 10.1103/PhysRevB.31.5262; ε from the cohesive energy, as usual since. */
const silicon = { epsilon: 2.1683, sigma: 2.0951, a: 1.8, A: 7.049556277, B: 0.6022245584, lambda: 21, gamma: 1.2 };

/** Options of {@link stillingerWeber}. */
export interface StillingerWeberOptions {
  /** Strength of the three-body term. */
  readonly lambda: number;
}

/**
 * The Stillinger–Weber potential of silicon, as an example of a potential with angles: energies are summed over bonds and angles, gradients are collected for each bond's vector,
 * and `forcesAndStress` makes forces and stress of them.
 */
export function stillingerWeber({ lambda }: StillingerWeberOptions): Potential {
  const { epsilon, sigma, a, A, B, gamma } = silicon;
  const cutoff = a * sigma;
  const bondsOf = neighbourSearch(cutoff, { skin: 0.3 });
  const anglesOf = angleSearch(cutoff);
  return {
    id: 'silicon/stillinger-weber',
    provides: new Set(['forces', 'stress']),
    elements: new Set([14]),
    async compute(structure): Promise<PotentialResult> {
      const bonds = bondsOf(structure);
      const angles = anglesOf(bonds, structure.numbers.length);
      const gradients = new Float64Array(3 * bonds.count);
      let energy = 0;
      for (let b = 0; b < bonds.count; b++) {
        const r = bonds.distance[b];
        if (r >= cutoff) continue;
        const room = r / sigma - a;
        const decay = Math.exp(1 / room);
        const strength = epsilon * A * (B * (sigma / r) ** 4 - 1);
        energy += strength * decay;
        const slope = decay * ((-4 * epsilon * A * B * (sigma / r) ** 4) / r - strength / (sigma * room * room));
        for (let k = 0; k < 3; k++) gradients[3 * b + k] += (slope * bonds.vector[3 * b + k]) / r;
      }
      for (let n = 0; n < angles.count; n++) {
        const [p, q, sign] = [angles.short[angles.first[n]], angles.short[angles.second[n]], angles.sign[n]];
        const [rp, rq] = [bonds.distance[p], bonds.distance[q]];
        let dot = 0;
        for (let k = 0; k < 3; k++) dot += bonds.vector[3 * p + k] * bonds.vector[3 * q + k];
        const cosine = (sign * dot) / (rp * rq);
        const [roomP, roomQ] = [rp / sigma - a, rq / sigma - a];
        // Each angle is listed in both orders: half of its energy each time.
        const scale = 0.5 * epsilon * lambda * Math.exp(gamma / roomP + gamma / roomQ);
        const off = cosine + 1 / 3;
        energy += scale * off * off;
        const [alongP, alongQ] = [-gamma / (sigma * roomP * roomP), -gamma / (sigma * roomQ * roomQ)];
        for (let k = 0; k < 3; k++) {
          const [u, w] = [bonds.vector[3 * p + k] / rp, bonds.vector[3 * q + k] / rq];
          gradients[3 * p + k] += scale * off * (off * alongP * u + (2 * (sign * w - cosine * u)) / rp);
          gradients[3 * q + k] += scale * off * (off * alongQ * w + (2 * (sign * u - cosine * w)) / rq);
        }
      }
      return { energy, ...forcesAndStress(structure.lattice, structure.numbers.length, bonds, gradients) };
    },
  };
}

const plugin: Plugin = definePlugin({
  meta: { name: 'silicon', version: '0.1.0', namespace: 'silicon', api: '^0.1.0' },
  potentials: {
    'stillinger-weber': potential<StillingerWeberOptions>({
      summary: 'Stillinger–Weber silicon.',
      source: 'F. H. Stillinger & T. A. Weber, Phys. Rev. B 31 (1985) 5262, DOI 10.1103/PhysRevB.31.5262',
      schema: { lambda: { description: 'Strength of the three-body term.', type: 'number', minimum: 0, default: silicon.lambda } },
      create: stillingerWeber,
    }),
  },
});
export default plugin;
