// How the time of a step grows with reflections, atoms and points: random structures, and a least-squares fit of the law of growth.
import { randomFromSeed, twoThetaAxis } from '@braggscape/core';
import { mean, median, row, timesOf } from './measure.mjs';
import { pointsInReach } from './roofline.mjs';
import { prepareStep, range, wavelength } from './step.mjs';

const atomCounts = [5, 16, 50, 160, 500];
const reflectionCounts = [100, 600, 3500, 20000];
const pointCounts = [1000, 8500, 50000];

/** Measure every combination, print the table and the fit, return both. */
export function benchScaling() {
  const random = randomFromSeed(1);
  const rows = [];
  console.log('growth: one step of random structures\n');
  console.log(row(['atoms', 'refl. pairs', 'points', 'step ms', 'fit ms']));
  for (const atoms of atomCounts) {
    for (const reflections of reflectionCounts) {
      const [truth, structure] = [randomStructure(atoms, reflections, random), randomStructure(atoms, reflections, random)];
      for (const count of pointCounts) {
        const axis = twoThetaAxis({ ...range, count });
        const { points, peaks } = pointsInReach(structure.lattice, axis);
        rows.push({ atoms, reflections: peaks, count, stepMs: Infinity, step: () => prepareStep({ truth, structure }, axis).step, terms: [peaks * atoms, points, count, peaks] });
      }
    }
  }
  // Two passes, the better of both: in the first the compiler is still at work.
  for (let pass = 0; pass < 2; pass++) {
    for (const each of rows) each.stepMs = Math.min(each.stepMs, median(timesOf(each.step(), 0.04, 3)));
  }
  const law = fit(rows, 4);
  for (const { atoms, reflections, count, stepMs, terms } of rows) {
    console.log(row([atoms, reflections, count, stepMs.toFixed(3), dot(law, terms).toFixed(3)]));
  }
  // Form factors are computed per reflection and element, whatever the number of atoms: that is the fourth term. R² without it tells what it is worth.
  const [a, b, c, d] = law.map((value) => 1e6 * value);
  const [rSquared, rSquaredOfThree] = [determination(rows, law), determination(rows, fit(rows, 3))];
  console.log(`\nstep ≈ ${a.toFixed(1)} ns · reflections · atoms + ${b.toFixed(2)} ns · reflections · points in reach + ${c.toFixed(1)} ns · points + ${d.toFixed(0)} ns · reflections`);
  console.log(`R² ${rSquared.toFixed(4)}; ${rSquaredOfThree.toFixed(4)} without the last term. Fitted to relative deviations.\n`);
  return { nsPerReflectionAtom: a, nsPerReflectionPoint: b, nsPerPoint: c, nsPerReflection: d, rSquared, rSquaredOfThree };
}

/** A cell that has about so many reflection pairs in the window, four elements, random positions: only its size matters here, not its chemistry. */
function randomStructure(atoms, reflections, random) {
  const limit = (2 * Math.sin((range.stop / 2) * (Math.PI / 180))) / wavelength;
  const edge = Math.cbrt(reflections / (((2 * Math.PI) / 3) * limit ** 3));
  return {
    lattice: Float64Array.from([1, 0, 0, 0, 1, 0, 0, 0, 1], (value) => edge * (value + random.between(-0.02, 0.02))),
    frac: Float64Array.from({ length: 3 * atoms }, () => random.uniform()),
    numbers: Uint8Array.from({ length: atoms }, (_, i) => [8, 14, 26, 56][i % 4]),
    occupancy: new Float64Array(atoms).fill(1),
    uIso: new Float64Array(atoms),
  };
}

/** Least squares of the relative deviations, so that short steps count as much as long ones: the normal equations by elimination. */
function fit(rows, size) {
  const matrix = Array.from({ length: size }, () => new Array(size + 1).fill(0));
  for (const { stepMs, terms } of rows) {
    const scaled = [...terms.slice(0, size).map((term) => term / stepMs), 1];
    for (let i = 0; i < size; i++) for (let j = 0; j <= size; j++) matrix[i][j] += scaled[i] * scaled[j];
  }
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      if (k === i) continue;
      const factor = matrix[k][i] / matrix[i][i];
      for (let j = i; j <= size; j++) matrix[k][j] -= factor * matrix[i][j];
    }
  }
  return matrix.map((line, i) => line[size] / line[i]);
}

const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);

/** R² of the logarithms: times spread over four decades. */
function determination(rows, law) {
  const logs = rows.map(({ stepMs }) => Math.log(stepMs));
  const left = rows.reduce((sum, { terms }, i) => sum + (logs[i] - Math.log(dot(law, terms))) ** 2, 0);
  return 1 - left / logs.reduce((sum, value) => sum + (value - mean(logs)) ** 2, 0);
}
