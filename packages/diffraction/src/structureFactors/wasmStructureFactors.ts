import { B_PER_U } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import { RADIAL_COEFFICIENTS } from '../formFactors/radialTable.js';
import type { RadialTable } from '../formFactors/radialTable.js';
import type { ScatteringSet } from '../formFactors/scatteringSet.js';
import type { Kernel } from '../wasm/kernel.js';
import { createModuleArrays } from '../wasm/memory.js';
import { createReflectionRows, fillReflectionRows, reciprocalMetric } from './reflectionRows.js';
import { scattererGrouping } from './scatterers.js';
import type { Scatterers } from './scatterers.js';
import type { SiteGradient, StructureFactorCalculator, StructureFactors } from './structureFactors.js';

const kinds = {
  h: 'i32',
  k: 'i32',
  firstL: 'i32',
  lastL: 'i32',
  base: 'f64',
  hRe: 'f64',
  hIm: 'f64',
  kRe: 'f64',
  kIm: 'f64',
  lRe: 'f64',
  lIm: 'f64',
  tables: 'i32',
  occupancy: 'f64',
  ones: 'f64',
  row: 'f64',
  groupData: 'f64',
  radial: 'f64',
  hkl: 'i32',
  sSquared: 'f64',
  squared: 'f64',
  slope: 'f64',
  weight: 'f64',
  sums: 'f64',
  amplitude: 'f64',
  coefficients: 'f64',
  fracGradient: 'f64',
  uIsoGradient: 'f64',
  occupancyGradient: 'f64',
} as const;

/** Numbers per group that the kernel reads. */
const GROUP_DATA = 9;

/** Scatterers with each group padded to an even number of sites, as the kernel's pairs need. */
interface Padded {
  readonly scatterers: Scatterers;
  /** [padded] index of the site in the structure; −1 for padding. */
  readonly site: Int32Array;
  /** First and end site of each group. */
  readonly ranges: readonly (readonly [number, number])[];
  /** Different radial tables, in the order they lie in memory, and where each begins. */
  readonly tables: ReadonlyMap<RadialTable, number>;
  readonly radialLength: number;
}

/** Structure factors by the compiled kernel, two sites at a time. */
export function wasmStructureFactors(kernel: Kernel, set: ScatteringSet, sSquaredMost: number): StructureFactorCalculator {
  const memory = createModuleArrays(kernel.memory, kinds);
  const { arrays } = memory;
  const grouping = scattererGrouping(set, sSquaredMost);
  const rows = createReflectionRows();
  let padded: Padded | undefined;
  let metric: Float64Array = new Float64Array(9);

  function reserve({ site, scatterers, radialLength }: Padded): boolean {
    const count = site.length;
    const groups = scatterers.groups.length;
    const [h, k, l] = rows.largest.map((largest) => (2 * largest + 1) * count);
    return memory.reserve({
      h: rows.rows,
      k: rows.rows,
      firstL: rows.rows,
      lastL: rows.rows,
      base: 2 * count,
      hRe: h,
      hIm: h,
      kRe: k,
      kIm: k,
      lRe: l,
      lIm: l,
      tables: 6,
      occupancy: count,
      ones: count,
      row: 2 * count,
      groupData: GROUP_DATA * groups,
      radial: radialLength,
      hkl: 3 * rows.count,
      sSquared: rows.count,
      squared: rows.count,
      slope: rows.count,
      weight: rows.count,
      sums: 4 * rows.count,
      amplitude: 2 * groups * rows.count,
      coefficients: 2 * groups * (2 * rows.largest[2] + 1),
      fracGradient: 3 * count,
      uIsoGradient: count,
      occupancyGradient: count,
    });
  }

  function writeGroups({ scatterers, ranges, tables }: Padded): void {
    arrays.ones.view.fill(1);
    for (const [table, offset] of tables) interleave(table, arrays.radial.view, offset);
    scatterers.groups.forEach(({ radial, constant, damping }, g) => {
      const address = arrays.radial.address + 8 * (tables.get(radial) ?? 0);
      arrays.groupData.view.set([...ranges[g], address, radial.intervals, radial.perUnit, ...constant, damping, 0], GROUP_DATA * g);
    });
  }

  function writePhases(structure: Structure, site: Int32Array): void {
    const count = site.length;
    const base = arrays.base.view;
    const addresses = [
      [arrays.hRe.address, arrays.hIm.address],
      [arrays.kRe.address, arrays.kIm.address],
      [arrays.lRe.address, arrays.lIm.address],
    ];
    for (let axis = 0; axis < 3; axis++) {
      for (let j = 0; j < count; j++) {
        // Whole periods first: cosine and sine lose digits far from the origin.
        const x = site[j] < 0 ? 0 : structure.frac[3 * site[j] + axis];
        const angle = 2 * Math.PI * (x - Math.round(x));
        base[j] = Math.cos(angle);
        base[count + j] = Math.sin(angle);
      }
      const [re, im] = addresses[axis];
      const largest = rows.largest[axis];
      kernel.fillPhases(re, im, arrays.base.address, count, largest);
      arrays.tables.view[2 * axis] = re + 8 * largest * count;
      arrays.tables.view[2 * axis + 1] = im + 8 * largest * count;
    }
  }

  function compute(structure: Structure, sSquaredLimit: number): StructureFactors {
    metric = reciprocalMetric(structure.lattice);
    fillReflectionRows(rows, metric, 4 * sSquaredLimit);
    const scatterers = grouping(structure);
    const changed = padded?.scatterers !== scatterers;
    if (padded === undefined || changed) padded = pad(scatterers);
    if (reserve(padded) || changed) writeGroups(padded);
    for (const field of ['h', 'k', 'firstL', 'lastL'] as const) arrays[field].view.set(rows[field].subarray(0, rows.rows));
    const { site } = padded;
    for (let j = 0; j < site.length; j++) arrays.occupancy.view[j] = site[j] < 0 ? 0 : structure.occupancy[site[j]];
    writePhases(structure, site);
    kernel.sumRows(
      rows.rows,
      ...rowAddresses(),
      site.length,
      arrays.occupancy.address,
      arrays.tables.address,
      scatterers.groups.length,
      arrays.groupData.address,
      arrays.row.address,
      arrays.hkl.address,
      arrays.sSquared.address,
      arrays.squared.address,
      arrays.slope.address,
      arrays.sums.address,
      arrays.amplitude.address,
    );
    return {
      count: rows.count,
      hkl: arrays.hkl.view,
      sSquared: arrays.sSquared.view,
      squared: arrays.squared.view,
      squaredSlope: arrays.slope.view,
      weight: arrays.weight.view,
    };
  }

  function rowAddresses(): readonly number[] {
    const { h, k, firstL, lastL } = arrays;
    return [h.address, k.address, firstL.address, lastL.address, metric[0], metric[4], metric[8], metric[1], metric[2], metric[5]];
  }

  function pullback(): SiteGradient {
    if (padded === undefined) throw new Error('compute comes before pullback');
    const { site, scatterers } = padded;
    for (const field of ['fracGradient', 'uIsoGradient', 'occupancyGradient'] as const) arrays[field].view.fill(0);
    kernel.pullRows(
      rows.rows,
      ...rowAddresses(),
      site.length,
      arrays.ones.address,
      arrays.tables.address,
      scatterers.groups.length,
      arrays.groupData.address,
      arrays.row.address,
      arrays.sums.address,
      arrays.amplitude.address,
      arrays.weight.address,
      arrays.coefficients.address,
      arrays.fracGradient.address,
      arrays.uIsoGradient.address,
      arrays.occupancyGradient.address,
    );
    const { count } = scatterers;
    const out: SiteGradient = { frac: new Float64Array(3 * count), uIso: new Float64Array(count), occupancy: new Float64Array(count) };
    for (let j = 0; j < site.length; j++) {
      const i = site[j];
      if (i < 0) continue;
      const occupancy = arrays.occupancy.view[j];
      for (let x = 0; x < 3; x++) out.frac[3 * i + x] = -4 * Math.PI * occupancy * arrays.fracGradient.view[x * site.length + j];
      out.uIso[i] = -2 * B_PER_U * occupancy * arrays.uIsoGradient.view[j];
      out.occupancy[i] = 2 * arrays.occupancyGradient.view[j];
    }
    return out;
  }

  return { compute, pullback };
}

function pad(scatterers: Scatterers): Padded {
  const site: number[] = [];
  const ranges: [number, number][] = [];
  const tables = new Map<RadialTable, number>();
  let radialLength = 0;
  for (const { start, end, radial } of scatterers.groups) {
    const first = site.length;
    site.push(...scatterers.site.subarray(start, end));
    if (site.length % 2 === 1) site.push(-1);
    ranges.push([first, site.length]);
    if (!tables.has(radial)) {
      tables.set(radial, radialLength);
      radialLength += 2 * radial.coefficients.length;
    }
  }
  return { scatterers, site: Int32Array.from(site), ranges, tables, radialLength };
}

/** Each coefficient of the value beside that of the slope in s², as the kernel evaluates both at once. */
function interleave({ coefficients, perUnit }: RadialTable, into: Float64Array, offset: number): void {
  for (let i = 0; i < coefficients.length; i++) {
    const power = i % RADIAL_COEFFICIENTS;
    into[offset + 2 * i] = coefficients[i];
    into[offset + 2 * i + 1] = power === RADIAL_COEFFICIENTS - 1 ? 0 : (power + 1) * coefficients[i + 1] * 2 * perUnit;
  }
}
