import { expect } from 'chai';
import { randomFromSeed, structureToJson, twoThetaAxis } from '@braggscape/core';
import type { PatternModel, Random, Structure } from '@braggscape/core';
import { instrumentModel } from '@braggscape/diffraction';
import type { InstrumentOptions } from '@braggscape/diffraction';
import { crystals } from '@braggscape/testing';

const axis = twoThetaAxis({ start: 18, stop: 120, count: 1361 });
const impurity = { name: 'cu', structure: structureToJson(crystals.copper), scale: 0.7 };

/** Instruments with every refinable number away from zero, split where numbers mean the same (X and strain, Y and size, zero and wavelength). */
const cases: readonly { title: string; options: Partial<InstrumentOptions> & Pick<InstrumentOptions, 'wavelength'>; free: readonly string[] }[] = [
  {
    title: 'a laboratory diffractometer with a doublet, texture, asymmetry, background and an impurity',
    options: {
      ...{ wavelength: 'CuKa1+2', u: 0.03, v: -0.02, w: 0.02, x: 0.05, y: 0.04, asymmetry: 0.06, monochromator: 26, zero: 0.03, displacement: 0.1 },
      ...{ scale: 1.2, texture: { direction: [0, 0, 1] as const, r: 0.8 }, background: [4000, -900, 300, 80], phases: [impurity] },
    },
    free: [
      ...['scale', 'zero', 'displacement', 'u', 'v', 'w', 'x', 'y', 'asymmetry', 'polarization', 'spectrum.1.weight', 'texture.r'],
      ...['background.0', 'background.1', 'background.2', 'background.3', 'phases.cu.scale', 'phases.cu.a'],
    ],
  },
  {
    title: 'a pseudo-Voigt and its widths',
    options: { wavelength: 1.5406, profile: 'pseudo-voigt', u: 0.03, v: -0.02, w: 0.05, eta0: 0.4, eta1: 0.003, scale: 2 },
    free: ['scale', 'u', 'v', 'w', 'eta0', 'eta1'],
  },
  {
    title: 'size and strain beside known Gaussian widths',
    options: { wavelength: 1.5406, profile: 'pseudo-voigt', w: 0.01, eta0: 0.4, size: 1.5e-3, strain: 1.5e-3 },
    free: ['scale', 'eta0', 'size', 'strain'],
  },
  {
    title: 'size and strain of both phases beside a known Thompson–Cox–Hastings profile',
    options: { wavelength: 1.5406, w: 0.01, size: 8e-4, strain: 7e-4, phases: [{ ...impurity, size: 1.1e-3, strain: 4e-4, texture: { direction: [1, 1, 1], r: 1.3 } }] },
    free: ['size', 'strain', 'phases.cu.size', 'phases.cu.strain', 'phases.cu.texture.r', 'scale', 'phases.cu.scale'],
  },
  { title: 'neutrons: the wavelength with the cell known', options: { wavelength: 1.494, scattering: 'neutron', profile: 'gaussian', w: 0.06 }, free: ['wavelength', 'scale', 'w'] },
];

/** Solve A x = b of a small symmetric system by Gaussian elimination with pivots. */
function solve(a: readonly Float64Array[], b: Float64Array): Float64Array {
  const rows = a.map((row, i) => Float64Array.of(...row, b[i]));
  const n = rows.length;
  for (let i = 0; i < n; i++) {
    const pivot = rows.slice(i).reduce((best, row, k) => (Math.abs(row[i]) > Math.abs(rows[best][i]) ? i + k : best), i);
    [rows[i], rows[pivot]] = [rows[pivot], rows[i]];
    for (let j = i + 1; j < n; j++) {
      const factor = rows[j][i] / rows[i][i];
      for (let k = i; k <= n; k++) rows[j][k] -= factor * rows[i][k];
    }
  }
  const x = new Float64Array(n);
  for (let i = n - 1; i >= 0; i--) {
    let rest = rows[i][n];
    for (let k = i + 1; k < n; k++) rest -= rows[i][k] * x[k];
    x[i] = rest / rows[i][i];
  }
  return x;
}

interface Fit {
  readonly values: Float64Array;
  /** Standard uncertainties of the free ones. */
  readonly uncertainty: Float64Array;
}

/** Gauss–Newton with weights to changes below a part of the standard uncertainties, damped by halving; derivatives by differences, so that nothing of the model's own gradient is used to judge it. */
function fit(model: PatternModel, structure: Structure, free: readonly number[], start: Float64Array, observed: Float64Array, variance: Float64Array, tolerance: number): Fit {
  const calculator = model.on(axis);
  const steps = model.parameters.map(({ step }) => 1e-3 * step);
  const chiSquared = (y: Float64Array): number => y.reduce((sum, value, i) => sum + (observed[i] - value) ** 2 / variance[i], 0);
  let values = start;
  let uncertainty = new Float64Array(free.length);
  for (let pass = 0; pass < 30; pass++) {
    const y = calculator.simulate(structure, values);
    const columns = free.map((at) => {
      const moved = (sign: number): Float64Array => calculator.simulate(structure, values.map((value, i) => (i === at ? value + sign * steps[at] : value)));
      const [up, down] = [moved(1), moved(-1)];
      return up.map((value, i) => (value - down[i]) / 2);
    });
    const normal = columns.map((a) => Float64Array.from(columns, (b) => a.reduce((sum, value, i) => sum + (value * b[i]) / variance[i], 0)));
    const right = Float64Array.from(columns, (a) => a.reduce((sum, value, i) => sum + (value * (observed[i] - y[i])) / variance[i], 0));
    const change = solve(normal, right);
    uncertainty = Float64Array.from(free, (at, k) => steps[at] * Math.sqrt(solve(normal, Float64Array.from(free, (_, i) => (i === k ? 1 : 0)))[k]));
    const before = chiSquared(y);
    let factor = 1;
    let next = values;
    for (; factor > 1e-6; factor /= 2) {
      next = values.map((value, i) => (free.includes(i) ? value + factor * steps[i] * change[free.indexOf(i)] : value));
      const trial = calculator.simulate(structure, next);
      if (chiSquared(trial) <= before) break;
    }
    values = next;
    if (change.every((value, k) => Math.abs(value * steps[free[k]]) <= tolerance * uncertainty[k])) break;
  }
  return { values, uncertainty };
}

function perturbed(model: PatternModel, free: readonly number[], random: Random): Float64Array {
  return Float64Array.from(model.parameters, ({ value, step }, i) => (free.includes(i) ? value + step * random.between(-0.5, 0.5) : value));
}

describe('fits to simulated patterns', () => {
  for (const { title, options, free } of cases) {
    const model = instrumentModel(options);
    const indices = free.map((name) => model.parameters.findIndex(({ id }) => id === name));
    const truth = Float64Array.from(model.parameters, ({ value }) => value);
    const clean = model.on(axis).simulate(crystals.rutile);

    it(`recover ${title} to 1e-6 from a perturbed start, without noise`, () => {
      expect(indices).to.not.include(-1);
      const start = perturbed(model, indices, randomFromSeed(2));
      const { values } = fit(model, crystals.rutile, indices, start, clean, clean.map((y) => Math.max(y, 1)), 1e-9);
      for (const [k, at] of indices.entries()) {
        const { id, step } = model.parameters[at];
        expect(Math.abs(start[at] - truth[at]), `${id} was not perturbed`).to.be.greaterThan(1e-3 * step);
        expect(Math.abs(values[at] - truth[at]) / Math.max(Math.abs(truth[at]), 1e-3), `${id} (${k})`).to.be.lessThan(1e-6);
      }
    });

    it(`recover ${title} within 3 standard uncertainties from counts`, () => {
      const random = randomFromSeed(11);
      const scale = 20_000 / clean.reduce((most, y) => Math.max(most, y), 0);
      // Poisson counts of 20 000 at the strongest point, a level of 20 under everything; the normal limit serves where the mean is large.
      const mean = clean.map((y) => y * scale + 20);
      const counts = mean.map((value) => poisson(value, random));
      const observed = counts.map((value) => (value - 20) / scale);
      const variance = mean.map((value) => value / (scale * scale));
      const { values, uncertainty } = fit(model, crystals.rutile, indices, perturbed(model, indices, random), observed, variance, 1e-3);
      for (const [k, at] of indices.entries()) {
        expect(uncertainty[k]).to.be.greaterThan(0);
        expect(Math.abs(values[at] - truth[at]) / uncertainty[k], model.parameters[at].id).to.be.lessThan(3);
      }
    });
  }
});

/** A Poisson number: by multiplication of uniforms where the mean is small, by the normal limit elsewhere. */
function poisson(mean: number, random: Random): number {
  if (mean > 200) return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal()));
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random.between(0, 1); product > limit; product *= random.between(0, 1)) count++;
  return count;
}
