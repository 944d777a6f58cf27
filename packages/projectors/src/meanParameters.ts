import type { CellMap } from './cellMap.js';

/** Parameters (indices into a, b, c, α, β, γ) that become equal by their mean, and values that others are set to. */
export interface MeanRule {
  readonly equal: readonly (readonly number[])[];
  readonly fixed: Readonly<Record<number, number>>;
}

/** The map θ ↦ P θ + θ₀ of the paper's projected descent: means of what must be equal, constants for what is fixed. */
export function meanParameters({ equal, fixed }: MeanRule): CellMap {
  const means = (values: Float64Array): Float64Array => {
    const out = Float64Array.from(values);
    for (const group of equal) {
      const mean = group.reduce((sum, i) => sum + values[i], 0) / group.length;
      for (const i of group) out[i] = mean;
    }
    return out;
  };
  return {
    apply(cell) {
      const out = means(cell);
      for (const [i, value] of Object.entries(fixed)) out[Number(i)] = value;
      return out;
    },
    // The averaging matrix is symmetric, so its transpose is itself.
    pullback(_cell, gradient) {
      const out = means(gradient);
      for (const i of Object.keys(fixed)) out[Number(i)] = 0;
      return out;
    },
  };
}
