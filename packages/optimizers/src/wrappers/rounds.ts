import { allFinite, maxAbs, randomFromState } from '@braggscape/core';
import type { Minimizer, MinimizerStep, Random, VectorEvaluation, VectorProblem } from '@braggscape/core';
import { isFiniteEvaluation } from '../minimizers/lineSearch.js';
import { withKnownPoint } from './knownPoint.js';

/** When the descents of a search end. */
export interface RoundsOptions {
  /** Descents in all. */
  readonly rounds: number;
  /** Steps of a descent at most. */
  readonly steps: number;
  /** A descent has arrived where no component of the gradient is larger, value per unit of x. */
  readonly tolerance: number;
}

/** A point with its value. */
export interface Place {
  readonly x: Float64Array;
  readonly value: number;
}

/** State of a search of several descents. */
export interface RoundsState<State> {
  readonly inner: State;
  /** Descents begun. */
  readonly round: number;
  /** Steps of the present one. */
  readonly steps: number;
  /** Where the search began. */
  readonly start: Float64Array;
  /** Where moves start from, by the rule of the search. */
  readonly home: Place;
  /** The lowest point met. */
  readonly best: Place;
  /** State of the generator. */
  readonly random: readonly number[];
}

/** Where to go when a descent has ended, and where moves start from now on. */
export type NextRound = (ended: Place, search: { readonly start: Float64Array; readonly home: Place; readonly first: boolean }, random: Random) => { readonly home: Place; readonly x: Float64Array };

/** Draws of a start before a search gives up finding an admissible one. */
const DRAWS = 20;

/**
 * A global search by descents one after another: where one ends, a rule says where the next begins; after the last the search returns to the lowest point met, and has no further step. Each step of a descent is a step of
 * the search, and so is each jump, uphill or not: stop rules must not take the first minimum for the end.
 */
export function rounds<State>(minimizer: Minimizer<State>, options: RoundsOptions, next: NextRound, random: Random): Minimizer<RoundsState<State>> {
  return {
    kind: 'minimizer',
    async init(problem, x) {
      const first = await minimizer.init(problem, x);
      const place = { x, value: first.evaluation.value };
      return { ...first, state: { inner: first.state, round: 1, steps: 0, start: x, home: place, best: place, random: random.state() } };
    },
    async step(problem, current): Promise<MinimizerStep<RoundsState<State>>> {
      const { evaluation, state } = current;
      if (!isFiniteEvaluation(evaluation)) return { ...current, rejected: 0, failed: 'nonFinite' };
      let rejected = 0;
      if (state.steps < options.steps && maxAbs(evaluation.gradient as Float64Array) > options.tolerance) {
        const step = await minimizer.step(problem, { ...current, state: state.inner });
        if (step.failed === undefined) return { ...step, state: { ...state, inner: step.state, steps: state.steps + 1, best: lower(step, state.best) } };
        rejected = step.rejected;
      }
      return state.round < options.rounds ? jump(minimizer, problem, current, next, rejected) : home(problem, current, rejected);
    },
  };
}

async function jump<State>(minimizer: Minimizer<State>, problem: VectorProblem, current: MinimizerStep<RoundsState<State>>, next: NextRound, before: number): Promise<MinimizerStep<RoundsState<State>>> {
  const { state } = current;
  const random = randomFromState(state.random);
  let rejected = before;
  for (let draw = 0; draw < DRAWS; draw++) {
    const proposed = next({ x: current.x, value: current.evaluation.value }, { start: state.start, home: state.home, first: state.round === 1 }, random);
    const x = problem.project(proposed.x);
    const evaluation = allFinite(x) ? await problem.evaluate(x, 'gradient') : undefined;
    if (evaluation !== undefined && isFiniteEvaluation(evaluation)) {
      const { state: inner } = await minimizer.init(withKnownPoint(problem, x, evaluation), x);
      const best = lower({ x, evaluation }, state.best);
      return { x, evaluation, rejected, state: { ...state, inner, round: state.round + 1, steps: 0, home: proposed.home, best, random: random.state() } };
    }
    rejected++;
  }
  return { ...current, rejected, failed: 'nonFinite' };
}

/** Back to the lowest point, once. */
async function home<State>(problem: VectorProblem, current: MinimizerStep<RoundsState<State>>, rejected: number): Promise<MinimizerStep<RoundsState<State>>> {
  const { best } = current.state;
  if (best.x.every((value, i) => value === current.x[i])) return { ...current, rejected, failed: 'noProgress' };
  return { x: best.x, evaluation: await problem.evaluate(best.x, 'gradient'), state: { ...current.state, steps: Infinity }, rejected };
}

function lower({ x, evaluation }: { readonly x: Float64Array; readonly evaluation: VectorEvaluation }, best: Place): Place {
  return evaluation.value < best.value ? { x, value: evaluation.value } : best;
}
