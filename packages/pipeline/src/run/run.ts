import { Observable } from 'rxjs';
import { structureFromJson } from '@braggscape/core';
import type {
  Checkpoint,
  HistoryEntry,
  MinimizerStep,
  PlanCheckpoint,
  RunEvent,
  Solution,
  StopReason,
  VectorEvaluation,
  VectorProblem,
} from '@braggscape/core';
import { recover } from '../recovery/recover.js';
import { makeCheckpoint, readCheckpoint } from './checkpoint.js';
import type { LoopState } from './checkpoint.js';
import { historyEntry, solution, startWatch } from './history.js';
import type { Watch } from './history.js';
import type { Plan } from './plan.js';
import { stopMessage } from './stopMessage.js';
import { structureProblem } from './structureProblem.js';
import type { StructureProblem } from './structureProblem.js';

export interface RunOptions {
  /** Go on from here. */
  readonly checkpoint?: Checkpoint | PlanCheckpoint;
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
    carryOut(plan, options.checkpoint, controller.signal, (event) => subscriber.next(event)).then(
      () => subscriber.complete(),
      (error: unknown) => subscriber.error(error),
    );
    return () => {
      options.signal?.removeEventListener('abort', abort);
      abort();
    };
  });
}

/** By its steps, if the plan has any; else a single descent. */
function carryOut(plan: Plan, checkpoint: Checkpoint | PlanCheckpoint | undefined, signal: AbortSignal, emit: (event: RunEvent) => void): Promise<void> {
  const { recovery } = plan;
  return recovery === undefined ? runLoop(plan, checkpoint as Checkpoint | undefined, signal, emit) : recover({ ...plan, recovery }, checkpoint as PlanCheckpoint | undefined, signal, emit);
}

interface Loop {
  readonly plan: Plan;
  /** Problem of the stage. */
  problem: StructureProblem;
  /** The same, with its evaluations counted. */
  counted: VectorProblem;
  readonly emit: (event: RunEvent) => void;
  /** Make the problem of a stage. */
  readonly enter: (stage: number) => { problem: StructureProblem; counted: VectorProblem };
  state: LoopState;
  readonly evaluations: number;
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
  const past = stageHistory(loop);
  let watch = startWatch(plan.stopRules, past.slice(0, -1));
  let lastCheckpoint = performance.now();
  let lastYield = performance.now();
  let verdict = firstVerdict(loop) ?? stageVerdict(loop, watch, past[past.length - 1]);
  for (;;) {
    if (verdict !== undefined) {
      if (!endsStageOnly(loop, verdict)) break;
      await nextStage(loop);
      watch = startWatch(plan.stopRules, []);
      verdict = firstVerdict(loop) ?? stageVerdict(loop, watch, loop.state.stage.entry);
      continue;
    }
    if (performance.now() - lastYield > YIELD_MILLISECONDS) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      lastYield = performance.now();
    }
    if (signal.aborted) {
      verdict = { reason: 'cancelled', rule: 'signal' };
      break;
    }
    verdict = await advance(loop);
    if (verdict !== undefined) continue;
    const entry = loop.history[loop.history.length - 1];
    verdict = stageVerdict(loop, watch, fromStageStart(loop, entry));
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
  await emitStopped(loop, atBound(loop, verdict));
}

async function startLoop(
  plan: Plan,
  checkpoint: Checkpoint | undefined,
  signal: AbortSignal,
  emit: (event: RunEvent) => void,
): Promise<Loop> {
  const resumed = checkpoint === undefined ? undefined : readCheckpoint(checkpoint, plan.hash, plan.stages.length);
  const began = performance.now() - 1000 * (resumed?.seconds ?? 0);
  const counter = { evaluations: resumed?.evaluations ?? 0 };
  const enter: Loop['enter'] = (stage) => {
    const problem = structureProblem(plan.stages[stage].objectives, plan.combiner, plan.parameterization, plan.stages[stage].projector, plan.refined, signal);
    const evaluate: VectorProblem['evaluate'] = (x, need) => {
      counter.evaluations++;
      return problem.evaluate(x, need);
    };
    const { residuals } = problem;
    const countedResiduals = residuals && ((x: Float64Array) => {
      counter.evaluations++;
      return residuals(x);
    });
    return { problem, counted: { ...problem, evaluate, ...(countedResiduals && { residuals: countedResiduals }) } };
  };
  const { problem, counted } = enter(resumed?.stage.index ?? 0);
  let state: LoopState;
  if (resumed === undefined) {
    const packed = new Float64Array(problem.size);
    packed.set(plan.parameterization.pack(plan.start));
    packed.set(plan.refined.start, plan.parameterization.size);
    const x0 = problem.project(packed);
    const current = await plan.minimizer.init(counted, x0);
    const first = solution(problem.structureAt(current.x), problem.parametersAt(current.x), current.evaluation, 0);
    const entry = historyEntry(0, current, undefined, structureFromJson(first.structure), plan.stages[0].broadening);
    // What a run reports compares with what it ends with, which is sharp.
    const initial = plan.stages.length === 1 ? first : await sharpSolution(plan, enter, current.x, 0);
    problem.accept(current.evaluation);
    state = {
      current,
      best: first,
      initial,
      history: [entry],
      step: 0,
      evaluations: 0,
      seconds: 0,
      combiner: problem.combinerState(),
      stage: { index: 0, first: 0, entry, bestX: current.x },
    };
  } else {
    problem.restoreCombiner(resumed.combiner);
    state = resumed;
  }
  emit({
    kind: 'started',
    parameters: [...plan.parameterization.names, ...plan.refined.names],
    seed: plan.config.seed,
    initial: state.initial,
    ...(plan.projector.finding === undefined ? {} : { finding: plan.projector.finding }),
    ...(plan.maxSteps === undefined ? {} : { maxSteps: plan.stages.reduce((sum, { steps }) => sum + (steps ?? 0), plan.maxSteps) }),
    ...(resumed === undefined ? {} : { resumedAt: resumed.step }),
  });
  const loop: Loop = {
    plan,
    problem,
    counted,
    enter,
    emit,
    state,
    history: [...state.history],
    told: new Set(problem.atBound(state.current.x)),
    began,
    get evaluations() {
      return counter.evaluations;
    },
  };
  announceStage(loop);
  return loop;
}

/** Go on with narrower peaks, from the best point of the stage that ends. */
async function nextStage(loop: Loop): Promise<void> {
  const { plan, state } = loop;
  const index = state.stage.index + 1;
  Object.assign(loop, loop.enter(index));
  const { problem } = loop;
  // Curvature and momentum of broader peaks are wrong for narrower ones: the minimizer starts anew.
  const current = await plan.minimizer.init(loop.counted, state.stage.bestX);
  const structure = problem.structureAt(current.x);
  const here = solution(structure, problem.parametersAt(current.x), current.evaluation, state.step);
  const sharp = index === plan.stages.length - 1;
  problem.accept(current.evaluation);
  loop.state = {
    ...state,
    current,
    // The result is never worse than the start, whatever the broad stages have done.
    best: sharp && !(here.value <= state.initial.value) ? state.initial : here,
    combiner: problem.combinerState(),
    stage: { index, first: state.step, entry: historyEntry(0, current, undefined, structure, plan.stages[index].broadening), bestX: current.x },
  };
  announceStage(loop);
}

function announceStage({ plan, state, emit }: Loop): void {
  const { index, entry } = state.stage;
  if (plan.stages.length === 1) return;
  emit({ kind: 'stage', index, count: plan.stages.length, broadening: plan.stages[index].broadening, step: state.step, value: entry.value });
}

/** A point evaluated with the objectives of the last stage. */
async function sharpSolution(plan: Plan, enter: Loop['enter'], x: Float64Array, step: number): Promise<Solution> {
  const { problem, counted } = enter(plan.stages.length - 1);
  return solution(problem.structureAt(x), problem.parametersAt(x), await counted.evaluate(x, 'value'), step);
}

/** What the stop rules see of a stage: a run of its own that starts at step 0. */
function stageHistory(loop: Loop): readonly HistoryEntry[] {
  const { stage } = loop.state;
  return [stage.entry, ...loop.history.slice(stage.first + 1).map((entry) => fromStageStart(loop, entry))];
}

function fromStageStart({ state }: Loop, entry: HistoryEntry): HistoryEntry {
  return { ...entry, step: entry.step - state.stage.first };
}

function stageVerdict(loop: Loop, watch: Watch, entry: HistoryEntry): Verdict | undefined {
  const verdict = watch.next(entry, cost(loop));
  const { steps } = loop.plan.stages[loop.state.stage.index];
  return verdict ?? (steps !== undefined && entry.step >= steps ? { reason: 'maxSteps', rule: 'stage' } : undefined);
}

/** Reasons that end a broad stage and let the next one begin. */
const stageEnds: ReadonlySet<StopReason> = new Set<StopReason>(['converged', 'stalled', 'maxSteps', 'diverged', 'boundHit']);

function endsStageOnly({ plan, state }: Loop, { reason }: Verdict): boolean {
  return state.stage.index < plan.stages.length - 1 && stageEnds.has(reason);
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
  loop.history.push(historyEntry(step, current, state.current.x, structure, plan.stages[state.stage.index].broadening));
  const better = current.evaluation.value < state.best.value || Number.isNaN(state.best.value);
  const best: Solution = better ? solution(structure, problem.parametersAt(current.x), current.evaluation, step) : state.best;
  const stage = better ? { ...state.stage, bestX: current.x } : state.stage;
  loop.state = { ...state, current, best, step, stage, combiner: problem.combinerState() };
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

/** A descent that goes no further because of a bound says so. */
function atBound({ problem, state }: Loop, verdict: Verdict): Verdict {
  if (verdict.reason !== 'stalled') return verdict;
  const names = problem.atBound(state.current.x);
  return names.length === 0 ? verdict : { reason: 'boundHit', rule: names.join(', ') };
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

async function emitStopped(loop: Loop, verdict: Verdict): Promise<void> {
  const { plan, state } = loop;
  const sharp = state.stage.index === plan.stages.length - 1;
  const here = (): Solution => solution(loop.problem.structureAt(state.current.x), loop.problem.parametersAt(state.current.x), state.current.evaluation, state.step);
  const last = sharp ? here() : await sharpSolution(plan, loop.enter, state.current.x, state.step);
  const known = sharp ? state.best : last;
  loop.emit({
    kind: 'stopped',
    reason: verdict.reason,
    message: stopMessage(verdict.reason, verdict.rule, state.step),
    steps: state.step,
    ...cost(loop),
    initial: state.initial,
    best: known.value <= state.initial.value || Number.isNaN(state.initial.value) ? known : state.initial,
    last,
    history: loop.history,
    checkpoint: checkpointOf(loop),
  });
}
