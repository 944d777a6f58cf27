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
import { median, row, timesOf } from './measure.mjs';

export const wavelength = 1.5406;
export const range = { start: 5, stop: 90, count: 8500 };
/** FWHM² = W in deg². */
export const width = { u: 0, v: 0, w: 0.1 };
const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** CIF files to measure on. */
export function benchStructures() {
  const shared = join(root, '../shared/structures');
  const folder = existsSync(shared) ? shared : join(root, 'examples');
  return readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.cif')).sort().map((name) => join(folder, name));
}

/** The true and the distorted structure of a file. */
export function readCase(file) {
  const truth = readStructures(readFileSync(file, 'utf8'), { name: file })[0].structure;
  return { name: basename(file, '.cif'), truth, structure: distortLattice(truth, 0.05, randomFromSeed(1)) };
}

/** The step at a structure, and the loss alone, ready to be timed. */
export function prepareStep({ truth, structure }, axis = twoThetaAxis(range)) {
  const calculator = powderPatternModel({ wavelength, ...width }).on(axis);
  const target = calculator.simulate(truth);
  const compare = cosine.against({ twoTheta: axis, intensity: target });
  const parameters = structureParameterization(structure, { vary: ['cell', 'coords'] });
  const x = parameters.pack(structure);
  return {
    calculator,
    compare,
    target,
    size: parameters.size,
    loss: () => compare(calculator.simulate(parameters.unpack(x)), 'value').value,
    step: () => {
      const { calc, pullback } = calculator.linearize(parameters.unpack(x));
      return parameters.pullback(x, pullback(compare(calc, 'gradient').dCalc));
    },
  };
}

/** 2θ (degrees) of every reflection up to an angle, Friedel pairs counted once: what the kernel sums over. */
export function reflectionAngles(lattice, last = range.stop) {
  const inverse = inverse3(lattice);
  const limit = (2 * Math.sin((last / 2) * (Math.PI / 180))) / wavelength;
  const most = [0, 3, 6].map((i) => Math.floor(limit * Math.hypot(lattice[i], lattice[i + 1], lattice[i + 2])));
  const angles = [];
  for (let h = 0; h <= most[0]; h++) {
    for (let k = h === 0 ? 0 : -most[1]; k <= most[1]; k++) {
      for (let l = h === 0 && k === 0 ? 1 : -most[2]; l <= most[2]; l++) {
        const length = Math.hypot(...[0, 3, 6].map((i) => inverse[i] * h + inverse[i + 1] * k + inverse[i + 2] * l));
        if (length <= limit) angles.push((360 / Math.PI) * Math.asin((length * wavelength) / 2));
      }
    }
  }
  return angles;
}

/** Measure every structure, print the table, return the figures. */
export function benchSteps() {
  const rows = [];
  console.log('one loss-and-gradient step (cosine, 8500 points)\n');
  console.log(row(['structure', 'sites', 'refl. pairs', 'step ms', 'loss ms', 'ns/(refl.·atom)', 'differences/step'], 17));
  for (const file of benchStructures()) {
    const { name, truth, structure } = readCase(file);
    const { step, loss, size } = prepareStep({ truth, structure });
    const stepMs = median(timesOf(step, 0.4));
    const lossMs = median(timesOf(loss, 0.2));
    const sites = structure.numbers.length;
    const reflections = reflectionAngles(structure.lattice).length;
    const figures = {
      structure: name,
      sites,
      reflections,
      stepMs,
      lossMs,
      nsPerReflectionAtom: (1e6 * stepMs) / (reflections * sites),
      centralDifferences: (2 * size * lossMs) / stepMs,
    };
    rows.push(figures);
    console.log(row([name, sites, reflections, stepMs.toFixed(3), lossMs.toFixed(3), figures.nsPerReflectionAtom.toFixed(1), figures.centralDifferences.toFixed(1)], 17));
  }
  console.log('\ndifferences/step: time of a gradient by central differences of the loss over the time of the analytic step\n');
  return rows;
}
