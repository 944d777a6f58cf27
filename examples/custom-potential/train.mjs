// Trains a small neural pair potential on energies of Lennard-Jones argon and writes it as a graph model, with energies only: gradients are made when it is loaded.
//
//   node examples/custom-potential/train.mjs
//
// One hidden layer of 24 tanh units on (σ/r)², with random weights; the output weights are fitted by least squares, so the result is the same each time.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomFromSeed, structureFrom } from '@braggscape/core';
import { graphPotential, lennardJones, neighbourSearch } from '@braggscape/energy';
import { createGraph } from './graph.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, 'model');
const [hidden, cutoff, sigma] = [24, 8, 3.4];
const random = randomFromSeed(1);

const teacher = lennardJones({ epsilon: 0.0104, sigma, cutoff, smoothing: 2, pairs: [] });
const weights = Array.from({ length: hidden }, () => random.between(-6, 6));
const biases = Array.from({ length: hidden }, () => random.between(-3, 3));

/** Sums over pairs of what the hidden units give, times the envelope (1 − r²/rc²)³. */
const search = neighbourSearch(cutoff);
function featuresOf(structure) {
  const bonds = search(structure);
  const sums = new Float64Array(hidden);
  for (let b = 0; b < bonds.count; b++) {
    const r = bonds.distance[b];
    const envelope = (1 - (r / cutoff) ** 2) ** 3;
    for (let k = 0; k < hidden; k++) sums[k] += envelope * Math.tanh(weights[k] * (sigma / r) ** 2 + biases[k]);
  }
  return sums;
}

/** Argon in fcc, stretched, sheared and shaken. */
function randomArgon() {
  const edge = random.between(4.9, 6.2);
  const lattice = [0, 1, 2].map((i) => [0, 1, 2].map((k) => (i === k ? edge : 0) + random.between(-0.3, 0.3)));
  const sites = [[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]];
  return structureFrom(lattice, [18, 18, 18, 18], sites.map((site) => site.map((x) => x + random.between(-0.03, 0.03))));
}

const samples = [];
for (let k = 0; k < 600; k++) {
  const structure = randomArgon();
  samples.push({ features: featuresOf(structure), energy: (await teacher.compute(structure)).energy, structure });
}
const [training, test] = [samples.slice(0, 500), samples.slice(500)];
const output = leastSquares(training.map(({ features }) => features), training.map(({ energy }) => energy), 1e-9);

await mkdir(folder, { recursive: true });
await writeModel();
const student = await graphPotential(folder);
let [energyError, forceError, count] = [0, 0, 0];
for (const { structure, energy } of test) {
  const [own, truth] = [await student.compute(structure), await teacher.compute(structure)];
  energyError += ((own.energy - energy) / 4) ** 2 / test.length;
  own.forces.forEach((force, i) => (forceError += (force - truth.forces[i]) ** 2));
  count += own.forces.length;
}
console.log(`wrote ${folder}`);
console.log(`held-out errors (rms): ${(1000 * Math.sqrt(energyError)).toFixed(3)} meV/atom, ${(1000 * Math.sqrt(forceError / count)).toFixed(3)} meV/Å; computed on ${student.backend}`);

async function writeModel() {
  const graph = createGraph();
  const numbers = graph.input('atomic_numbers', 'int32', [-1]);
  const vectors = graph.input('bond_vectors', 'float32', [-1, 3]);
  const [first, second] = ['bond_first', 'bond_second'].map((name) => graph.column(graph.input(name, 'int32', [-1])));
  const square = graph.rowSum(graph.node('Mul', [vectors, vectors]));
  const ratio = graph.node('RealDiv', [graph.number(sigma ** 2), square]);
  const activation = graph.node('Tanh', [graph.node('AddV2', [graph.node('MatMul', [ratio, graph.matrix(weights, 1, hidden)]), graph.matrix(biases, 1, hidden)])]);
  const left = graph.node('ClipByValue', [graph.node('Sub', [graph.number(1), graph.node('Mul', [square, graph.number(1 / cutoff ** 2)])]), graph.number(0), graph.number(1)]);
  const envelope = graph.node('Mul', [graph.node('Mul', [left, left]), left]);
  // Half of a pair's energy belongs to each of its atoms.
  const half = graph.node('Mul', [graph.node('MatMul', [activation, graph.matrix(output.map((value) => value / 2), hidden, 1)]), envelope]);
  const sites = graph.node('AddV2', [graph.scatter(half, first, numbers), graph.scatter(half, second, numbers)]);
  await graph.save(folder, { site_energies: graph.flat(sites) });
  const signature = {
    format: 'braggscape-potential/1',
    name: 'neural argon',
    level: 'bonds',
    units: { length: 'angstrom', energy: 'eV' },
    elements: [18],
    cutoff,
    inputs: { atomicNumbers: 'atomic_numbers', bondVectors: 'bond_vectors', bondFirst: 'bond_first', bondSecond: 'bond_second' },
    outputs: { siteEnergies: 'site_energies' },
  };
  await writeFile(join(folder, 'signature.json'), `${JSON.stringify(signature, null, 2)}\n`);
}

/** x that minimizes |A x − y|² + ridge·tr(AᵀA)/n·|x|², by Cholesky's factors of the normal equations. */
function leastSquares(rows, values, ridge) {
  const n = rows[0].length;
  const matrix = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => rows.reduce((sum, row) => sum + row[i] * row[j], 0)));
  const right = Array.from({ length: n }, (_, i) => rows.reduce((sum, row, k) => sum + row[i] * values[k], 0));
  const trace = matrix.reduce((sum, row, i) => sum + row[i], 0);
  matrix.forEach((row, i) => (row[i] += (ridge * trace) / n));
  const lower = matrix.map((row) => row.map(() => 0));
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i][j];
      for (let k = 0; k < j; k++) sum -= lower[i][k] * lower[j][k];
      lower[i][j] = i === j ? Math.sqrt(sum) : sum / lower[j][j];
    }
  const y = right.slice();
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) y[i] -= lower[i][k] * y[k];
    y[i] /= lower[i][i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) y[i] -= lower[k][i] * y[k];
    y[i] /= lower[i][i];
  }
  return y;
}
