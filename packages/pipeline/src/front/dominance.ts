/** Values of the objectives at a point, in the order of the objectives; lower is better. */
export type ObjectiveVector = readonly number[];

/** Whether `a` dominates `b`: nowhere worse, and somewhere better. V. Pareto's relation for minimization. */
export function dominates(a: ObjectiveVector, b: ObjectiveVector): boolean {
  let better = false;
  for (let i = 0; i < a.length; i++) {
    if (!(a[i] <= b[i])) return false;
    if (a[i] < b[i]) better = true;
  }
  return better;
}

/** Whether two points differ in no objective by more than its tolerance. */
export function near(a: ObjectiveVector, b: ObjectiveVector, tolerances: ObjectiveVector): boolean {
  return a.every((value, i) => Math.abs(value - b[i]) <= tolerances[i]);
}

/** The points that no other one dominates, in their order; of equal ones the first. Values that are not finite never belong to them. */
export function nonDominated<Point>(points: readonly Point[], valuesOf: (point: Point) => ObjectiveVector): readonly Point[] {
  const finite = points.filter((point) => valuesOf(point).every(Number.isFinite));
  return finite.filter((point, i) => {
    const own = valuesOf(point);
    return !finite.some((other, k) => {
      const values = valuesOf(other);
      return dominates(values, own) || (k < i && values.every((value, axis) => value === own[axis]));
    });
  });
}
