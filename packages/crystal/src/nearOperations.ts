import { inverse3, multiply3, transpose3 } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import { rightHanded } from './cell.js';
import { imagesOf, siteMap } from './siteImages.js';
import type { SiteImages, SiteMap } from './siteImages.js';
import type { SymmetryOperation } from './symmetryOperation.js';
import { validateStructure } from './validate.js';

/** How nearly a structure must have an operation. */
export interface NearTolerances {
  /** Largest distance between the image of a site and the site that it falls on, Å. */
  readonly distance: number;
  /** Largest strain that makes the cell symmetric under the operation: Frobenius norm, 0.01 is about 1 % or 0.6°. */
  readonly strain: number;
}

/** An operation that a structure nearly has. */
export interface NearOperation extends SymmetryOperation {
  /** What it does to the sites, with the translation that suits them best. */
  readonly images: SiteImages;
  /** Strain that makes the cell symmetric under it. */
  readonly strain: number;
}

/**
 * Every operation that a structure has within wide tolerances, in its own cell, lattice translations apart: those of the lattice by comparing lengths and angles of lattice vectors, each with the
 * translations that bring one site of the rarest kind onto its like, fitted to all sites by least squares. Unlike a symmetry finder it does not insist on a group: what groups there are among the
 * operations is the business of `nearGroups`.
 *
 * @throws BraggscapeError `structure.invalid` or `cell.impossible` for a malformed structure
 */
export function nearOperations(structure: Structure, tolerances: NearTolerances): readonly NearOperation[] {
  validateStructure(rightHanded(structure));
  const map = siteMap(structure);
  return latticeRotations(structure.lattice, tolerances.strain).flatMap(({ rotation, strain }) => withTranslations(map, rotation, strain, tolerances.distance));
}

/** The first site of the kind with the fewest positions: operations with one rotation differ in where they take it. */
export function rarestPosition({ members }: SiteMap): Int32Array {
  return members.reduce((best, group) => (group.length < best.length ? group : best));
}

function withTranslations(map: SiteMap, rotation: Int8Array, strain: number, tolerance: number): NearOperation[] {
  const { frac } = map;
  const rarest = rarestPosition(map);
  const first = 3 * rarest[0];
  const found: NearOperation[] = [];
  for (const q of rarest) {
    const between = Float64Array.of(0, 0, 0).map((_, x) => {
      const turned = rotation[3 * x] * frac[first] + rotation[3 * x + 1] * frac[first + 1] + rotation[3 * x + 2] * frac[first + 2];
      return frac[3 * q + x] - turned;
    });
    // The translation between two sites is as far off as they are, which the fit over all sites mends.
    let images = imagesOf(map, { rotation, translation: between }, 2 * tolerance);
    let translation = between;
    for (let round = 0; round < 2 && images !== undefined; round++) {
      const { offset } = images;
      translation = translation.map((w, x) => w + offset[x]);
      images = imagesOf(map, { rotation, translation }, round === 0 ? 2 * tolerance : tolerance);
    }
    const twin = found.some((other) => other.images.to.every((end, i) => end === images?.to[i]));
    if (images !== undefined && !twin) found.push({ rotation, translation: translation.map((w) => w - Math.floor(w)), images, strain });
  }
  return found;
}

/** Components of lattice vectors looked at: enough for any cell without very sharp angles. */
const reach = 2;

/** Rotations, proper and improper, that take a lattice nearly onto itself, with the strain that makes it symmetric under each. */
function latticeRotations(lattice: Float64Array, tolerance: number): readonly { rotation: Int8Array; strain: number }[] {
  const metric = multiply3(lattice, transpose3(lattice));
  const inverse = inverse3(lattice);
  const columns = [0, 1, 2].map((axis) => vectorsAsLongAs(metric, Math.sqrt(metric[4 * axis]), tolerance));
  const found: { rotation: Int8Array; strain: number }[] = [];
  for (const a of columns[0])
    for (const b of columns[1]) {
      if (!anglesAgree(metric, a, b, 1, tolerance)) continue;
      for (const c of columns[2]) {
        if (!anglesAgree(metric, a, c, 2, tolerance)) continue;
        const w = Float64Array.of(a[0], b[0], c[0], a[1], b[1], c[1], a[2], b[2], c[2]);
        const determinant = w[0] * (w[4] * w[8] - w[5] * w[7]) - w[1] * (w[3] * w[8] - w[5] * w[6]) + w[2] * (w[3] * w[7] - w[4] * w[6]);
        if (determinant !== 1 || !hasFiniteOrder(w)) continue;
        const strain = strainOf(w, metric, inverse);
        if (strain > tolerance) continue;
        const rotation = Int8Array.from(w);
        found.push({ rotation, strain }, { rotation: rotation.map((entry) => -entry), strain });
      }
    }
  return found;
}

function vectorsAsLongAs(metric: Float64Array, length: number, tolerance: number): number[][] {
  const found: number[][] = [];
  // The strain halves a difference in length.
  const most = length * (1 + 2.2 * tolerance);
  const least = length * Math.max(0, 1 - 2.2 * tolerance);
  for (let u = -reach; u <= reach; u++)
    for (let v = -reach; v <= reach; v++)
      for (let w = -reach; w <= reach; w++) {
        const size = Math.sqrt(product(metric, [u, v, w], [u, v, w]));
        if (size > 0 && size <= most && size >= least) found.push([u, v, w]);
      }
  return found;
}

function product(g: Float64Array, a: readonly number[], b: readonly number[]): number {
  return (
    a[0] * (g[0] * b[0] + g[1] * b[1] + g[2] * b[2]) + a[1] * (g[3] * b[0] + g[4] * b[1] + g[5] * b[2]) + a[2] * (g[6] * b[0] + g[7] * b[1] + g[8] * b[2])
  );
}

/** Whether the images of axis 0 and another stand at about the angle of the axes: a quick look before the strain is computed. */
function anglesAgree(metric: Float64Array, a: readonly number[], b: readonly number[], axis: number, tolerance: number): boolean {
  return Math.abs(product(metric, a, b) - metric[axis]) <= 5 * tolerance * Math.sqrt(metric[0] * metric[4 * axis]);
}

/** Crystallographic rotations have the order 1, 2, 3, 4 or 6. */
function hasFiniteOrder(w: Float64Array): boolean {
  const square = multiply3(w, w);
  const fourth = multiply3(square, square);
  const twelfth = multiply3(multiply3(fourth, fourth), fourth);
  return twelfth.every((entry, i) => entry === (i % 4 === 0 ? 1 : 0));
}

/** Half of the strain between the metric tensor and its image, which is the strain to their mean: ‖L⁻¹(WᵀGW − G)L⁻ᵀ‖/4. */
function strainOf(w: Float64Array, metric: Float64Array, inverse: Float64Array): number {
  const image = multiply3(multiply3(transpose3(w), metric), w).map((entry, i) => entry - metric[i]);
  return Math.hypot(...multiply3(multiply3(inverse, image), transpose3(inverse))) / 4;
}
