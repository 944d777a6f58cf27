import { expect } from 'chai';
import type { Minimizer, VectorProblem } from '@braggscape/core';
import { clipNorm, conjugateGradient, fire, fromTransform, lbfgs, scaleByAmsGrad, scaleByRmsProp, takeSign } from '@braggscape/optimizers';

const at = (x: Float64Array) => ({ step: 0, x, value: 0 });

interface Counted extends VectorProblem {
  evaluations: number;
}

function problem(size: number, value: (x: Float64Array) => number, gradient: (x: Float64Array) => readonly number[]): Counted {
  return {
    size,
    evaluations: 0,
    project: (x) => x,
    evaluate(x) {
      this.evaluations++;
      return Promise.resolve({ value: value(x), gradient: Float64Array.from(gradient(x)) });
    },
  };
}

const rosenbrock = () =>
  problem(
    2,
    ([x, y]) => 100 * (y - x * x) ** 2 + (1 - x) ** 2,
    ([x, y]) => [-400 * x * (y - x * x) - 2 * (1 - x), 200 * (y - x * x)],
  );
/** Condition number 1e6 in ten dimensions. */
const stiffnesses = Array.from({ length: 10 }, (_, i) => 10 ** ((6 * i) / 9));
const bowl = () =>
  problem(
    10,
    (x) => stiffnesses.reduce((sum, k, i) => sum + (k * x[i] * x[i]) / 2, 0),
    (x) => stiffnesses.map((k, i) => k * x[i]),
  );
// D. M. Himmelblau, Applied Nonlinear Programming (1972).
const himmelblau = () =>
  problem(
    2,
    ([x, y]) => (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2,
    ([x, y]) => [4 * x * (x * x + y - 11) + 2 * (x + y * y - 7), 2 * (x * x + y - 11) + 4 * y * (x + y * y - 7)],
  );

async function minimize<State>(minimizer: Minimizer<State>, on: VectorProblem, start: readonly number[], target: number, steps: number): Promise<number> {
  let current = await minimizer.init(on, Float64Array.from(start));
  for (let step = 0; step < steps && current.evaluation.value > target; step++) {
    // State is plain data at every step.
    current = await minimizer.step(on, { ...current, state: structuredClone(current.state) });
    if (current.failed !== undefined) break;
  }
  return current.evaluation.value;
}

describe('line searches and quasi-Newton steps', () => {
  const minimizers = {
    'L-BFGS': lbfgs({ memory: 20, maxStep: 10, firstStep: 1e-3, slopeLeft: 1, noise: 1e-15, rounding: 0 }),
    'L-BFGS, by the textbook': lbfgs({ memory: 20, maxStep: 10, firstStep: 1e-3, slopeLeft: 0.9, noise: 1e-15, rounding: 0 }),
    'conjugate gradients': conjugateGradient({ maxStep: 10, firstStep: 1e-2, noise: 1e-15, rounding: 0 }),
  };
  for (const [name, minimizer] of Object.entries(minimizers)) {
    it(`${name} find the minima of textbook problems in a few hundred evaluations`, async () => {
      for (const [make, start] of [[rosenbrock, [-1.2, 1]], [himmelblau, [0, 0]], [bowl, Array.from({ length: 10 }, () => 1)]] as const) {
        const on = make();
        expect(await minimize(minimizer as Minimizer, on, start, 1e-10, 2000), make.name).to.be.at.most(1e-10);
        expect(on.evaluations, make.name).to.be.lessThan(make === bowl ? 4000 : 400);
      }
    });

    it(`${name} say when they cannot go on, and why`, async () => {
      const flat = problem(1, () => 1, () => [0]);
      const start = await minimizer.init(flat, Float64Array.of(0));
      expect((await minimizer.step(flat, start as never)).failed).to.equal('noProgress');
      // Downhill by the gradient, uphill by the value: a gradient that lies.
      const lying = problem(1, ([x]) => Math.abs(x), () => [-1]);
      expect((await minimizer.step(lying, (await minimizer.init(lying, Float64Array.of(0))) as never)).failed).to.equal('noProgress');
      const hole = problem(1, ([x]) => (x === 0 ? 0 : Number.NaN), () => [1]);
      expect((await minimizer.step(hole, (await minimizer.init(hole, Float64Array.of(0))) as never)).failed).to.equal('nonFinite');
    });
  }

  it('FIRE runs down a narrow valley and rests at its end', async () => {
    const on = rosenbrock();
    expect(await minimize(fromTransform(fire({ timeStep: 0.01, maxTimeStep: 0.05, maxStep: 0.2 })), on, [-1.2, 1], 1e-8, 20000)).to.be.at.most(1e-8);
  });
});

describe('rescaled gradients', () => {
  it('RMSProp divides by the root of the running mean square', () => {
    const transform = scaleByRmsProp({ decay: 0.5, epsilon: 0 });
    const [first, state] = transform.update(Float64Array.of(2), transform.init(Float64Array.of(0)), at(Float64Array.of(0)));
    const [second] = transform.update(Float64Array.of(2), state, at(Float64Array.of(0)));
    expect(first[0]).to.be.closeTo(2 / Math.sqrt(2), 1e-15);
    expect(second[0]).to.be.closeTo(2 / Math.sqrt(3), 1e-15);
  });

  it('AMSGrad keeps its largest second moment', () => {
    const transform = scaleByAmsGrad({ beta1: 0, beta2: 0.5, epsilon: 0 });
    const x = Float64Array.of(0);
    const [, state] = transform.update(Float64Array.of(10), transform.init(x), at(x));
    const [update, later] = transform.update(Float64Array.of(1), state, at(x));
    expect(later.largest[0]).to.equal(100);
    expect(update[0]).to.be.closeTo(0.1, 1e-15);
  });

  it('signs and clipped norms are what they say', () => {
    const x = new Float64Array(3);
    expect([...takeSign.update(Float64Array.of(-3, 0, 1e-9), null, at(x))[0]]).to.deep.equal([-1, 0, 1]);
    expect([...clipNorm(1).update(Float64Array.of(3, 0, 4), null, at(x))[0]]).to.deep.equal([0.6, 0, 0.8]);
    expect([...clipNorm(10).update(Float64Array.of(3, 0, 4), null, at(x))[0]]).to.deep.equal([3, 0, 4]);
  });
});
