// Cost of one loss-and-gradient step: the cosine loss of an ideal pattern (1.5406 Å, 5–90°, 8500 points) and its gradient in all cell
// parameters and coordinates. Structures: the ten shared ones where present, the examples otherwise, each with lattice noise 0.05 (seed 1), so that no
// symmetry helps. Ratios are measured side by side in the same run.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inverse3, randomFromSeed, twoThetaAxis } from '@braggscape/core';
import { distortLattice, readStructures, structureParameterization } from '@braggscape/crystal';
import { powderPatternModel } from '@braggscape/diffraction';
import { cosine } from '@braggscape/metrics';

const wavelength = 1.5406;
const range = { start: 5, stop: 90, count: 8500 };
const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** CIF files to measure on. */
export function benchStructures() {
  const shared = join(root, '../shared/structures');
  const folder = existsSync(shared) ? shared : join(root, 'examples');
  return readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.cif')).sort().map((name) => join(folder, name));
}

/** Median of the milliseconds a function takes, over at least `seconds` seconds. */
function median(run, seconds = 0.4) {
  run();
  const times = [];
  const end = performance.now() + 1000 * seconds;
  while (performance.now() < end || times.length < 5) {
    const began = performance.now();
    run();
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b)[times.length >> 1];
}

/** Reciprocal-lattice points with 2θ up to the end of the window, Friedel pairs counted once: what the kernel sums over, beside the guard band. */
function countReflections(lattice) {
  const inverse = inverse3(lattice);
  const limit = (2 * Math.sin((range.stop / 2) * (Math.PI / 180))) / wavelength;
  const most = [0, 3, 6].map((i) => Math.ceil(limit * Math.hypot(lattice[i], lattice[i + 1], lattice[i + 2])));
  let count = 0;
  for (let h = -most[0]; h <= most[0]; h++)
    for (let k = -most[1]; k <= most[1]; k++)
      for (let l = -most[2]; l <= most[2]; l++) {
        const length = Math.hypot(...[0, 3, 6].map((i) => inverse[i] * h + inverse[i + 1] * k + inverse[i + 2] * l));
        if (length > 0 && length <= limit) count++;
      }
  return count / 2;
}

/** Measure every structure, print the table, return the figures. */
export function benchSteps() {
  const model = powderPatternModel({ wavelength, u: 0, v: 0, w: 0.1 });
  const axis = twoThetaAxis(range);
  const rows = [];
  console.log('one loss-and-gradient step (cosine, 8500 points)\n');
  console.log(['structure', 'sites', 'refl. pairs', 'step ms', 'loss ms', 'ns/(refl.·atom)', 'differences/step'].map((text, i) => (i === 0 ? text.padEnd(24) : text.padStart(17))).join(''));
  for (const file of benchStructures()) {
    const truth = readStructures(readFileSync(file, 'utf8'), { name: file })[0].structure;
    const structure = distortLattice(truth, 0.05, randomFromSeed(1));
    const calculator = model.on(axis);
    const compare = cosine.against({ twoTheta: axis, intensity: calculator.simulate(truth) });
    const parameters = structureParameterization(structure, { vary: ['cell', 'coords'] });
    const x = parameters.pack(structure);
    const loss = () => compare(calculator.simulate(parameters.unpack(x)), 'value').value;
    const step = () => {
      const { calc, pullback } = calculator.linearize(parameters.unpack(x));
      return parameters.pullback(x, pullback(compare(calc, 'gradient').dCalc));
    };
    const stepMs = median(step);
    const lossMs = median(loss, 0.2);
    const sites = structure.numbers.length;
    const reflections = countReflections(structure.lattice);
    const row = {
      structure: basename(file, '.cif'),
      sites,
      reflections,
      stepMs,
      lossMs,
      nsPerReflectionAtom: (1e6 * stepMs) / (reflections * sites),
      centralDifferences: (2 * parameters.size * lossMs) / stepMs,
    };
    rows.push(row);
    const cells = [sites, reflections, stepMs.toFixed(3), lossMs.toFixed(3), row.nsPerReflectionAtom.toFixed(1), row.centralDifferences.toFixed(1)];
    console.log(row.structure.padEnd(24) + cells.map((cell) => String(cell).padStart(17)).join(''));
  }
  console.log('\ndifferences/step: time of a gradient by central differences of the loss over the time of the analytic step\n');
  return rows;
}
