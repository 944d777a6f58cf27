import { allFinite } from '@braggscape/core';
import type { GradientTransform, Minimizer, MinimizerStep, VectorProblem } from '@braggscape/core';
import { law } from './violation.js';

/** A problem of the optimizer table: its start, and the value that counts as progress. */
export interface OptimizerProblem {
  readonly name: string;
  readonly start: Float64Array;
  readonly value: (x: Float64Array) => number;
  readonly gradient: (x: Float64Array) => Float64Array;
}

const from = (name: string, start: readonly number[], value: OptimizerProblem['value'], gradient: (x: Float64Array) => readonly number[]): OptimizerProblem => ({
  name,
  start: Float64Array.from(start),
  value,
  gradient: (x) => Float64Array.from(gradient(x)),
});

/** The table that every optimizer goes through; the minimum is 0 throughout. */
export const optimizerProblems: readonly OptimizerProblem[] = [
  from('sphere', [1, -2, 0.5], (x) => x.reduce((sum, v) => sum + v * v, 0), (x) => [...x].map((v) => 2 * v)),
  from('narrow valley', [1, 1], (x) => x[0] ** 2 + 50 * x[1] ** 2, (x) => [2 * x[0], 100 * x[1]]),
  from('log-cosh', [2, -1], (x) => x.reduce((sum, v) => sum + Math.log(Math.cosh(v)), 0), (x) => [...x].map(Math.tanh)),
  // J. J. Moré, B. S. Garbow & K. E. Hillstrom, ACM Trans. Math. Softw. 7 (1981) 17, problem 1, scaled by 1/100.
  from(
    'Rosenbrock',
    [-1.2, 1],
    ([x, y]) => (100 * (y - x * x) ** 2 + (1 - x) ** 2) / 100,
    ([x, y]) => [-4 * x * (y - x * x) - (1 - x) / 50, 2 * (y - x * x)],
  ),
];

/** Options of {@link checkOptimizer}. */
export interface OptimizerCheckOptions {
  /** Steps allowed; default 2000. */
  readonly steps?: number;
  /** Part of the start's value that the lowest point must come below; default 0.5. */
  readonly reduction?: number;
}

/**
 * Check an optimizer on the table of problems: it makes progress, leaves x unchanged, gives the same numbers when run again and when its
 * state is cloned half-way, and never returns a point that is not finite, not even beside a wall of NaN.
 *
 * @param create makes a fresh optimizer with a learning rate fit for problems of unit scale
 * @throws LawViolation
 */
export async function checkOptimizer(
  create: () => GradientTransform<any> | Minimizer<any>,
  { steps = 2000, reduction = 0.5 }: OptimizerCheckOptions = {},
): Promise<void> {
  for (const problem of optimizerProblems) {
    const { name, start, value } = problem;
    const before = start.slice();
    const first = await descend(create(), vectorProblem(problem), start, steps);
    law(first.best < reduction * value(start), () => `${name}: from ${value(start)} only to ${first.best} in ${steps} steps`);
    const second = await descend(create(), vectorProblem(problem), start, steps);
    law(equal(first.x, second.x), () => `${name}: two runs end at different points`);
    const cloned = await descend(create(), vectorProblem(problem), start, steps, Math.floor(steps / 2));
    law(equal(first.x, cloned.x), () => `${name}: a run through a cloned state ends elsewhere; keep all memory in the state, as plain data`);
    law(equal(start, before), () => `${name}: the start was changed`);
  }
  const walled = await descend(create(), vectorProblem(optimizerProblems[0], 0.9), Float64Array.of(0.8, -2, 0.5), steps);
  law(allFinite(walled.x), () => `beside a wall of NaN: ended at ${walled.x.join(', ')}`);
}

function vectorProblem({ start, value, gradient }: OptimizerProblem, wall = Infinity): VectorProblem {
  return {
    size: start.length,
    evaluate: (x, need) => {
      const bad = x.some((v) => v > wall);
      return Promise.resolve({
        value: bad ? Number.NaN : value(x),
        ...(need === 'gradient' ? { gradient: bad ? x.map(() => Number.NaN) : gradient(x) } : {}),
      });
    },
    project: (x) => x,
  };
}

async function descend(
  optimizer: GradientTransform<any> | Minimizer<any>,
  problem: VectorProblem,
  start: Float64Array,
  steps: number,
  cloneAt = -1,
): Promise<{ x: Float64Array; best: number }> {
  const minimizer = optimizer.kind === 'transform' ? plainMinimizer(optimizer) : optimizer;
  let current = await minimizer.init(problem, start.slice());
  let best = current.evaluation.value;
  for (let step = 0; step < steps && current.failed === undefined; step++) {
    if (step === cloneAt) current = structuredClone(current);
    current = await minimizer.step(problem, current);
    law(allFinite(current.x), () => `step ${step}: x is ${current.x.join(', ')}`);
    best = Math.min(best, current.evaluation.value);
  }
  return { x: current.x, best };
}

/** The least that makes a transform a minimizer: steps are taken as they are, halved out of inadmissible places. */
function plainMinimizer(transform: GradientTransform<any>): Minimizer<{ inner: unknown; step: number }> {
  return {
    kind: 'minimizer',
    init: async (problem, x) => ({ x, evaluation: await problem.evaluate(x, 'gradient'), state: { inner: transform.init(x), step: 0 }, rejected: 0 }),
    async step(problem, current): Promise<MinimizerStep<{ inner: unknown; step: number }>> {
      const { x, evaluation, state } = current;
      const [change, inner] = transform.update(evaluation.gradient ?? new Float64Array(x.length), state.inner, { step: state.step, x, value: evaluation.value });
      for (let factor = 1; factor > 1e-6; factor /= 2) {
        const next = x.map((v, i) => v + factor * change[i]);
        const at = await problem.evaluate(next, 'gradient');
        if (Number.isFinite(at.value)) return { x: next, evaluation: at, state: { inner, step: state.step + 1 }, rejected: 0 };
      }
      return { ...current, failed: 'nonFinite' };
    },
  };
}

function equal(a: Float64Array, b: Float64Array): boolean {
  return a.every((v, i) => Object.is(v, b[i]));
}
