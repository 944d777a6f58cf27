import { randomFromSeed } from '@braggscape/core';
import type { Random } from '@braggscape/core';
import { requireCount, requirePairedRows } from './checks.js';
import { isConstant } from './correlation.js';
import { dividedByLargest, mean } from './scaling.js';

/** Options of {@link mutualInformation}. */
export interface MutualInformationOptions {
  /** Nearest neighbours k: few follow the density closely, many scatter less. @default 3 */
  readonly neighbours?: number;
  /** Seed of the noise that breaks ties. @default 0 */
  readonly seed?: number;
  /** Whether an estimate below zero, which no mutual information is, becomes zero. Intervals are made from estimates as they are. @default true */
  readonly clipped?: boolean;
}

/**
 * Mutual information of two continuous variables in nats, by the first estimator of Kraskov, Stögbauer & Grassberger, Phys. Rev. E 69, 066138 (2004), eq. 8:
 *
 *   I = ψ(k) + ψ(n) − ⟨ψ(n_x + 1) + ψ(n_y + 1)⟩,
 *
 * where n_x and n_y count the rows that are nearer in x (in y) than the k-th neighbour is in the maximum norm of (x, y). It is 0 for independent variables, and the same under smooth
 * maps of either that can be undone, up to scatter. Values are as those of scikit-learn's `mutual_info_regression`: each variable is divided by its standard deviation, not centred, and ties
 * are broken by Gaussian noise of 1e-10 · max(1, mean |x|), seeded, the same for equal seeds and numbers of rows. The estimator is for continuous variables: where many values are tied,
 * the noise decides, and the estimate is biased. A constant has no information: 0 exactly.
 *
 * Takes O(n log n + n √(k n)) for independent variables, less for dependent ones.
 *
 * @param x [rows]
 * @param y [rows]
 * @returns nats
 * @throws BraggscapeError `option.invalid` for different lengths, NaN and infinities, and no more rows than neighbours
 */
export function mutualInformation(x: ArrayLike<number>, y: ArrayLike<number>, { neighbours = 3, seed = 0, clipped = true }: MutualInformationOptions = {}): number {
  requireCount(neighbours, 'neighbours', 1);
  requirePairedRows(x, y, neighbours + 1);
  if (isConstant(x) || isConstant(y)) return 0;
  const random = randomFromSeed(seed).derive('mutual information');
  const information = estimate(scaledWithNoise(x, random), scaledWithNoise(y, random), neighbours);
  return clipped ? Math.max(0, information) : information;
}

/** Divided by the standard deviation, plus the noise that breaks ties. */
function scaledWithNoise(values: ArrayLike<number>, random: Random): Float64Array {
  const scaled = dividedByLargest(values);
  const centre = mean(scaled);
  const deviation = Math.sqrt(mean(scaled.map((value) => (value - centre) ** 2)));
  for (let i = 0; i < scaled.length; i++) scaled[i] /= deviation;
  const size = 1e-10 * Math.max(1, mean(scaled.map(Math.abs)));
  for (let i = 0; i < scaled.length; i++) scaled[i] += size * random.normal();
  return scaled;
}

function estimate(x: Float64Array, y: Float64Array, neighbours: number): number {
  const n = x.length;
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((i, j) => x[i] - x[j]);
  const ascendingX = Float64Array.from(order, (i) => x[i]);
  const yAlongX = Float64Array.from(order, (i) => y[i]);
  const ascendingY = y.slice().sort();
  const digamma = digammaOfIntegers(n);
  const nearest = new Float64Array(neighbours);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const radius = neighbourDistance(ascendingX, yAlongX, i, nearest);
    // The counts include the row itself, which is the 1 of ψ(n_x + 1).
    sum += digamma[countWithin(ascendingX, ascendingX[i], radius)] + digamma[countWithin(ascendingY, yAlongX[i], radius)];
  }
  return digamma[neighbours] + digamma[n] - sum / n;
}

/**
 * Distance to the k-th nearest neighbour of row i in the maximum norm. Looks at rows in order of their distance in x, to both sides, until that distance alone is too large.
 *
 * @param x ascending
 * @param nearest room for the k smallest distances
 */
function neighbourDistance(x: Float64Array, y: Float64Array, i: number, nearest: Float64Array): number {
  const last = nearest.length - 1;
  nearest.fill(Infinity);
  let [left, right] = [i - 1, i + 1];
  for (;;) {
    const toLeft = left >= 0 ? x[i] - x[left] : Infinity;
    const toRight = right < x.length ? x[right] - x[i] : Infinity;
    const inX = Math.min(toLeft, toRight);
    // No row is left, too, if both are infinite.
    if (inX >= nearest[last]) return nearest[last];
    const other = toLeft <= toRight ? left-- : right++;
    const distance = Math.max(inX, Math.abs(y[other] - y[i]));
    if (distance >= nearest[last]) continue;
    let place = last;
    for (; place > 0 && nearest[place - 1] > distance; place--) nearest[place] = nearest[place - 1];
    nearest[place] = distance;
  }
}

/** How many of some ascending values are nearer to one of them than `radius`, itself and its equals included. */
function countWithin(ascending: Float64Array, value: number, radius: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value - ascending[middle] < radius || ascending[middle] === value) high = middle;
    else low = middle + 1;
  }
  const first = low;
  high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] - value < radius || ascending[middle] === value) low = middle + 1;
    else high = middle;
  }
  return low - first;
}

/** ψ(1) … ψ(n) at their index: ψ(1) = −γ, ψ(m + 1) = ψ(m) + 1/m. */
function digammaOfIntegers(n: number): Float64Array {
  const digamma = new Float64Array(n + 1);
  digamma[1] = -0.5772156649015329;
  for (let m = 1; m < n; m++) digamma[m + 1] = digamma[m] + 1 / m;
  return digamma;
}
