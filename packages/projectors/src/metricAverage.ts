import { DEGREES_PER_RADIAN, RADIANS_PER_DEGREE, identity3, multiply3 } from '@braggscape/core';
import type { CellMap } from './cellMap.js';

/** Row and column of the product of two axes behind the angles α, β, γ. */
const anglePairs: readonly (readonly [number, number])[] = [
  [1, 2],
  [0, 2],
  [0, 1],
];

/**
 * Mean of the metric tensor over a point group, Ḡ = (1/|P|) Σ Wᵀ G W: symmetric under every rotation of the group, in any setting.
 * @param group all of its rotations [3,3], each once, acting on columns of fractional coordinates
 */
export function metricAverage(group: readonly ArrayLike<number>[]): CellMap {
  const map = averagingMatrix(group);
  return {
    apply: (cell) => cellFromMetric(times9(map, metricFromCell(cell), false)),
    pullback(cell, gradient) {
      const averaged = times9(map, metricFromCell(cell), false);
      return metricFromCellPullback(cell, times9(map, cellFromMetricPullback(averaged, gradient), true));
    },
  };
}

/** The mean as a matrix on the nine entries of the tensor. */
function averagingMatrix(group: readonly ArrayLike<number>[]): Float64Array {
  const map = new Float64Array(81);
  const share = 1 / group.length;
  for (const w of group)
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 3; j++)
        for (let k = 0; k < 3; k++) for (let l = 0; l < 3; l++) map[9 * (3 * i + j) + 3 * k + l] += share * w[3 * k + i] * w[3 * l + j];
  return map;
}

function times9(map: Float64Array, tensor: Float64Array, transposed: boolean): Float64Array {
  const out = new Float64Array(9);
  for (let i = 0; i < 9; i++) for (let j = 0; j < 9; j++) out[i] += (transposed ? map[9 * j + i] : map[9 * i + j]) * tensor[j];
  return out;
}

/** All products of generators [3,3]; crystallographic point groups have at most 48 elements. */
export function generateGroup(generators: readonly Float64Array[]): readonly Float64Array[] {
  const group = new Map([[identity3().join(), identity3()]]);
  let fresh: readonly Float64Array[] = [...group.values()];
  while (fresh.length > 0) {
    const products = fresh.flatMap((a) => generators.map((b) => multiply3(a, b).map((value) => value + 0)));
    fresh = products.filter((product) => !group.has(product.join()) && group.set(product.join(), product));
  }
  return [...group.values()];
}

/** G with G_ij = a_i·a_j, [3,3] Å². */
function metricFromCell(cell: Float64Array): Float64Array {
  const metric = Float64Array.of(cell[0] * cell[0], 0, 0, 0, cell[1] * cell[1], 0, 0, 0, cell[2] * cell[2]);
  anglePairs.forEach(([i, j], n) => {
    metric[3 * i + j] = metric[3 * j + i] = cell[i] * cell[j] * cosine(cell[3 + n]);
  });
  return metric;
}

function metricFromCellPullback(cell: Float64Array, dMetric: Float64Array): Float64Array {
  const out = new Float64Array(6);
  for (let i = 0; i < 3; i++) out[i] = 2 * cell[i] * dMetric[4 * i];
  anglePairs.forEach(([i, j], n) => {
    const both = dMetric[3 * i + j] + dMetric[3 * j + i];
    out[i] += both * cell[j] * cosine(cell[3 + n]);
    out[j] += both * cell[i] * cosine(cell[3 + n]);
    out[3 + n] -= both * cell[i] * cell[j] * Math.sin(cell[3 + n] * RADIANS_PER_DEGREE) * RADIANS_PER_DEGREE;
  });
  return out;
}

function cellFromMetric(metric: Float64Array): Float64Array {
  const lengths = [0, 1, 2].map((i) => Math.sqrt(metric[4 * i]));
  const angles = anglePairs.map(([i, j]) => DEGREES_PER_RADIAN * Math.acos(metric[3 * i + j] / (lengths[i] * lengths[j])));
  // The group leaves angles of 60, 90 and 120 degrees; rounding must not blur them.
  return Float64Array.from([...lengths, ...angles.map(sharpen)]);
}

function cellFromMetricPullback(metric: Float64Array, dCell: Float64Array): Float64Array {
  const lengths = [0, 1, 2].map((i) => Math.sqrt(metric[4 * i]));
  const dLengths = [dCell[0], dCell[1], dCell[2]];
  const out = new Float64Array(9);
  anglePairs.forEach(([i, j], n) => {
    const product = lengths[i] * lengths[j];
    const cos = metric[3 * i + j] / product;
    const dCos = (-dCell[3 + n] * DEGREES_PER_RADIAN) / Math.sqrt(1 - cos * cos);
    // The entry and its mirror image share the derivative, so that symmetric arguments see it once.
    out[3 * i + j] += dCos / (2 * product);
    out[3 * j + i] += dCos / (2 * product);
    dLengths[i] -= (dCos * cos) / lengths[i];
    dLengths[j] -= (dCos * cos) / lengths[j];
  });
  for (let i = 0; i < 3; i++) out[4 * i] += dLengths[i] / (2 * lengths[i]);
  return out;
}

function cosine(degrees: number): number {
  return degrees === 90 ? 0 : degrees === 120 ? -0.5 : degrees === 60 ? 0.5 : Math.cos(degrees * RADIANS_PER_DEGREE);
}

function sharpen(degrees: number): number {
  const exact = [60, 90, 120].find((angle) => Math.abs(angle - degrees) < 1e-12 * angle);
  return exact ?? degrees;
}
