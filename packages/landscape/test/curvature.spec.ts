import { expect } from 'chai';
import type { Minimizer, VectorProblem } from '@braggscape/core';
import { curvatureSpectrum, descend } from '@braggscape/landscape';

describe('curvature at a point', () => {
  /** Gradient of ½ xᵀ A x with A = Q diag(9, 1, 0) Qᵀ, Q a rotation about z by 30°, and a cubic term that central differences cancel. */
  const [c, s] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
  const gradient = async (x: Float64Array): Promise<Float64Array> => {
    const [p, q] = [c * x[0] + s * x[1], -s * x[0] + c * x[1]];
    return Float64Array.of(c * 9 * p - s * q + x[0] ** 2, s * 9 * p + c * q, 0);
  };

  it('finds the eigenvalues, flat directions and the condition number', async () => {
    const { eigenvalues, eigenvectors, flat, conditionNumber, negativeFraction } = await curvatureSpectrum(gradient, new Float64Array(3));
    expect(eigenvalues[0]).to.be.closeTo(0, 1e-9);
    expect(eigenvalues[1]).to.be.closeTo(1, 1e-9);
    expect(eigenvalues[2]).to.be.closeTo(9, 1e-9);
    expect(Math.abs(eigenvectors[2][0])).to.be.closeTo(c, 1e-9);
    expect(flat).to.equal(1);
    expect(conditionNumber).to.be.closeTo(9, 1e-8);
    expect(negativeFraction).to.equal(0);
  });

  it('counts the directions of a saddle that curve downwards', async () => {
    const saddle = await curvatureSpectrum(async (x) => Float64Array.of(-x[0], 2 * x[1], 3 * x[2], -4 * x[3]), new Float64Array(4));
    expect(saddle.negativeFraction).to.equal(0.5);
    expect(saddle.conditionNumber).to.be.closeTo(4, 1e-9);
  });

  it('refuses a point beside which there is no gradient', async () => {
    const thrown = await curvatureSpectrum(async () => Float64Array.of(Number.NaN), new Float64Array(1)).catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(Error).with.property('code', 'option.invalid');
  });
});

describe('descent', () => {
  const bowl: VectorProblem = {
    size: 2,
    evaluate: async (x) => ({ value: x[0] ** 2 + x[1] ** 2, gradient: x.map((v) => 2 * v) }),
    project: (x) => Float64Array.of(x[0], 0.5),
  };
  const halving: Minimizer = {
    kind: 'minimizer',
    init: async (problem, x) => ({ x, evaluation: await problem.evaluate(x, 'gradient'), state: null, rejected: 0 }),
    step: async (problem, { x }) => {
      const to = problem.project(x.map((v) => v / 2));
      return { x: to, evaluation: await problem.evaluate(to, 'gradient'), state: null, rejected: 0 };
    },
  };

  it('starts in the feasible set, keeps every point, and ends where the gradient does or steps run out', async () => {
    const constrained = await descend(bowl, halving, Float64Array.of(4, 3), { steps: 5 });
    expect(constrained.points.map((x) => [...x])).to.deep.equal([4, 2, 1, 0.5, 0.25, 0.125].map((v) => [v, 0.5]));
    expect(constrained.end).to.equal('maxSteps');
    const free = await descend({ ...bowl, project: (x) => x }, halving, Float64Array.of(4, 3), { tolerance: 0.1 });
    expect(free.end).to.equal('converged');
    expect(free.values.at(-1)).to.be.below(0.01);
    const stuck = await descend(bowl, { ...halving, step: async (_, current) => ({ ...current, failed: 'noProgress' }) }, Float64Array.of(1, 1));
    expect(stuck).to.include({ end: 'noStep' });
    expect(stuck.points).to.have.length(1);
  });
});
