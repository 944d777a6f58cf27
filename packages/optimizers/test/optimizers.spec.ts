import { expect } from 'chai';
import type { Minimizer, MinimizerStep, Progress, VectorProblem } from '@braggscape/core';
import {
  accumulateMomentum,
  allOf,
  anyOf,
  asMinimizer,
  bestSoFar,
  budget,
  chain,
  diverged,
  fromTransform,
  gradientTolerance,
  limitRelativeStep,
  makeSchedule,
  maxSteps,
  optimizersPlugin,
  scale,
  scaleByAdam,
  scaleByLearningRate,
  stalled,
  targetValue,
  weightedSum,
} from '@braggscape/optimizers';
import { checkOptimizer, checkPlugin } from '@braggscape/testing';

const at = (x: Float64Array, step = 0) => ({ step, x, value: 0 });

describe('transforms', () => {
  it('chain in order, each with its own state', () => {
    const chained = chain(scale(2), limitRelativeStep(0.1, 1), scale(-1));
    const x = Float64Array.of(10, 0.5);
    const [update] = chained.update(Float64Array.of(3, -0.02), chained.init(x), at(x));
    expect([...update]).to.deep.equal([-1, 0.04]);
  });

  it('limit each component to a part of its size, or of the floor', () => {
    const transform = limitRelativeStep(0.01, 2);
    const x = Float64Array.of(100, 0, -5);
    const [update] = transform.update(Float64Array.of(5, -5, 0.001), null, at(x));
    expect([...update]).to.deep.equal([1, -0.02, 0.001]);
  });

  it('accumulate momentum, with and without looking ahead', () => {
    const plain = accumulateMomentum({ decay: 0.5 });
    const x = Float64Array.of(0);
    const [first, state] = plain.update(Float64Array.of(1), plain.init(x), at(x));
    const [second] = plain.update(Float64Array.of(1), state, at(x));
    expect([first[0], second[0]]).to.deep.equal([1, 1.5]);
    const ahead = accumulateMomentum({ decay: 0.5, nesterov: true });
    expect(ahead.update(Float64Array.of(1), ahead.init(x), at(x))[0][0]).to.equal(1.5);
  });

  it('take Adam’s first step with the size of the learning rate, whatever the gradient’s', () => {
    const adam = scaleByAdam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-12 });
    const x = Float64Array.of(0, 0);
    const [update] = adam.update(Float64Array.of(1e-3, -1e5), adam.init(x), at(x));
    expect(update[0]).to.be.closeTo(1, 1e-8);
    expect(update[1]).to.be.closeTo(-1, 1e-8);
  });

  it('follow Adam’s recurrence as published', () => {
    const adam = scaleByAdam({ beta1: 0.8, beta2: 0.9, epsilon: 0.01 });
    const x = Float64Array.of(0);
    const [, state] = adam.update(Float64Array.of(2), adam.init(x), at(x));
    const [update] = adam.update(Float64Array.of(-1), state, at(x));
    const mean = (0.8 * 0.2 * 2 + 0.2 * -1) / (1 - 0.8 ** 2);
    const variance = (0.9 * 0.1 * 4 + 0.1 * 1) / (1 - 0.9 ** 2);
    expect(update[0]).to.be.closeTo(mean / (Math.sqrt(variance) + 0.01), 1e-14);
  });

  it('scale by a learning rate that falls with the step', () => {
    const transform = scaleByLearningRate(makeSchedule({ law: 'step', start: 1, factor: 0.1, every: 10 }));
    const x = Float64Array.of(0);
    expect(transform.update(Float64Array.of(2), null, at(x, 9))[0][0]).to.equal(-2);
    expect(transform.update(Float64Array.of(2), null, at(x, 10))[0][0]).to.be.closeTo(-0.2, 1e-15);
  });
});

describe('schedules', () => {
  for (const law of ['linear', 'exponential', 'cosine'] as const) {
    it(`${law} goes from start to end and stays`, () => {
      const schedule = makeSchedule({ law, start: 1, end: 0.01, steps: 100 });
      expect(schedule(0)).to.be.closeTo(1, 1e-15);
      expect(schedule(100)).to.be.closeTo(0.01, 1e-15);
      expect(schedule(1000)).to.be.closeTo(0.01, 1e-15);
      for (let step = 0; step < 100; step++) expect(schedule(step + 1)).to.be.lessThan(schedule(step));
      const half = { linear: 0.505, exponential: 0.1, cosine: 0.505 }[law];
      expect(schedule(50)).to.be.closeTo(half, 1e-12);
    });
  }

  it('may be a number', () => {
    expect(makeSchedule(0.3)(77)).to.equal(0.3);
  });
});

/** x² with NaN right of a wall; counts evaluations. */
function parabola(wall = Infinity): VectorProblem & { evaluations: number } {
  const problem = {
    size: 1,
    evaluations: 0,
    evaluate: (x: Float64Array) => {
      problem.evaluations++;
      const bad = x[0] > wall;
      return Promise.resolve({ value: bad ? Number.NaN : x[0] ** 2, gradient: Float64Array.of(bad ? Number.NaN : 2 * x[0]) });
    },
    project: (x: Float64Array) => x,
  };
  return problem;
}

describe('fromTransform', () => {
  it('halves a step until the point is admissible, and counts what it rejected', async () => {
    const minimizer = fromTransform(scale(-3));
    const start = await minimizer.init(parabola(1), Float64Array.of(-1));
    // −1 + 6 = 5, then 2, then 0.5.
    const step = await minimizer.step(parabola(1), start);
    expect(step.x[0]).to.equal(0.5);
    expect(step.rejected).to.equal(2);
    expect(step.failed).to.equal(undefined);
  });

  it('gives up with a reason and stays where it is', async () => {
    const minimizer = fromTransform(scale(-3));
    const start = await minimizer.init(parabola(), Float64Array.of(-1));
    const stuck = await minimizer.step({ ...parabola(-2), project: (x) => x }, start);
    expect(stuck.failed).to.equal('nonFinite');
    expect(stuck.x).to.equal(start.x);
    const nowhere = await minimizer.step({ ...parabola(), project: (x) => x.map(() => Number.NaN) }, start);
    expect(nowhere.failed).to.equal('nonFinite');
  });

  it('costs one evaluation per admissible step', async () => {
    const problem = parabola();
    const minimizer = fromTransform(scale(-0.1));
    let current: MinimizerStep<any> = await minimizer.init(problem, Float64Array.of(1));
    for (let i = 0; i < 10; i++) current = await minimizer.step(problem, current);
    expect(problem.evaluations).to.equal(11);
  });

  it('moves to projected points', async () => {
    const minimizer = fromTransform(scale(-0.6));
    const clamped: VectorProblem = { ...parabola(), project: (x) => x.map((v) => Math.max(0.25, v)) };
    const step = await minimizer.step(clamped, await minimizer.init(clamped, Float64Array.of(1)));
    expect(step.x[0]).to.equal(0.25);
  });

  it('leaves a minimizer as it is', () => {
    const minimizer = fromTransform(scale(-1));
    expect(asMinimizer(minimizer as Minimizer<never>)).to.equal(minimizer);
  });
});

describe('bestSoFar', () => {
  it('remembers the lowest point of an iteration that goes up again, and survives cloning', async () => {
    const minimizer = bestSoFar(fromTransform(scale(-1.1)));
    let current = await minimizer.init(parabola(), Float64Array.of(1));
    for (let i = 0; i < 5; i++) current = await minimizer.step(parabola(), structuredClone(current));
    expect(current.evaluation.value).to.be.greaterThan(1);
    expect(current.state.best.evaluation.value).to.equal(1);
    expect(current.state.best.x[0]).to.equal(1);
  });

  it('does not change the iteration', async () => {
    await checkOptimizer(() => bestSoFar(fromTransform(scale(-0.005))));
  });
});

describe('weighted sum', () => {
  const inputs = [{ id: 'a', unit: '1', weight: 2 }, { id: 'b', unit: 'eV', weight: 0.5 }];

  it('adds values and gradients with their weights', () => {
    const parts = [{ value: 1, gradient: Float64Array.of(1, 0) }, { value: 4, gradient: Float64Array.of(0, 2) }];
    const { value, gradient, weights } = weightedSum.combine(parts, weightedSum.init(inputs));
    expect(value).to.equal(4);
    expect([...(gradient ?? [])]).to.deep.equal([2, 1]);
    expect([...weights]).to.deep.equal([2, 0.5]);
  });

  it('gives no gradient when a part has none', () => {
    expect(weightedSum.combine([{ value: 1, gradient: Float64Array.of(1) }, { value: 2 }], weightedSum.init(inputs)).gradient).to.equal(undefined);
  });
});

describe('stop rules', () => {
  const progress = (more: Partial<Progress>): Progress => ({
    step: 1, value: 1, bestValue: 1, bestStep: 0, startValue: 1, gradientNorm: 1, stepNorm: 1, evaluations: 1, seconds: 1, ...more,
  });

  it('speak at their limits and not before', () => {
    const table = [
      [maxSteps(3), { step: 2 }, { step: 3 }, 'maxSteps'],
      [gradientTolerance(1e-3), { gradientNorm: 2e-3 }, { gradientNorm: 1e-3 }, 'converged'],
      [targetValue(0.1), { value: 0.2 }, { value: 0.1 }, 'converged'],
      [budget({ evaluations: 5 }), { evaluations: 4 }, { evaluations: 5 }, 'budget'],
      [budget({ seconds: 5 }), { seconds: 4 }, { seconds: 5 }, 'budget'],
      [diverged(2), { value: 3 }, { value: 3.1 }, 'diverged'],
    ] as const;
    for (const [rule, before, after, reason] of table) {
      const watch = rule.start();
      expect(watch(progress(before))).to.equal(undefined);
      expect(watch(progress(after))).to.equal(reason);
    }
  });

  it('a NaN speaks for no tolerance', () => {
    expect(gradientTolerance(1).start()(progress({ gradientNorm: Number.NaN }))).to.equal(undefined);
    expect(targetValue(1).start()(progress({ value: Number.NaN }))).to.equal(undefined);
  });

  it('stall only after the patience, counted from the last real improvement', () => {
    const watch = stalled(3, 0.1).start();
    const values = [1, 0.95, 0.5, 0.49, 0.48, 0.47];
    const verdicts = values.map((bestValue, step) => watch(progress({ step, bestValue })));
    expect(verdicts).to.deep.equal([undefined, undefined, undefined, undefined, undefined, 'stalled']);
  });

  it('combine by any and by all, each watcher seeing every step', () => {
    const any = anyOf(maxSteps(10), targetValue(0.5)).start();
    expect(any(progress({}))).to.equal(undefined);
    expect(any(progress({ value: 0.5 }))).to.equal('converged');
    const all = allOf(targetValue(0.5), gradientTolerance(0.1)).start();
    expect(all(progress({ value: 0.1 }))).to.equal(undefined);
    expect(all(progress({ value: 0.1, gradientNorm: 0.1 }))).to.equal('converged');
    const looking = anyOf(maxSteps(100), stalled(2, 0)).start();
    expect([0, 1, 2].map((step) => looking(progress({ step, bestValue: 1 })))).to.deep.equal([undefined, undefined, 'stalled']);
  });
});

describe('optimizers plugin', () => {
  it('passes the plugin check with every entry', async () => {
    const slow = { outcomes: { 'bowl of condition 1e6': 0.9, Rosenbrock: 0.9 } };
    const checked = await checkPlugin(optimizersPlugin, {
      options: {
        'gradient-descent': { learningRate: 0.005 },
        momentum: { learningRate: 0.002 },
        sign: { learningRate: 0.005 },
        nesterov: { learningRate: 0.002 },
        'clipped-descent': { learningRate: 0.005, norm: 3 },
        snap: { learningRate: 0.005, relativeLimit: 0.01, floor: 1 },
        'target-value': { value: 0 },
        'epsilon-constraint': { bounds: { second: 1.5 } },
      },
      optimizers: { amsgrad: slow, sign: slow },
    });
    expect(checked).to.include.members(['gradient-descent', 'snap', 'momentum', 'adam', 'weighted-sum', 'max-steps', 'stalled', 'diverged', 'budget', 'target-value', 'gradient-tolerance']);
  });
});
