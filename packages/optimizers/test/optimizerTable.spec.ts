import { expect } from 'chai';
import { createPluginHost, randomFromSeed } from '@braggscape/core';
import type { EntryChoice, Minimizer } from '@braggscape/core';
import { asMinimizer, bestSoFar, clipNorm, chain, curvatureScales, fromTransform, lbfgs, levenbergMarquardt, optimizersPlugin, preconditioned, restarts } from '@braggscape/optimizers';
import { brownBadlyScaled, checkOptimizer, crystals, optimizerProblems } from '@braggscape/testing';

/** Problems in the order of the table. */
const problems = ['sphere', 'narrow valley', 'bowl of condition 1e6', 'cone', 'Rosenbrock', 'Himmelblau', 'Box'] as const;

interface Row {
  /** Options where the defaults, made for ångström and patterns, are not meant for these problems. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Part of the start's value that is left at most, for each problem in turn: the stated outcome. 1e-20 is the minimum. */
  readonly left: readonly number[];
}

const found = 1e-20;
const rate = (learningRate: number) => ({ options: { learningRate } });

/**
 * What each optimizer makes of each problem in 2000 steps. Methods with a learning rate crawl along the soft directions of the bowl and of Box's problem; line searches, least squares and
 * preconditioning find the minimum of all.
 */
const table: Readonly<Record<string, Row>> = {
  'gradient-descent': { ...rate(0.005), left: [1e-16, 1e-18, 0.05, 1e-14, 0.2, 5e-3, 1e-6] },
  snap: { options: { learningRate: 0.005, relativeLimit: 0.01 }, left: [1e-16, 1e-18, 0.05, 1e-14, 0.2, 5e-3, 2e-6] },
  'clipped-descent': { options: { learningRate: 0.005, norm: 3 }, left: [1e-16, 1e-18, 0.05, 1e-14, 0.2, 5e-3, 5e-5] },
  momentum: { ...rate(0.002), left: [found, found, 0.01, found, 0.2, 1e-9, 1e-4] },
  nesterov: { ...rate(0.002), left: [found, found, 0.01, found, 0.2, 1e-9, 1e-6] },
  rmsprop: { left: [5e-5, found, found, 5e-4, 5e-3, 1e-10, 2e-4] },
  adam: { left: [found, found, found, found, 1e-4, found, 5e-3] },
  amsgrad: { left: [1e-18, found, found, found, 0.3, found, 0.1] },
  sign: { ...rate(0.005), left: [found, found, found, found, 0.3, found, 0.3] },
  fire: { left: [found, found, 1e-6, found, 1e-7, found, 1e-7] },
  'conjugate-gradient': { options: { maxStep: 10 }, left: [found, found, found, found, found, found, found] },
  lbfgs: { options: { maxStep: 10 }, left: [found, found, found, found, found, found, found] },
  'levenberg-marquardt': { options: { maxStep: 10 }, left: [found, found, found, found, found, found, found] },
  'gauss-newton': { options: { maxStep: 10 }, left: [found, found, found, found, found, found, found] },
  preconditioned: { left: [found, found, found, 0.3, 0.1, found, 1e-4] },
  restarts: { left: [1e-11, 1e-12, 1e-10, 1e-10, 1e-6, 1e-10, 1e-4] },
  'multi-start': { options: { tolerance: 1e-9 }, left: [found, found, 1e-15, found, 1e-15, found, 1e-3] },
  'basin-hopping': { options: { tolerance: 1e-9 }, left: [found, found, 1e-15, found, 1e-15, found, 1e-15] },
};

const host = createPluginHost([optimizersPlugin]);
const registry = host.registry('optimizers');

async function make({ use, ...options }: EntryChoice): Promise<Minimizer> {
  const entry = registry.get(use);
  return asMinimizer(await entry.create(entry.normalize(options, use), { start: crystals.rutile, random: randomFromSeed(1) }));
}

/** As many as a check creates. */
const pool = async (choice: EntryChoice): Promise<Minimizer[]> => Promise.all(Array.from({ length: 3 * problems.length + 1 }, () => make(choice)));

describe('the table of optimizers', () => {
  it('has every registered optimizer and every problem', () => {
    expect(Object.keys(table)).to.have.members(registry.list().map(({ id }) => id));
    expect(optimizerProblems.map(({ name }) => name)).to.deep.equal(problems);
  });

  for (const [id, { options = {}, left }] of Object.entries(table)) {
    it(`${id} reaches its stated outcomes`, async () => {
      const made = await pool({ use: id, ...options });
      await checkOptimizer(() => made.pop() as Minimizer, { outcomes: Object.fromEntries(problems.map((name, i) => [name, left[i]])) });
    });
  }

  /** Wrappers, and what they leave of the outcomes of the wrapped. */
  const wrappers: Readonly<Record<string, { readonly wrap: (inner: Minimizer) => Minimizer<any>; readonly worse: number }>> = {
    bestSoFar: { wrap: bestSoFar, worse: 1 },
    // Momentum and curvature that are forgotten every hundred steps.
    restarts: { wrap: (inner) => restarts(inner, { period: 100, growth: 1.5 }), worse: Infinity },
    preconditioned: { wrap: (inner) => preconditioned(inner, curvatureScales(1e-3)), worse: Infinity },
    'restarts of preconditioned': { wrap: (inner) => restarts(preconditioned(inner, curvatureScales(1e-3)), { period: 100, growth: 1 }), worse: Infinity },
  };
  for (const [name, { wrap, worse }] of Object.entries(wrappers)) {
    for (const [id, { options = {}, left }] of Object.entries(table)) {
      it(`${id} in ${name} keeps the laws`, async () => {
        const made = await pool({ use: id, ...options });
        const outcomes = Object.fromEntries(problems.map((problem, i) => [problem, Math.min(0.9, worse * left[i])]));
        await checkOptimizer(() => wrap(made.pop() as Minimizer), { steps: worse === 1 ? 2000 : 400, outcomes });
      });
    }
  }

  it('clipping changes no optimizer where nothing is long, and keeps all finite where all is', async () => {
    for (const id of ['momentum', 'adam', 'sign', 'fire']) {
      const entry = registry.get(id);
      const transform = await entry.create(entry.normalize(table[id].options ?? {}, id), { start: crystals.rutile, random: randomFromSeed(1) });
      if (transform.kind !== 'transform') continue;
      for (const norm of [1e6, 0.3]) await checkOptimizer(() => fromTransform(chain(clipNorm(norm), transform)), { outcomes: { Rosenbrock: 0.99, Box: 0.999, 'bowl of condition 1e6': 0.9 } });
    }
  });
});

describe('components of very different size', () => {
  const { start, value, gradient, residuals } = brownBadlyScaled;
  const methods = { 'L-BFGS': lbfgs({ memory: 10, maxStep: 1e7, firstStep: 1, slopeLeft: 0.9, noise: 1e-15, rounding: 0 }), 'Levenberg–Marquardt': levenbergMarquardt({ damping: 1e-3, difference: 1e-6, maxStep: 1e7 }) };
  for (const [name, method] of Object.entries(methods)) {
    it(`are no hindrance to ${name}: Brown’s badly scaled problem`, async () => {
      const problem = {
        size: 2,
        project: (x: Float64Array) => x,
        evaluate: (x: Float64Array) => Promise.resolve({ value: value(x), gradient: gradient(x) }),
        residuals: (x: Float64Array) => Promise.resolve(residuals(x)),
      };
      let current = await (method as Minimizer).init(problem, start.slice());
      for (let step = 0; step < 300 && current.failed === undefined && current.evaluation.value > 1e-18; step++) current = await (method as Minimizer).step(problem, current);
      expect(current.x[0]).to.be.closeTo(1e6, 1e-3);
      expect(current.x[1]).to.be.closeTo(2e-6, 1e-12);
    });
  }
});
