import { B_PER_U } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import { formFactorInto } from '../formFactors/formFactor.js';
import { createPhaseTable, fillPhaseTable } from './phaseTables.js';
import { createReflectionRows, fillReflectionRows, reciprocalMetric } from './reflectionRows.js';
import { groupScatterers } from './scatterers.js';
import type { Scatterers } from './scatterers.js';

/**
 * Structure factors of one half sphere of reflections,
 * F(hkl) = Σ_j occ_j f_j(s) exp(−8π² U_j s²) exp(2πi h·x_j), in reused buffers of which the first `count` entries count.
 */
export interface StructureFactors {
  count: number;
  /** [count, 3] Miller indices. */
  hkl: Int32Array;
  /** [count] s² = 1/4d², Å⁻². */
  sSquared: Float64Array;
  /** [count] |F|², electrons². */
  squared: Float64Array;
  /** [count] d|F|²/ds² at constant phases, electrons²·Å². */
  squaredSlope: Float64Array;
}

/** What {@link StructureFactorCalculator.pullback} returns, beside the lattice, which the caller handles through s². */
export interface SiteGradient {
  /** [n,3] */
  readonly frac: Float64Array;
  /** [n] per Å² */
  readonly uIso: Float64Array;
  /** [n] */
  readonly occupancy: Float64Array;
}

/** Computes structure factors and their pullback in its own buffers: one caller at a time. */
export interface StructureFactorCalculator {
  readonly factors: StructureFactors;
  /**
   * Structure factors of all reflections with s² up to a limit.
   * @throws BraggscapeError `structure.unsupported` for too many reflections or an element without a form factor
   */
  compute(structure: Structure, sSquaredLimit: number): StructureFactors;
  /**
   * Gradient in the sites of a scalar with d scalar/d|F|² = `weight` [count], at the structure computed last.
   * The part that comes from s² moving with the lattice is not in it.
   */
  pullback(weight: Float64Array): SiteGradient;
}

/** A calculator with empty buffers. */
export function createStructureFactorCalculator(): StructureFactorCalculator {
  const rows = createReflectionRows();
  const tables = [createPhaseTable(), createPhaseTable(), createPhaseTable()] as const;
  const factors: StructureFactors & { re: Float64Array; im: Float64Array; amplitude: Float64Array } = {
    count: 0,
    hkl: new Int32Array(0),
    sSquared: new Float64Array(0),
    squared: new Float64Array(0),
    squaredSlope: new Float64Array(0),
    re: new Float64Array(0),
    im: new Float64Array(0),
    amplitude: new Float64Array(0),
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
      for (const field of ['sSquared', 'squared', 'squaredSlope', 're', 'im'] as const) factors[field] = new Float64Array(room);
    }
    const room = Math.ceil(factors.sSquared.length * groups);
    if (factors.amplitude.length < room) factors.amplitude = new Float64Array(room);
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

  function sumRow(row: number, first: number, metric: Float64Array, scatterers: Scatterers): void {
    const { count, groups, start, number, uIso, parameters } = scatterers;
    const { hkl, sSquared, squared, squaredSlope, re, im, amplitude } = factors;
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
      let [sumRe, sumIm, slopeRe, slopeIm] = [0, 0, 0, 0];
      for (let g = 0; g < groups; g++) {
        let [a, b] = [0, 0];
        for (let j = start[g]; j < start[g + 1]; j++) {
          a += rowRe[j] * lRe[base + j] - rowIm[j] * lIm[base + j];
          b += rowRe[j] * lIm[base + j] + rowIm[j] * lRe[base + j];
        }
        formFactorInto(number[g], parameters[g], s2, pair);
        const u = uIso[g];
        const damping = u === 0 ? 1 : Math.exp(-B_PER_U * u * s2);
        const f = pair[0] * damping;
        const slope = pair[1] * damping - B_PER_U * u * f;
        amplitude[at * groups + g] = f;
        sumRe += f * a;
        sumIm += f * b;
        slopeRe += slope * a;
        slopeIm += slope * b;
      }
      hkl[3 * at] = h;
      hkl[3 * at + 1] = k;
      hkl[3 * at + 2] = l;
      sSquared[at] = s2;
      re[at] = sumRe;
      im[at] = sumIm;
      squared[at] = sumRe * sumRe + sumIm * sumIm;
      squaredSlope[at] = 2 * (sumRe * slopeRe + sumIm * slopeIm);
    }
  }

  function compute(structure: Structure, sSquaredLimit: number): StructureFactors {
    const metric = reciprocalMetric(structure.lattice);
    const scatterers = groupScatterers(structure);
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
    makeRoom(rows.count, scatterers.groups);
    let first = 0;
    for (let row = 0; row < rows.rows; row++) {
      sumRow(row, first, metric, scatterers);
      first += rows.lastL[row] - rows.firstL[row] + 1;
    }
    return factors;
  }

  function pullback(weight: Float64Array): SiteGradient {
    if (sites === undefined) throw new Error('compute comes before pullback');
    const { count, groups, start, site } = sites;
    const { re, im, sSquared, amplitude } = factors;
    const { re: lRe, im: lIm, largest } = tables[2];
    const out: SiteGradient = { frac: new Float64Array(3 * count), uIso: new Float64Array(count), occupancy: new Float64Array(count) };
    // Per row and site: Σ_l w f F̄ e^{2πi l z}, the same with l, and the same with s².
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
        for (let g = 0; g < groups; g++) {
          const f = w * amplitude[at * groups + g];
          const a = f * re[at];
          const b = -f * im[at];
          for (let j = start[g]; j < start[g + 1]; j++) {
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

  return { factors, compute, pullback };
}
