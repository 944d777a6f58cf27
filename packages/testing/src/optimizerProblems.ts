/** A problem of the optimizer table. The minimum is 0 throughout, and the value is the sum of the squared residuals. */
export interface OptimizerProblem {
  readonly name: string;
  readonly start: Float64Array;
  readonly value: (x: Float64Array) => number;
  readonly gradient: (x: Float64Array) => Float64Array;
  readonly residuals: (x: Float64Array) => Float64Array;
}

/** A problem by its residuals and their Jacobian, row by row. */
function leastSquares(name: string, start: readonly number[], residuals: (x: Float64Array) => readonly number[], jacobian: (x: Float64Array) => readonly (readonly number[])[]): OptimizerProblem {
  return {
    name,
    start: Float64Array.from(start),
    value: (x) => residuals(x).reduce((sum, r) => sum + r * r, 0),
    gradient: (x) => {
      const rows = jacobian(x);
      const gradient = new Float64Array(x.length);
      residuals(x).forEach((r, k) => rows[k].forEach((derivative, i) => (gradient[i] += 2 * r * derivative)));
      return gradient;
    },
    residuals: (x) => Float64Array.from(residuals(x)),
  };
}

/** Σ kᵢ·xᵢ². */
function bowl(name: string, start: readonly number[], stiffnesses: readonly number[]): OptimizerProblem {
  const roots = stiffnesses.map(Math.sqrt);
  return leastSquares(name, start, (x) => roots.map((root, i) => root * x[i]), () => roots.map((root, i) => roots.map((_, k) => (k === i ? root : 0))));
}

const ones = (size: number): number[] => Array.from({ length: size }, () => 1);
/** Times of Box's problem. */
const times = Array.from({ length: 10 }, (_, i) => (i + 1) / 10);

/**
 * The table that every optimizer goes through, scaled so that curvatures at the minimum are of the order of one or less. Numbered problems: J. J. Moré, B. S. Garbow & K. E. Hillstrom, ACM Trans. Math. Softw. 7 (1981) 17,
 * with the value multiplied as stated.
 */
export const optimizerProblems: readonly OptimizerProblem[] = [
  bowl('sphere', [1, -2, 0.5], ones(3)),
  bowl('narrow valley', [1, 1], [1, 50]),
  bowl('bowl of condition 1e6', ones(10), Array.from({ length: 10 }, (_, i) => 10 ** ((-6 * i) / 9))),
  // Σ x²/√(1 + x²): a bowl near its minimum, a cone far from it.
  leastSquares(
    'cone',
    [2, -1],
    (x) => [...x].map((v) => v / (1 + v * v) ** 0.25),
    (x) => [...x].map((v, i) => [...x].map((_, k) => (k === i ? (1 + (v * v) / 2) / (1 + v * v) ** 1.25 : 0))),
  ),
  // Problem 1, × 1/100.
  leastSquares('Rosenbrock', [-1.2, 1], ([x, y]) => [y - x * x, (1 - x) / 10], ([x]) => [[-2 * x, 1], [-0.1, 0]]),
  // D. M. Himmelblau, Applied Nonlinear Programming (1972), × 1/100; four minima.
  leastSquares('Himmelblau', [0, 0], ([x, y]) => [(x * x + y - 11) / 10, (x + y * y - 7) / 10], ([x, y]) => [[x / 5, 0.1], [0.1, y / 5]]),
  // Problem 12, Box three-dimensional: least squares with curvatures 10⁴ apart.
  leastSquares(
    'Box',
    [0, 10, 20],
    ([a, b, c]) => times.map((t) => Math.exp(-t * a) - Math.exp(-t * b) - c * (Math.exp(-t) - Math.exp(-10 * t))),
    ([a, b]) => times.map((t) => [-t * Math.exp(-t * a), t * Math.exp(-t * b), Math.exp(-10 * t) - Math.exp(-t)]),
  ),
];

/** Problem 4, Brown badly scaled: components of 10⁶ and 10⁻⁶. Too much for methods with a learning rate, so not in the table; for methods that find their own scale. */
export const brownBadlyScaled: OptimizerProblem = leastSquares('Brown badly scaled', [1, 1], ([x, y]) => [x - 1e6, y - 2e-6, x * y - 2], ([x, y]) => [[1, 0], [0, 1], [y, x]]);
