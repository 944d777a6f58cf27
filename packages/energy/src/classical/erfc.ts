/**
 * Rational Chebyshev approximations of W. J. Cody, Math. Comp. 23 (1969) 631, DOI 10.1090/S0025-5718-1969-0247736-4 (tables II, III and IV): numerators and
 * denominators of erf(x)/x in x² up to 15/32, of erfc(x)·e^{x²} in x up to 4, and of the correction to the leading asymptotic term in x⁻² beyond.
 * Coefficients from the highest power to the constant, rounded to float64.
 */
const near = {
  above: [0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694],
  below: [1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171],
} as const;
const middle = {
  above: [
    2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001, 881.952221241769, 1712.0476126340707, 2051.0783778260716,
    1230.3393547979972,
  ],
  below: [1, 15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597, 4362.619090143247, 3439.3676741437216, 1230.3393548037495],
} as const;
const far = {
  above: [0.016315387137302097, 0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275, 0.0006587491615298378],
  below: [1, 2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918],
} as const;

/** Complementary error function of x ≥ 0, to 1e-14 relative while it is a normal number (x < 26). */
export function erfc(x: number): number {
  const square = x * x;
  if (x <= 0.46875) return 1 - (x * polynomial(near.above, square)) / polynomial(near.below, square);
  if (x <= 4) return (gaussian(x) * polynomial(middle.above, x)) / polynomial(middle.below, x);
  const inverse = 1 / square;
  return (gaussian(x) / x) * (1 / Math.sqrt(Math.PI) - (inverse * polynomial(far.above, inverse)) / polynomial(far.below, inverse));
}

/** e^{−x²}; the rounding of x² alone would cost x²·1e-16 of it, so the sixteenths of x, whose square is exact, go apart. */
function gaussian(x: number): number {
  const sixteenths = Math.floor(16 * x) / 16;
  return Math.exp(-sixteenths * sixteenths) * Math.exp((sixteenths - x) * (sixteenths + x));
}

function polynomial(coefficients: readonly number[], x: number): number {
  let value = coefficients[0];
  for (let k = 1; k < coefficients.length; k++) value = value * x + coefficients[k];
  return value;
}
