import { expect } from 'chai';
import { createPluginHost, randomFromSeed } from '@braggscape/core';
import type { Minimizer, MinimizerStep, VectorProblem } from '@braggscape/core';
import { basinHopping, curvatureScales, fromTransform, lbfgs, multiStart, optimizersPlugin, preconditioned, restarts, scale, scaleByAdam, shake } from '@braggscape/optimizers';
import { crystals, rejectionOf } from '@braggscape/testing';

/** Points that were evaluated, beside the problem. */
function recorded(size: number, value: (x: Float64Array) => number, gradient: (x: Float64Array) => readonly number[], more: Partial<VectorProblem> = {}): VectorProblem & { readonly asked: number[][] } {
  const asked: number[][] = [];
  return {
    size,
    asked,
    project: (x) => x,
    evaluate: (x) => {
      asked.push([...x]);
      return Promise.resolve({ value: value(x), gradient: Float64Array.from(gradient(x)) });
    },
    ...more,
  };
}

async function run<State>(minimizer: Minimizer<State>, problem: VectorProblem, start: readonly number[], steps: number): Promise<MinimizerStep<State>> {
  let current = await minimizer.init(problem, Float64Array.from(start));
  for (let step = 0; step < steps && current.failed === undefined; step++) current = await minimizer.step(problem, structuredClone(current));
  return current;
}

const newton = () => lbfgs({ memory: 10, maxStep: 1, firstStep: 0.02, slopeLeft: 1, noise: 1e-12, rounding: 1e-15 });
const wells = recorded(1, ([x]) => (x * x - 1) ** 2 + 0.3 * x, ([x]) => [4 * x * (x * x - 1) + 0.3]);
/** The lower of its two minima, at the most negative root of 4x³ − 4x + 0.3. */
const lowest = -1.0355;

describe('restarts', () => {
  it('forget everything after each period, which grows, for no evaluation', async () => {
    const problem = recorded(1, ([x]) => x, () => [1]);
    // Adam’s count of steps shows its age.
    const minimizer = restarts(fromTransform(scaleByAdam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 })), { period: 2, growth: 2 });
    let current = await minimizer.init(problem, Float64Array.of(0));
    const ages: number[] = [];
    for (let step = 0; step < 12; step++) {
      current = await minimizer.step(problem, current);
      ages.push(current.state.inner.transform.count);
    }
    expect(ages).to.deep.equal([1, 2, 1, 2, 3, 4, 1, 2, 3, 4, 5, 6]);
    expect(problem.asked).to.have.length(13);
  });

  it('free a method that is stuck with what it remembers', async () => {
    const problem = recorded(1, ([x]) => x * x, ([x]) => [2 * x]);
    const stuck: Minimizer<number> = {
      kind: 'minimizer',
      init: async (on, x) => ({ x, evaluation: await on.evaluate(x, 'gradient'), state: 0, rejected: 0 }),
      step: async (on, current) => {
        if (current.state > 2) return { ...current, failed: 'noProgress' };
        const x = current.x.map((v) => v / 2);
        return { x, evaluation: await on.evaluate(x, 'gradient'), state: current.state + 1, rejected: 0 };
      },
    };
    expect((await run(stuck, problem, [1], 20)).failed).to.equal('noProgress');
    expect((await run(restarts(stuck, { period: 100, growth: 1 }), problem, [1], 20)).x[0]).to.equal(2 ** -20);
  });
});

describe('preconditioning', () => {
  const stiff = (more: Partial<VectorProblem> = {}) => recorded(4, ([a, b, c, d]) => 5000 * (a * a + b * b) + 0.5 * (c * c + d * d), ([a, b, c, d]) => [1e4 * a, 1e4 * b, c, d], more);

  it('finds the scale of each block with one evaluation, and lets one learning rate suit all', async () => {
    const problem = stiff({ blocks: [2, 2] });
    const minimizer = preconditioned(fromTransform(scale(-1)), curvatureScales(1e-3));
    const start = await minimizer.init(problem, Float64Array.of(1, -1, 1, 2));
    expect(problem.asked).to.have.length(3);
    start.state.scales.forEach((found, i) => expect(found).to.be.closeTo(i < 2 ? 0.01 : 1, 1e-9));
    // In these units a step of one is Newton’s.
    const { x } = await minimizer.step(problem, start);
    x.forEach((value) => expect(value).to.be.closeTo(0, 1e-9));
  });

  it('takes each component for a block where none is named', async () => {
    const problem = stiff();
    await preconditioned(fromTransform(scale(-1)), curvatureScales(1e-3)).init(problem, Float64Array.of(1, 1, 1, 1));
    expect(problem.asked).to.have.length(5);
  });

  it('hands on the very evaluations of the problem, in its own units', async () => {
    const problem = stiff({ blocks: [2, 2] });
    const made = new Set<unknown>();
    const watched: VectorProblem = {
      ...problem,
      evaluate: async (x, need) => {
        const evaluation = await problem.evaluate(x, need);
        made.add(evaluation);
        return evaluation;
      },
    };
    const minimizer = preconditioned(newton(), curvatureScales(1e-3));
    let current = await minimizer.init(watched, Float64Array.of(1, 1, 1, 1));
    for (let step = 0; step < 5; step++) {
      expect(made.has(current.evaluation)).to.equal(true);
      expect(current.evaluation.gradient?.[0]).to.be.closeTo(1e4 * current.x[0], 1e-6);
      current = await minimizer.step(watched, current);
    }
  });

  it('keeps plain units where there is no curvature, or no number', async () => {
    const flat = recorded(2, ([a]) => a, () => [1, 0]);
    expect([...(await preconditioned(fromTransform(scale(-1)), curvatureScales(1e-3)).init(flat, Float64Array.of(1, 1))).state.scales]).to.deep.equal([1, 1]);
    const nan = recorded(1, () => Number.NaN, () => [Number.NaN]);
    const current = await run(preconditioned(newton(), curvatureScales(1e-3)), nan, [1], 3);
    expect(current.failed).to.equal('nonFinite');
  });
});

describe('multi-start and basin hopping', () => {
  const options = { rounds: 12, steps: 60, tolerance: 1e-8 };
  const searches: Readonly<Record<string, (seed: number) => Minimizer<any>>> = {
    'multi-start': (seed) => multiStart(newton(), { ...options, spread: 2.5 }, randomFromSeed(seed)),
    'basin hopping': (seed) => basinHopping(newton(), shake(2.5), { ...options, temperature: 0.1 }, randomFromSeed(seed)),
  };

  it('a descent alone ends in the nearest minimum', async () => {
    expect((await run(newton(), wells, [1], 200)).x[0]).to.be.closeTo(0.9602, 1e-3);
  });

  for (const [name, search] of Object.entries(searches)) {
    it(`${name} ends in the lowest one, with no further step`, async () => {
      for (let seed = 0; seed < 10; seed++) {
        const end = await run(search(seed), wells, [1], 2000);
        expect(end.failed, String(seed)).to.equal('noProgress');
        expect(end.x[0], String(seed)).to.be.closeTo(lowest, 1e-3);
      }
    });

    it(`${name} repeats from its seed, through clones and JSON, and differs with another`, async () => {
      const points = async (seed: number): Promise<number> => (await run(search(seed), wells, [1], 40)).x[0];
      expect(await points(3)).to.equal(await points(3));
      expect(await points(3)).to.not.equal(await points(4));
    });

    it(`${name} draws again where a start is inadmissible`, async () => {
      const walled = recorded(1, ([x]) => (x > 1.1 || x < -1.2 ? Number.NaN : (x * x - 1) ** 2 + 0.3 * x), ([x]) => [4 * x * (x * x - 1) + 0.3]);
      const end = await run(search(1), walled, [1], 2000);
      expect(end.x[0]).to.be.closeTo(lowest, 1e-3);
    });
  }

  it('hops by a move of one’s own', async () => {
    const mirrored = basinHopping(newton(), (x) => x.map((v) => -v), { rounds: 2, steps: 60, tolerance: 1e-8, temperature: 0 }, randomFromSeed(1));
    expect((await run(mirrored, wells, [1], 200)).x[0]).to.be.closeTo(lowest, 1e-3);
  });

  it('a hop uphill is taken back at temperature zero', async () => {
    const homes: number[] = [];
    const watch = basinHopping(newton(), (x) => (homes.push(x[0]), Float64Array.of(1)), { rounds: 4, steps: 60, tolerance: 1e-8, temperature: 0 }, randomFromSeed(1));
    await run(watch, wells, [-1], 300);
    homes.forEach((x) => expect(x).to.be.closeTo(lowest, 1e-3));
    expect(homes).to.have.length(3);
  });
});

describe('optimizers made of optimizers by name', () => {
  const host = createPluginHost([optimizersPlugin]);
  const make = async (use: string, options: Record<string, unknown>) => {
    const entry = host.registry('optimizers').get(use);
    return entry.create(entry.normalize(options, 'optimizer'), { start: crystals.rutile, random: randomFromSeed(1) });
  };

  it('wrap any other, also one that wraps', async () => {
    const made = await make('restarts', { of: { use: 'preconditioned', of: { use: 'momentum', learningRate: 0.1 } }, period: 20 });
    const end = await run(made as Minimizer, recorded(2, ([a, b]) => 500 * a * a + b * b, ([a, b]) => [1000 * a, 2 * b]), [1, 1], 300);
    expect(end.evaluation.value).to.be.below(1e-6);
  });

  it('name what they do not know, and wrong options of the wrapped', async () => {
    const unknown = await rejectionOf(make('restarts', { of: { use: 'adm' } }));
    expect(`${unknown.message} ${unknown.hint}`).to.match(/adm.*adam/);
    const wrong = await rejectionOf(make('restarts', { of: { use: 'adam', beta: 1 } }));
    expect(wrong.message).to.contain('beta');
  });
});
