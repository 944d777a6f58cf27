import type { HistoryEntry, Minimizer, PlanCheckpoint, RunEvent, Solution, StopReason, Structure } from '@braggscape/core';
import { structureToJson } from '@braggscape/core';
import { cellFromArray, cellFromLattice } from '@braggscape/crystal';
import type { Plan } from '../run/plan.js';
import { stopMessage } from '../run/stopMessage.js';
import type { Candidate } from './candidate.js';
import { freedomOf } from './candidate.js';
import { distinctStructures } from './distinctStructures.js';
import { displacedOf, makeSession } from './makeSession.js';
import { quietly } from './moveAlong.js';
import { planCheckpoint, readPlanCheckpoint, stateOf } from './planCheckpoint.js';
import type { PlanPosition } from './planCheckpoint.js';
import type { PlanStep } from './planSteps.js';
import { structureNamed } from './recoverySession.js';
import type { LiveSession } from './recoverySession.js';
import { anneal } from './steps/anneal.js';
import { descendStep } from './steps/descendStep.js';
import { explore } from './steps/explore.js';
import { fit } from './steps/fit.js';
import { relax } from './steps/relax.js';
import { rivals } from './steps/rivals.js';
import { symmetryTrials } from './steps/symmetryTrials.js';
import { chosenOf, explains, verdictOf } from './verdict.js';
import type { JudgedCandidate } from './verdict.js';

/** A plan that is carried out in steps, with what they need. */
export interface PlanOfSteps extends Plan {
  readonly recovery: NonNullable<Plan['recovery']>;
}

/**
 * Carry out the steps of a plan until the pattern is explained or they are done.
 * @returns when `stopped` has been emitted
 */
export async function recover(plan: PlanOfSteps, checkpoint: PlanCheckpoint | undefined, signal: AbortSignal, emit: (event: RunEvent) => void): Promise<void> {
  const { recovery } = plan;
  const resumed = checkpoint === undefined ? undefined : readPlanCheckpoint(checkpoint, plan.hash, recovery.steps.length);
  const history: HistoryEntry[] = [];
  const initial = resumed?.initial ?? (await solutionOf(plan, plan.start, undefined, 0));
  history.push(...(resumed?.history ?? [entryOf(0, initial, plan.start)]));
  const session = makeSession(plan, signal, resumed, {
    offered(candidate, best) {
      const solution = { structure: structureToJson(candidate.structure), value: candidate.loss, objectives: { [recovery.metric]: candidate.loss }, step: history.length } satisfies Solution;
      const entry = entryOf(history.length, solution, candidate.structure);
      history.push(entry);
      emit({ kind: 'stepped', ...entry, bestValue: best.loss, evaluations: session.evaluations(), seconds: session.seconds(), rejected: 0 });
    },
    warn: (code, message) => emit({ kind: 'warning', code, message, step: history.length - 1 }),
  });
  emit({
    kind: 'started',
    parameters: [...freedomOf({ structure: plan.start }).names, ...plan.refined.names],
    seed: plan.config.seed,
    initial,
    ...(resumed === undefined ? {} : { resumedAt: history.length - 1 }),
  });
  recovery.leftOut.forEach((message) => emit({ kind: 'warning', code: 'plan.assumed', message, step: 0 }));
  const first: PlanPosition = resumed?.position ?? { step: 0, move: 0 };
  // A run that is interrupted within a step goes on from the step's beginning: as it was then, or what it has left behind would count twice.
  let reached = stateOf(session, first, initial, history);
  const saved = (): PlanCheckpoint => planCheckpoint(plan.hash, reached);
  let lastSaved = performance.now();
  const reach = (position: PlanPosition): void => {
    reached = stateOf(session, position, initial, history);
    if (performance.now() - lastSaved < plan.config.checkpointSeconds * 1000) return;
    lastSaved = performance.now();
    emit({ kind: 'stepped', ...history[history.length - 1], bestValue: session.pool.best()?.loss ?? initial.value, evaluations: session.evaluations(), seconds: session.seconds(), rejected: 0, checkpoint: saved() });
  };
  for (let at = first.step; at < recovery.steps.length && !signal.aborted; at++) {
    const step = recovery.steps[at];
    // What looks for a better candidate is over when there is nothing left to explain.
    if (step.do !== 'fit' && step.do !== 'rivals' && session.solved()) continue;
    if (session.pool.best() === undefined && ['explore', 'rivals', 'fit'].includes(step.do)) await offerStart(session);
    emit({ kind: 'planStep', index: at, count: recovery.steps.length, name: step.do, from: typeof step.from === 'string' ? step.from : 'best', step: history.length - 1 });
    await carryOut(session, step, recovery.minimizers.get(at), at === first.step ? first.move : 0, (move) => reach({ step: at, move: move + 1 }));
    if (signal.aborted) break;
    reach({ step: at + 1, move: 0 });
  }
  await emitResult(plan, session, initial, history, saved(), emit);
}

/** The start as first candidate, for steps that go on from candidates. */
async function offerStart(session: LiveSession): Promise<void> {
  const { value } = await session.search.objective(0).evaluate(session.start, 'value');
  await session.offer({ structure: session.start, loss: value, origin: 'start' });
}

async function carryOut(session: LiveSession, step: PlanStep, minimizer: Minimizer | undefined, move: number, moved: (move: number) => void): Promise<void> {
  const origin = typeof step.from === 'string' ? step.from : 'start';
  const from = structureNamed(session, origin);
  // The options were checked against the step's schema when the configuration was normalized.
  const options = step as never;
  switch (step.do) {
    case 'symmetry-trials':
      return symmetryTrials(session, from, origin, options);
    case 'anneal':
      return anneal(session, from, origin, options);
    case 'relax':
      return relax(session, from, origin, options);
    case 'descend':
      return descendStep(session, from, origin, options, minimizer as Minimizer);
    case 'explore':
      return explore(session, { moves: (step as never as { moves: number }).moves, trials: options }, move, moved);
    case 'rivals':
      return rivals(session, options);
    case 'fit':
      return fit(session, options);
  }
}

async function emitResult(plan: PlanOfSteps, session: LiveSession, initial: Solution, history: readonly HistoryEntry[], checkpoint: PlanCheckpoint, emit: (event: RunEvent) => void): Promise<void> {
  const judged = await judgedCandidates(session);
  const chosen = chosenOf(judged, session.full);
  const step = history.length - 1;
  const best = chosen === undefined ? initial : await solutionOf(plan, displacedOf(session, chosen.candidate), chosen.candidate, step);
  const explained = chosen !== undefined && explains(chosen.candidate, session.full);
  // A plan that fits is done when it explains the pattern; one that does not, when its last descent is.
  const arrived = plan.recovery.fits ? explained : session.converged();
  const reason: StopReason = session.signal.aborted ? 'cancelled' : arrived ? 'converged' : 'stalled';
  const rule = session.signal.aborted ? 'signal' : explained ? 'nothing left to explain' : 'end of the plan';
  emit({
    kind: 'stopped',
    reason,
    message: stopMessage(reason, rule, step),
    steps: step,
    evaluations: session.evaluations(),
    seconds: session.seconds(),
    initial,
    best,
    last: best,
    history: [...history],
    ...(chosen === undefined ? {} : { verdict: verdictOf(session, chosen, judged, judged.length) }),
    checkpoint,
  });
}

/** The distinct candidates of the pool with their energies. */
async function judgedCandidates(session: LiveSession): Promise<readonly JudgedCandidate[]> {
  const kept = await distinctStructures(session.pool.all(), 8);
  const judged: JudgedCandidate[] = [];
  for (const candidate of kept) {
    const energy = session.signal.aborted ? undefined : await session.energyOf(candidate.structure);
    judged.push({ candidate, ...(energy === undefined ? {} : { energy }) });
  }
  return judged;
}

/** A structure with the values of all the plan's objectives. */
async function solutionOf(plan: PlanOfSteps, structure: Structure, candidate: Candidate | undefined, step: number): Promise<Solution> {
  const named = candidate === undefined ? plan.recovery.startValues : candidate.fit === undefined ? {} : plan.recovery.named(candidate);
  const parameters = plan.model.parameters.length === 0 ? undefined : Float64Array.from(plan.model.parameters, ({ id, value }) => named[id] ?? value);
  const objectives: Record<string, number> = {};
  let value = 0;
  for (const { objective, weight } of plan.objectives) {
    const found = await quietlyEvaluated(() => objective.evaluate(structure, 'value', undefined, parameters));
    objectives[objective.id] = found;
    value += weight * found;
  }
  return { structure: structureToJson(structure), ...(Object.keys(named).length === 0 ? {} : { parameters: named }), value, objectives, step };
}

async function quietlyEvaluated(evaluate: () => Promise<{ value: number }>): Promise<number> {
  const found = quietly(evaluate);
  return found === undefined ? Number.NaN : found.then(({ value }) => value, () => Number.NaN);
}

function entryOf(step: number, { value, objectives }: Pick<Solution, 'value' | 'objectives'>, structure: Structure): HistoryEntry {
  return { step, value, objectives, cell: cellFromArray(cellFromLattice(structure.lattice)) };
}
