import { allFinite, maxAbs } from '@braggscape/core';
import type { Minimizer, MinimizerStep, StopReason, VectorEvaluation, VectorProblem } from '@braggscape/core';

/** When a descent ends. */
export interface DescentLimits {
  /** Converged where no component of the gradient is larger than this. */
  readonly gradientTolerance: number;
  /** Stalled where the lowest value has fallen by less than this part of its size … */
  readonly improvement: number;
  /** … in this many steps. */
  readonly patience: number;
  readonly maxSteps: number;
}

/** Where a descent ended. */
export interface Descent {
  /** The lowest point met. */
  readonly x: Float64Array;
  readonly evaluation: VectorEvaluation;
  readonly reason: StopReason;
  readonly steps: number;
}

/** What a descent reports: the step just accepted. */
export type DescentObserver = (step: number, evaluation: VectorEvaluation) => void;

/** The event loop gets its turn at least this often, so that cancelling and drawing work. */
const YIELD_MILLISECONDS = 40;

/** Descend a vector problem from a point to convergence, keeping the lowest point. An abort ends it as `cancelled`. */
export async function descend(problem: VectorProblem, minimizer: Minimizer, from: Float64Array, limits: DescentLimits, signal: AbortSignal, observe?: DescentObserver): Promise<Descent> {
  const x = problem.project(from);
  if (!allFinite(x)) return { x: from, evaluation: { value: Number.NaN }, reason: 'nonFinite', steps: 0 };
  let current = await minimizer.init(problem, x);
  let best: MinimizerStep = current;
  let reference = current.evaluation.value;
  let [step, since] = [0, 0];
  let lastYield = performance.now();
  const end = (reason: StopReason): Descent => ({ x: best.x, evaluation: best.evaluation, reason, steps: step });
  for (;;) {
    const { value, gradient } = current.evaluation;
    if (!Number.isFinite(value) || gradient === undefined || !allFinite(gradient)) return end('nonFinite');
    if (maxAbs(gradient) <= limits.gradientTolerance) return end('converged');
    if (step - since >= limits.patience) return end('stalled');
    if (step >= limits.maxSteps) return end('maxSteps');
    if (performance.now() - lastYield > YIELD_MILLISECONDS) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      lastYield = performance.now();
    }
    if (signal.aborted) return end('cancelled');
    const next = await minimizer.step(problem, current);
    if (next.failed !== undefined) return end(next.failed === 'nonFinite' ? 'nonFinite' : 'stalled');
    current = next;
    step++;
    observe?.(step, current.evaluation);
    if (current.evaluation.value < best.evaluation.value) best = current;
    if (best.evaluation.value < reference - limits.improvement * Math.abs(reference)) {
      reference = best.evaluation.value;
      since = step;
    }
  }
}
