import { allFinite } from '@braggscape/core';
import type { GradientTransform, Minimizer, MinimizerStep, VectorProblem } from '@braggscape/core';
import { optimizerProblems } from './optimizerProblems.js';
import type { OptimizerProblem } from './optimizerProblems.js';
import { law } from './violation.js';

const SETTLING = 50;

/** Options of {@link checkOptimizer}. */
export interface OptimizerCheckOptions {
  /** Steps allowed; default 2000. */
  readonly steps?: number;
  /** Part of the start's value that the lowest point must come below, where no outcome is stated; default 0.5. */
  readonly reduction?: number;
  /** The same for single problems, by name: the stated outcome of an optimizer, such as 1e-12 where it is to find the minimum. */
  readonly outcomes?: Readonly<Record<string, number>>;
}

/** What an optimizer has made of a problem. */
export interface OptimizerRow {
  readonly problem: string;
  /** Lowest value as a part of the start's. */
  readonly reduction: number;
  /** Evaluations until the stated outcome was reached. */
  readonly evaluations: number;
}

/**
 * Check an optimizer on the table of problems: it reaches its stated outcome, leaves x unchanged, gives the same numbers when run again and when its
 * state is cloned half-way, and never returns a point that is not finite, not even beside a wall of NaN.
 *
 * @param create makes a fresh optimizer with a learning rate fit for problems of unit scale
 * @returns a row for each problem
 * @throws LawViolation
 */
export async function checkOptimizer(
  create: () => GradientTransform<any> | Minimizer<any>,
  { steps = 2000, reduction = 0.5, outcomes = {} }: OptimizerCheckOptions = {},
): Promise<readonly OptimizerRow[]> {
  const unknown = Object.keys(outcomes).find((name) => optimizerProblems.every((problem) => problem.name !== name));
  law(unknown === undefined, () => `an outcome is stated for "${unknown}", which is no problem of the table`);
  const rows: OptimizerRow[] = [];
  for (const problem of optimizerProblems) {
    const { name, start, value } = problem;
    const before = start.slice();
    const target = (outcomes[name] ?? reduction) * value(start);
    const first = await descend(create(), vectorProblem(problem), start, steps, target);
    law(first.best <= target, () => `${name}: from ${value(start)} only to ${first.best}, not ${target}, in ${first.steps} steps`);
    const second = await descend(create(), vectorProblem(problem), start, steps, target);
    law(equal(first.x, second.x), () => `${name}: two runs end at different points`);
    const cloned = await descend(create(), vectorProblem(problem), start, steps, target, Math.floor(first.steps / 2));
    law(equal(first.x, cloned.x), () => `${name}: a run through a cloned state ends elsewhere; keep all memory in the state, as plain data`);
    law(equal(start, before), () => `${name}: the start was changed`);
    rows.push({ problem: name, reduction: first.best / value(start), evaluations: first.evaluations });
  }
  const walled = await descend(create(), vectorProblem(optimizerProblems[0], 0.9), Float64Array.of(0.8, -2, 0.5), Math.min(steps, 500), -1);
  law(allFinite(walled.x), () => `beside a wall of NaN: ended at ${walled.x.join(', ')}`);
  return rows;
}

interface CountedProblem extends VectorProblem {
  evaluations(): number;
}

function vectorProblem({ start, value, gradient, residuals }: OptimizerProblem, wall = Infinity): CountedProblem {
  let evaluations = 0;
  const bad = (x: Float64Array): boolean => x.some((v) => v > wall);
  return {
    size: start.length,
    evaluations: () => evaluations,
    evaluate: (x, need) => {
      evaluations++;
      return Promise.resolve({
        value: bad(x) ? Number.NaN : value(x),
        ...(need === 'gradient' ? { gradient: bad(x) ? x.map(() => Number.NaN) : gradient(x) } : {}),
      });
    },
    residuals: (x) => {
      evaluations++;
      const values = residuals(x);
      return Promise.resolve(bad(x) ? values.fill(Number.NaN) : values);
    },
    project: (x) => x,
  };
}

/** Steps until the target is reached and as many more as `SETTLING`, so that what is compared is not only the way there. */
async function descend(
  optimizer: GradientTransform<any> | Minimizer<any>,
  problem: CountedProblem,
  start: Float64Array,
  steps: number,
  target: number,
  cloneAt = -1,
): Promise<{ x: Float64Array; best: number; steps: number; evaluations: number }> {
  const minimizer = optimizer.kind === 'transform' ? plainMinimizer(optimizer) : optimizer;
  let current = await minimizer.init(problem, start.slice());
  let best = current.evaluation.value;
  let evaluations = Number.NaN;
  let end = steps;
  let step = 0;
  for (; step < end && current.failed === undefined; step++) {
    if (step === cloneAt) current = structuredClone(current);
    current = await minimizer.step(problem, current);
    law(allFinite(current.x), () => `step ${step}: x is ${current.x.join(', ')}`);
    best = Math.min(best, current.evaluation.value);
    if (best <= target && Number.isNaN(evaluations)) {
      evaluations = problem.evaluations();
      end = Math.min(steps, step + 1 + SETTLING);
    }
  }
  return { x: current.x, best, steps: step, evaluations };
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
