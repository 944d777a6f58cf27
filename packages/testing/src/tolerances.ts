/** Agreement asked for, relative to the size of what is compared. */
export const tolerances = {
  /** Analytic gradients in float64 against central differences. */
  gradient: 1e-6,
  /** Gradients that pass through float32, such as those of potentials. */
  singlePrecisionGradient: 1e-3,
  /** Equalities that hold up to rounding. */
  exact: 1e-9,
} as const;
