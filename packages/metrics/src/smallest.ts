/**
 * Largest value, sum or norm under which a calculated pattern counts as one of zeros. Below, squares lose their digits to underflow, and slopes, which
 * grow as the reciprocal, overflow.
 */
export const leastSize = 1e-150;

/** The same for a sum of squares. */
export const leastPower: number = leastSize * leastSize;
