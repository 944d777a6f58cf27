import type { ObjectiveVector } from './dominance.js';

/** The box around a front. */
export interface FrontBox {
  /** Lowest value of each objective. */
  readonly ideal: ObjectiveVector;
  /** Highest value of each objective; on a non-dominated set this is the nadir point. */
  readonly nadir: ObjectiveVector;
}

/** Ideal and nadir of non-dominated points; empty vectors for none. */
export function boxOf(points: readonly ObjectiveVector[]): FrontBox {
  const axes = (points[0] ?? []).map((_, axis) => points.map((point) => point[axis]));
  return { ideal: axes.map((values) => Math.min(...values)), nadir: axes.map((values) => Math.max(...values)) };
}

/** A point in units of the box: 0 at the ideal, 1 at the nadir; 0 where the box has no width. */
export function normalized(point: ObjectiveVector, { ideal, nadir }: FrontBox): ObjectiveVector {
  return point.map((value, axis) => (nadir[axis] > ideal[axis] ? (value - ideal[axis]) / (nadir[axis] - ideal[axis]) : 0));
}

/**
 * Index of the knee of a front: the point that bulges farthest from the chord between its ends, or for more objectives from the plane through the individual minima, towards the ideal, with each
 * objective measured in the width of the front (I. Das, Struct. Optim. 18 (1999) 107, DOI 10.1007/BF01195985). In normalized objectives that distance is (n − 1 − Σ fᵢ)/√n, so that the knee has the
 * smallest sum. Where no point bulges, as on a concave front, it is the end with the smallest sum, the first of equals.
 *
 * @returns −1 for an empty front
 */
export function kneeOf(points: readonly ObjectiveVector[]): number {
  const box = boxOf(points);
  let knee = -1;
  let least = Infinity;
  points.forEach((point, i) => {
    const sum = normalized(point, box).reduce((total, value) => total + value, 0);
    // Rounding does not choose between the two ends of a straight front.
    if (sum < least - 1e-12) [knee, least] = [i, sum];
  });
  return knee;
}
