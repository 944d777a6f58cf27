import { Observable } from 'rxjs';
import { structureFromJson } from '@braggscape/core';
import type {
  Checkpoint,
  HistoryEntry,
  MinimizerStep,
  RunEvent,
  Solution,
  StopReason,
  VectorEvaluation,
  VectorProblem,
} from '@braggscape/core';
import { makeCheckpoint, readCheckpoint } from './checkpoint.js';
import type { LoopState } from './checkpoint.js';
import { historyEntry, solution, startWatch } from './history.js';
import type { Plan } from './plan.js';
import { stopMessage } from './stopMessage.js';
import { structureProblem } from './structureProblem.js';
import type { StructureProblem } from './structureProblem.js';

export interface RunOptions {
  /** Go on from here. */
  readonly checkpoint?: Checkpoint;
  /** Abort to end the run with a `stopped` event and the best structure so far; unsubscribing ends it without a word. */
  readonly signal?: AbortSignal;
}

/** The event loop gets its turn at least this often, so that cancelling and drawing work during heavy computation. */
const YIELD_MILLISECONDS = 40;

/**
 * Run a plan. Cold: each subscription is a run of its own.
 *
 * next: `started`, then `stepped` per accepted step, `warning` where something was rejected, and one `stopped` with the result.
 * complete: right after `stopped`. error: only for faults of the inputs or of the program, before or instead of `stopped`.
 * unsubscribe: aborts at the next step. The plan stays the caller's to dispose of.
 */
export function run$(plan: Plan, options: RunOptions = {}): Observable<RunEvent> {
  return new Observable<RunEvent>((subscriber) => {
    const controller = new AbortController();
    const abort = (): void => controller.abort();
    options.signal?.addEventListener('abort', abort, { once: true });
    if (options.signal?.aborted === true) abort();
    runLoop(plan, options.checkpoint, controller.signal, (event) => subscriber.next(event)).then(
      () => subscriber.complete(),
      (error: unknown) => subscriber.error(error),
    );
    return () => {
      options.signal?.removeEventListener('abort', abort);
      abort();
    };
  });
}

interface Loop {
  readonly plan: Plan;
  readonly problem: StructureProblem;
  readonly counted: VectorProblem;
  readonly emit: (event: RunEvent) => void;
  state: LoopState;
  evaluations: number;
  readonly history: HistoryEntry[];
  /** Parameters that a warning has been given for. */
  readonly told: Set<string>;
  /** Time zero of this process, shifted by the seconds spent before a resumption. */
  readonly began: number;
}

async function runLoop(
  plan: Plan,
  checkpoint: Checkpoint | undefined,
  signal: AbortSignal,
  emit: (event: RunEvent) => void,
): Promise<void> {
  const loop = await startLoop(plan, checkpoint, signal, emit);
  const watch = startWatch(plan.stopRules, loop.history.slice(0, -1));
  let lastCheckpoint = performance.now();
  let lastYield = performance.now();
  let verdict = firstVerdict(loop) ?? watch.next(loop.history[loop.history.length - 1], cost(loop));
  while (verdict === undefined) {
    if (performance.now() - lastYield > YIELD_MILLISECONDS) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      lastYield = performance.now();
    }
    if (signal.aborted) {
      verdict = { reason: 'cancelled', rule: 'signal' };
      break;
    }
    const failure = await advance(loop);
    if (failure !== undefined) {
      verdict = failure;
      break;
    }
    const entry = loop.history[loop.history.length - 1];
    verdict = watch.next(entry, cost(loop));
    const due = performance.now() - lastCheckpoint > plan.config.checkpointSeconds * 1000;
    if (due) lastCheckpoint = performance.now();
    emit({
      kind: 'stepped',
      ...entry,
      bestValue: loop.state.best.value,
      rejected: loop.state.current.rejected,
      ...cost(loop),
      ...(due ? { checkpoint: checkpointOf(loop) } : {}),
    });
  }
  emitStopped(loop, verdict);
}

async function startLoop(
  plan: Plan,
  checkpoint: Checkpoint | undefined,
  signal: AbortSignal,
  emit: (event: RunEvent) => void,
): Promise<Loop> {
  const problem = structureProblem(plan.objectives, plan.combiner, plan.parameterization, plan.projector, plan.refined, signal);
  const resumed = checkpoint === undefined ? undefined : readCheckpoint(checkpoint, plan.hash);
  const began = performance.now() - 1000 * (resumed?.seconds ?? 0);
  const counter = { evaluations: resumed?.evaluations ?? 0 };
  const counted: VectorProblem = {
    size: problem.size,
    project: problem.project,
    evaluate: (x, need) => {
      counter.evaluations++;
      return problem.evaluate(x, need);
    },
  };
  let state: LoopState;
  if (resumed === undefined) {
    const packed = new Float64Array(problem.size);
    packed.set(plan.parameterization.pack(plan.start));
    packed.set(plan.refined.start, plan.parameterization.size);
    const x0 = problem.project(packed);
    const current = await plan.minimizer.init(counted, x0);
    const initial = solution(problem.structureAt(current.x), problem.parametersAt(current.x), current.evaluation, 0);
    const first = historyEntry(0, current, undefined, structureFromJson(initial.structure));
    problem.accept(current.evaluation);
    state = { current, best: initial, initial, history: [first], step: 0, evaluations: 0, seconds: 0, combiner: problem.combinerState() };
  } else {
    problem.restoreCombiner(resumed.combiner);
    state = resumed;
  }
  emit({
    kind: 'started',
    parameters: [...plan.parameterization.names, ...plan.refined.names],
    seed: plan.config.seed,
    initial: state.initial,
    ...(plan.maxSteps === undefined ? {} : { maxSteps: plan.maxSteps }),
    ...(resumed === undefined ? {} : { resumedAt: resumed.step }),
  });
  return {
    plan,
    problem,
    counted,
    emit,
    state,
    history: [...state.history],
    told: new Set(problem.atBound(state.current.x)),
    began,
    get evaluations() {
      return counter.evaluations;
    },
  };
}

/** One step; a verdict if the point could not move. */
async function advance(loop: Loop): Promise<Verdict | undefined> {
  const { plan, problem, state } = loop;
  const current: MinimizerStep = await plan.minimizer.step(loop.counted, state.current);
  if (current.failed !== undefined) {
    loop.state = { ...state, current: { ...current, x: state.current.x, evaluation: state.current.evaluation } };
    return { reason: current.failed === 'nonFinite' ? 'nonFinite' : 'stalled', rule: 'minimizer' };
  }
  const step = state.step + 1;
  const structure = problem.structureAt(current.x);
  problem.accept(current.evaluation);
  loop.history.push(historyEntry(step, current, state.current.x, structure));
  const better = current.evaluation.value < state.best.value || Number.isNaN(state.best.value);
  const best: Solution = better ? solution(structure, problem.parametersAt(current.x), current.evaluation, step) : state.best;
  loop.state = { ...state, current, best, step, combiner: problem.combinerState() };
  if (current.rejected > 0) {
    loop.emit({
      kind: 'warning',
      code: 'step.shortened',
      step,
      message: `${current.rejected} trial ${current.rejected === 1 ? 'point was' : 'points were'} inadmissible; the step was shortened`,
    });
  }
  for (const name of problem.atBound(current.x)) {
    if (loop.told.has(name)) continue;
    loop.told.add(name);
    loop.emit({ kind: 'warning', code: 'bound.hit', step, message: `${name} has reached a bound and is held there` });
  }
  return undefined;
}

interface Verdict {
  readonly reason: StopReason;
  readonly rule: string;
}

/** A start without a finite value or gradient cannot be descended from. */
function firstVerdict(loop: Loop): Verdict | undefined {
  const { evaluation } = loop.state.current;
  return finite(evaluation) ? undefined : { reason: 'nonFinite', rule: 'start' };
}

function finite(evaluation: VectorEvaluation): boolean {
  return Number.isFinite(evaluation.value) && (evaluation.gradient?.every((component) => Number.isFinite(component)) ?? false);
}

function cost(loop: Loop): { evaluations: number; seconds: number } {
  return { evaluations: loop.evaluations, seconds: (performance.now() - loop.began) / 1000 };
}

function checkpointOf(loop: Loop): Checkpoint {
  return makeCheckpoint(loop.plan.hash, { ...loop.state, ...cost(loop), history: loop.history });
}

function emitStopped(loop: Loop, verdict: Verdict): void {
  const { state } = loop;
  const last = solution(loop.problem.structureAt(state.current.x), loop.problem.parametersAt(state.current.x), state.current.evaluation, state.step);
  loop.emit({
    kind: 'stopped',
    reason: verdict.reason,
    message: stopMessage(verdict.reason, verdict.rule, state.step),
    steps: state.step,
    ...cost(loop),
    initial: state.initial,
    best: state.best,
    last,
    history: loop.history,
    checkpoint: checkpointOf(loop),
  });
}
