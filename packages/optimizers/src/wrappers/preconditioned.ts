import { allFinite } from '@braggscape/core';
import type { Minimizer, MinimizerStep, VectorEvaluation, VectorProblem } from '@braggscape/core';
import { isFiniteEvaluation } from '../minimizers/lineSearch.js';

/** Lengths of the components of x that are one unit for the wrapped minimizer, [size], at a start. */
export type ScaleRule = (problem: VectorProblem, x: Float64Array, evaluation: VectorEvaluation) => Promise<Float64Array>;

/** State of {@link preconditioned}. */
export interface PreconditionedState<State> {
  readonly inner: State;
  /** [size] x per unit of the wrapped minimizer's variable. */
  readonly scales: Float64Array;
}

/**
 * Lets a minimizer see x in other units, one for each component: x = scale · z, so that curvatures that differ by orders of magnitude, as those of cell and coordinates do in a powder pattern,
 * become alike. Scales are fixed at the start. Works for every method; one that does not depend on units, such as Gauss–Newton, gains nothing.
 */
export function preconditioned<State>(minimizer: Minimizer<State>, rule: ScaleRule): Minimizer<PreconditionedState<State>> {
  return {
    kind: 'minimizer',
    async init(problem, x) {
      const evaluation = await problem.evaluate(x, 'gradient');
      const scales = await rule(problem, x, evaluation);
      const view = scaledProblem(problem, scales);
      const z = view.inwards(x);
      view.remember(z, evaluation);
      const first = await minimizer.init(view.problem, z);
      return { x, evaluation, state: { inner: first.state, scales }, rejected: 0 };
    },
    async step(problem, current): Promise<MinimizerStep<PreconditionedState<State>>> {
      const { x, evaluation, state } = current;
      const view = scaledProblem(problem, state.scales);
      const z = view.inwards(x);
      const next = await minimizer.step(view.problem, { ...current, x: z, evaluation: view.remember(z, evaluation), state: state.inner });
      if (next.failed !== undefined) return { ...current, rejected: next.rejected, failed: next.failed };
      return { ...next, x: view.outwards(next.x), evaluation: view.original(next.evaluation), state: { inner: next.state, scales: state.scales } };
    },
  };
}

/**
 * Scales from the curvature at the start: 1/√c for each block of the problem, with c the root mean square of the block's part of H·v over a step v of ±1 in the block alone; a block is a component
 * where the problem names none. One evaluation per block. In these units curvatures are about one: a unit step changes the value by about a half, and a learning rate of one is Newton's.
 *
 * @param probe length of the trial displacement of each component, in units of x
 */
export function curvatureScales(probe: number): ScaleRule {
  return async (problem, x, evaluation) => {
    const blocks = problem.blocks ?? Array.from(x, () => 1);
    const scales = new Float64Array(x.length).fill(1);
    if (!isFiniteEvaluation(evaluation)) return scales;
    const gradient = evaluation.gradient as Float64Array;
    let first = 0;
    for (const length of blocks) {
      // Signs alternate: all of one sign would move a block of coordinates as a whole, which changes nothing.
      const to = x.map((value, i) => (i < first || i >= first + length ? value : value + ((i - first) % 2 === 0 ? probe : -probe)));
      const there = allFinite(to) ? await problem.evaluate(to, 'gradient') : evaluation;
      const after = there.gradient ?? gradient;
      let square = 0;
      for (let i = first; i < first + length; i++) square += (after[i] - gradient[i]) ** 2;
      const curvature = Math.sqrt(square / length) / probe;
      if (curvature > 0 && Number.isFinite(curvature)) scales.fill(1 / Math.sqrt(curvature), first, first + length);
      first += length;
    }
    return scales;
  };
}

interface ScaledView {
  readonly problem: VectorProblem;
  inwards(x: Float64Array): Float64Array;
  outwards(z: Float64Array): Float64Array;
  /** Let the view know the evaluation at z; returns it in the view's units. */
  remember(z: Float64Array, evaluation: VectorEvaluation): VectorEvaluation;
  /** The problem's own evaluation behind one of the view. */
  original(evaluation: VectorEvaluation): VectorEvaluation;
}

function scaledProblem(problem: VectorProblem, scales: Float64Array): ScaledView {
  const inwards = (x: Float64Array): Float64Array => x.map((value, i) => value / scales[i]);
  const outwards = (z: Float64Array): Float64Array => z.map((value, i) => value * scales[i]);
  // What a run knows of an evaluation hangs on the very object.
  const originals = new WeakMap<VectorEvaluation, VectorEvaluation>();
  const known = new WeakMap<Float64Array, VectorEvaluation>();
  const scaled = (evaluation: VectorEvaluation): VectorEvaluation => {
    const { gradient } = evaluation;
    const own = gradient === undefined ? { ...evaluation } : { ...evaluation, gradient: gradient.map((value, i) => value * scales[i]) };
    originals.set(own, evaluation);
    return own;
  };
  const { residuals } = problem;
  return {
    inwards,
    outwards,
    remember(z, evaluation) {
      const own = scaled(evaluation);
      known.set(z, own);
      return own;
    },
    original: (evaluation) => {
      const gradient = evaluation.gradient?.map((value, i) => value / scales[i]);
      return originals.get(evaluation) ?? (gradient === undefined ? evaluation : { ...evaluation, gradient });
    },
    problem: {
      ...problem,
      project: (z) => inwards(problem.project(outwards(z))),
      evaluate: async (z, need) => known.get(z) ?? scaled(await problem.evaluate(outwards(z), need)),
      ...(residuals === undefined ? {} : { residuals: (z: Float64Array) => residuals(outwards(z)) }),
    },
  };
}
