import { B_PER_U } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import { evaluateRadial } from '../formFactors/radialTable.js';
import type { ScatteringSet } from '../formFactors/scatteringSet.js';
import { createPhaseTable, fillPhaseTable } from './phaseTables.js';
import { createReflectionRows, fillReflectionRows, reciprocalMetric } from './reflectionRows.js';
import { scattererGrouping } from './scatterers.js';
import type { Scatterers } from './scatterers.js';
import type { SiteGradient, StructureFactorCalculator, StructureFactors } from './structureFactors.js';

/** The reference in plain TypeScript, and what runs where there is no WebAssembly. */
export function typescriptStructureFactors(set: ScatteringSet, sSquaredMost: number): StructureFactorCalculator {
  const grouping = scattererGrouping(set, sSquaredMost);
  const rows = createReflectionRows();
  const tables = [createPhaseTable(), createPhaseTable(), createPhaseTable()] as const;
  const factors: Buffers = {
    count: 0,
    hkl: new Int32Array(0),
    sSquared: new Float64Array(0),
    squared: new Float64Array(0),
    squaredSlope: new Float64Array(0),
    weight: new Float64Array(0),
    p: [new Float64Array(0), new Float64Array(0)],
    q: [new Float64Array(0), new Float64Array(0)],
    amplitude: [new Float64Array(0), new Float64Array(0)],
  };
  const pair = new Float64Array(2);
  let sites: Scatterers | undefined;
  let occupancy = new Float64Array(0);
  let rowRe = new Float64Array(0);
  let rowIm = new Float64Array(0);

  function makeRoom(count: number, groups: number): void {
    factors.count = count;
    if (factors.sSquared.length < count) {
      // A quarter more, because the count drifts as the cell moves.
      const room = Math.ceil(1.25 * count);
      factors.hkl = new Int32Array(3 * room);
      for (const field of ['sSquared', 'squared', 'squaredSlope', 'weight'] as const) factors[field] = new Float64Array(room);
      for (const field of ['p', 'q'] as const) factors[field] = [new Float64Array(room), new Float64Array(room)];
    }
    const room = Math.ceil(factors.sSquared.length * groups);
    if (factors.amplitude[0].length < room) factors.amplitude = [new Float64Array(room), new Float64Array(room)];
  }

  /** Phases of all sites at l = 0 of a row. */
  function fillRowPhases(h: number, k: number, count: number): void {
    const [th, tk] = tables;
    const atH = (h + th.largest) * count;
    const atK = (k + tk.largest) * count;
    for (let j = 0; j < count; j++) {
      const a = th.re[atH + j];
      const b = th.im[atH + j];
      const c = tk.re[atK + j];
      const d = tk.im[atK + j];
      rowRe[j] = a * c - b * d;
      rowIm[j] = a * d + b * c;
    }
  }

  function sumRow(row: number, first: number, metric: Float64Array, { count, groups }: Scatterers): void {
    const { hkl, sSquared, squared, squaredSlope, p, q, amplitude } = factors;
    const h = rows.h[row];
    const k = rows.k[row];
    const inLayer = metric[0] * h * h + 2 * metric[1] * h * k + metric[4] * k * k;
    const along = 2 * (metric[2] * h + metric[5] * k);
    fillRowPhases(h, k, count);
    for (let j = 0; j < count; j++) {
      rowRe[j] *= occupancy[j];
      rowIm[j] *= occupancy[j];
    }
    const { re: lRe, im: lIm, largest } = tables[2];
    let at = first;
    for (let l = rows.firstL[row]; l <= rows.lastL[row]; l++, at++) {
      const s2 = (inLayer + (along + metric[8] * l) * l) / 4;
      const base = (l + largest) * count;
      let [pRe, pIm, pSlopeRe, pSlopeIm] = [0, 0, 0, 0];
      let [qRe, qIm, qSlopeRe, qSlopeIm] = [0, 0, 0, 0];
      for (let g = 0; g < groups.length; g++) {
        const { start, end, radial, constant, damping } = groups[g];
        let [a, b] = [0, 0];
        for (let j = start; j < end; j++) {
          a += rowRe[j] * lRe[base + j] - rowIm[j] * lIm[base + j];
          b += rowRe[j] * lIm[base + j] + rowIm[j] * lRe[base + j];
        }
        evaluateRadial(radial, s2, pair);
        const factor = damping === 0 ? 1 : Math.exp(-damping * s2);
        const f = (pair[0] + constant[0]) * factor;
        const slope = pair[1] * factor - damping * f;
        const imaginary = constant[1] * factor;
        amplitude[0][at * groups.length + g] = f;
        amplitude[1][at * groups.length + g] = imaginary;
        pRe += f * a;
        pIm += f * b;
        pSlopeRe += slope * a;
        pSlopeIm += slope * b;
        qRe += imaginary * a;
        qIm += imaginary * b;
        qSlopeRe -= damping * imaginary * a;
        qSlopeIm -= damping * imaginary * b;
      }
      hkl[3 * at] = h;
      hkl[3 * at + 1] = k;
      hkl[3 * at + 2] = l;
      sSquared[at] = s2;
      p[0][at] = pRe;
      p[1][at] = pIm;
      q[0][at] = qRe;
      q[1][at] = qIm;
      squared[at] = pRe * pRe + pIm * pIm + qRe * qRe + qIm * qIm;
      squaredSlope[at] = 2 * (pRe * pSlopeRe + pIm * pSlopeIm + qRe * qSlopeRe + qIm * qSlopeIm);
    }
  }

  function compute(structure: Structure, sSquaredLimit: number): StructureFactors {
    const metric = reciprocalMetric(structure.lattice);
    const scatterers = grouping(structure);
    sites = scatterers;
    fillReflectionRows(rows, metric, 4 * sSquaredLimit);
    const { count, site } = scatterers;
    if (rowRe.length < count) {
      rowRe = new Float64Array(count);
      rowIm = new Float64Array(count);
      occupancy = new Float64Array(count);
    }
    for (let j = 0; j < count; j++) occupancy[j] = structure.occupancy[site[j]];
    tables.forEach((table, axis) => fillPhaseTable(table, structure.frac, axis, site, rows.largest[axis]));
    makeRoom(rows.count, scatterers.groups.length);
    let first = 0;
    for (let row = 0; row < rows.rows; row++) {
      sumRow(row, first, metric, scatterers);
      first += rows.lastL[row] - rows.firstL[row] + 1;
    }
    return factors;
  }

  function pullback(): SiteGradient {
    if (sites === undefined) throw new Error('compute comes before pullback');
    const { count, groups, site } = sites;
    const { p, q, weight, sSquared, amplitude } = factors;
    const { re: lRe, im: lIm, largest } = tables[2];
    const out: SiteGradient = { frac: new Float64Array(3 * count), uIso: new Float64Array(count), occupancy: new Float64Array(count) };
    // Per row and site: Σ_l w (f P̄ + f″ Q̄) e^{2πi l z}, the same with l, and the same with s².
    const sums = new Float64Array(6 * count);
    let at = 0;
    for (let row = 0; row < rows.rows; row++) {
      const lastL = rows.lastL[row];
      sums.fill(0);
      for (let l = rows.firstL[row]; l <= lastL; l++, at++) {
        const w = weight[at];
        if (w === 0) continue;
        const s2 = sSquared[at];
        const base = (l + largest) * count;
        for (let g = 0; g < groups.length; g++) {
          const f = w * amplitude[0][at * groups.length + g];
          const imaginary = w * amplitude[1][at * groups.length + g];
          const a = f * p[0][at] + imaginary * q[0][at];
          const b = -(f * p[1][at] + imaginary * q[1][at]);
          const { start, end } = groups[g];
          for (let j = start; j < end; j++) {
            const c = a * lRe[base + j] - b * lIm[base + j];
            const d = a * lIm[base + j] + b * lRe[base + j];
            const o = 6 * j;
            sums[o] += c;
            sums[o + 1] += d;
            sums[o + 2] += l * c;
            sums[o + 3] += l * d;
            sums[o + 4] += s2 * c;
            sums[o + 5] += s2 * d;
          }
        }
      }
      finishRow(row);
    }
    for (let j = 0; j < count; j++) {
      const i = site[j];
      for (let x = 0; x < 3; x++) out.frac[3 * i + x] *= -4 * Math.PI * occupancy[j];
      out.uIso[i] *= -2 * B_PER_U * occupancy[j];
      out.occupancy[i] *= 2;
    }
    return out;

    /** Turn the row's sums by the phase of h and k: the real part is F̄e^{iφ}'s cosine term, the imaginary part its sine term. */
    function finishRow(row: number): void {
      const h = rows.h[row];
      const k = rows.k[row];
      fillRowPhases(h, k, count);
      for (let j = 0; j < count; j++) {
        const i = site[j];
        const o = 6 * j;
        const c = rowRe[j];
        const d = rowIm[j];
        const sine = c * sums[o + 1] + d * sums[o];
        out.frac[3 * i] += h * sine;
        out.frac[3 * i + 1] += k * sine;
        out.frac[3 * i + 2] += c * sums[o + 3] + d * sums[o + 2];
        out.occupancy[i] += c * sums[o] - d * sums[o + 1];
        out.uIso[i] += c * sums[o + 4] - d * sums[o + 5];
      }
    }
  }

  return { compute, pullback };
}

type Complex = readonly [re: Float64Array, im: Float64Array];

interface Buffers extends StructureFactors {
  /** [count] the part with real weights. */
  p: Complex;
  /** [count] the part with f″. */
  q: Complex;
  /** [count, groups] damped f + f′ and f″. */
  amplitude: readonly [Float64Array, Float64Array];
}
