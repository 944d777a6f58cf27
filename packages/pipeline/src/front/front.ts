import { Observable } from 'rxjs';
import type { Front, FrontEvent, FrontMethod, ObjectiveValues, StopReason, Structure } from '@braggscape/core';
import { BraggscapeError } from '@braggscape/core';
import type { Plan } from '../run/plan.js';
import { insert, sorted } from './archive.js';
import type { DescentLimits } from './descend.js';
import type { ObjectiveVector } from './dominance.js';
import { frontSearch } from './frontSearch.js';
import type { FrontSearch, Refined } from './frontSearch.js';
import { hypervolume } from './hypervolume.js';
import { boxOf, kneeOf, normalized } from './knee.js';
import type { FrontBox } from './knee.js';
import { weightLadder, widestGap } from './scalarizations.js';

/** How a front is computed. */
export interface FrontOptions {
  /** Points wanted, the two ends included; at least 2. There are more where gaps wider than two parts in this number would be left. Default 15. */
  readonly points?: number;
  /** Decades that the ratio of the weights covers to either side of equal ones. Default 2. */
  readonly decades?: number;
  /** Steps of a descent at most. Default 400; the ends may take ten times as many. */
  readonly steps?: number;
  /** Structures to start from besides the plan's, such as a published one: same sites in the same order. */
  readonly starts?: readonly Structure[];
  /** Abort to end with what is there. */
  readonly signal?: AbortSignal;
}

/** Two points count as one within this part of the box: what two descents to the same point differ by. */
const RESOLUTION = 1e-3;
/** A gap is none if it is narrower than the first of these, in units of the box divided by the points wanted; it is filled even when there are enough points if it is wider than the second. */
const [NARROW, WIDE] = [0.25, 2];

/** A single objective is taken to its minimum: a dimensionless loss to the rounding of its value, an energy to that of potentials in single precision (per unit of x). */
const toTheEnd = (steps: number, unit: string): DescentLimits => ({ gradientTolerance: unit === '1' ? 1e-9 : 2e-5, improvement: 1e-7, patience: 40, maxSteps: 10 * steps });
/** Combinations are in units of the front's box, per Å. */
const toTheFront = (steps: number): DescentLimits => ({ gradientTolerance: 1e-3, improvement: 1e-7, patience: 20, maxSteps: steps });

/**
 * Compute the front between the two objectives of a plan: the structures that are best for some compromise of them.
 *
 * First the ends: each objective alone is taken to its minimum, from the start and from the other's minimum, with the plan's schedule of peak widths and without. Then weighted sums, with weights in
 * equal steps of their logarithm, each descent starting where its neighbour ended, in both directions. Then ε-constraints where the widest gaps are, which also reach where the front is not convex
 * and no weights lead. All descents share one memory of evaluations; those that fill gaps start from the best point that any has visited. What no other one dominates is kept. A point that is better
 * than an end in the end's own objective becomes the start of a new descent to that end, so that the ends are what each objective alone leads to.
 *
 * Cold. The weights of the plan's objectives, its combiner and its stop rules are not used. Equal plans give equal fronts, seconds aside.
 * next: `started`, `descending`, `stepped`, `refined`, `frontChanged`, and one `stopped` with the front. error: BraggscapeError `option.invalid` for what does not fit; faults of objectives.
 * unsubscribe: aborts at the next step. The plan stays the caller's to dispose of.
 */
export function front$(plan: Plan, options: FrontOptions = {}): Observable<FrontEvent> {
  return new Observable<FrontEvent>((subscriber) => {
    const controller = new AbortController();
    const abort = (): void => controller.abort();
    options.signal?.addEventListener('abort', abort, { once: true });
    if (options.signal?.aborted === true) abort();
    computeFront(plan, options, controller.signal, (event) => subscriber.next(event)).then(
      () => subscriber.complete(),
      (error: unknown) => subscriber.error(error),
    );
    return () => {
      options.signal?.removeEventListener('abort', abort);
      abort();
    };
  });
}

async function computeFront(plan: Plan, options: FrontOptions, signal: AbortSignal, emit: (event: FrontEvent) => void): Promise<void> {
  const { points = 15, decades = 2, steps = 400, starts = [] } = options;
  checkFront(plan, options);
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  const search = frontSearch(plan, signal, emit, seconds);
  emit({ kind: 'started', objectives: search.objectives, parameters: [...plan.parameterization.names, ...plan.refined.names], points });
  const task: Task = { search, steps, signal, emit };
  await findEnds(task, [plan.start, ...starts].map(search.pack));
  const ends = boxOf(search.archive.map(({ values }) => values));
  if (search.archive.length > 1 && !signal.aborted) {
    search.tolerances = ends.ideal.map((value, axis) => RESOLUTION * (ends.nadir[axis] - value));
    endsFirst(search);
    await sweepWeights(task, weightLadder(Math.max(1, Math.ceil((points - 2) / 3)), decades, ends));
    await fillGaps(task, points);
  }
  await confirmEnds(task);
  emit({ kind: 'stopped', front: result(search, signal.aborted ? 'cancelled' : undefined, seconds()) });
}

/** Signals and drawing get their turn between descents, which themselves only wait for work of the same process. */
function eventLoopsTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

interface Task {
  readonly search: FrontSearch;
  readonly steps: number;
  readonly signal: AbortSignal;
  readonly emit: (event: FrontEvent) => void;
}

/**
 * Check that a front can be computed, as {@link front$} does before it begins.
 * @throws BraggscapeError `option.invalid` for a plan without two objectives, numbers out of range, and starts with other atoms
 */
export function checkFront({ start, objectives: { length } }: Pick<Plan, 'start' | 'objectives'>, { points = 15, decades = 2, steps = 400, starts = [] }: FrontOptions): void {
  if (length !== 2) {
    throw new BraggscapeError('option.invalid', `a front is drawn between two objectives, and there ${length === 1 ? 'is 1' : `are ${length}`}`, { path: 'objectives', hint: 'name two, such as cosine and chgnet' });
  }
  const least = (name: string, value: number, bound: number, integer: boolean): void => {
    if (Number.isFinite(value) && value >= bound && (!integer || Number.isInteger(value))) return;
    throw new BraggscapeError('option.invalid', `"${name}" of a front is ${value}`, { path: name, hint: `give a ${integer ? 'whole ' : ''}number of at least ${bound}` });
  };
  least('points', points, 2, true);
  least('decades', decades, 0, false);
  least('steps', steps, 1, true);
  starts.forEach((other, i) => {
    if (other.numbers.length === start.numbers.length && other.numbers.every((z, k) => z === start.numbers[k])) return;
    throw new BraggscapeError('option.invalid', `start ${i + 2} of a front does not list the same elements in the same order as the first`, { path: 'starts', hint: 'bring its sites into the order of the start structure' });
  });
}

/** Each objective alone, from every start, then from the lowest of the other one. */
async function findEnds({ search, steps, signal, emit }: Task, starts: readonly Float64Array[]): Promise<void> {
  const best: (Refined | undefined)[] = search.objectives.map(() => undefined);
  const descendTo = async (objective: number, from: Float64Array): Promise<void> => {
    const { id, unit } = search.objectives[objective];
    const method: FrontMethod = { kind: 'single', objective: id };
    for (const staged of search.hasStages(objective) ? [true, false] : [false]) {
      await eventLoopsTurn();
      if (signal.aborted) return;
      emit({ kind: 'descending', phase: 'ends', method });
      const refined = await search.refine(method, from, toTheEnd(steps, unit), staged);
      if (refined !== undefined && !(refined.values[objective] >= (best[objective]?.values[objective] ?? Infinity))) best[objective] = refined;
    }
  };
  for (const from of starts) for (let objective = 0; objective < best.length; objective++) await descendTo(objective, from);
  // The pattern's minimum may lie in the energy's basin when it does not in the start's, and the other way round.
  const [first, second] = best;
  if (first !== undefined) await descendTo(1, first.x);
  if (second !== undefined) await descendTo(0, second.x);
  if (best[0] !== undefined && best[0] !== first) await descendTo(1, best[0].x);
}

/** Build the archive again with its ends first, so that what lies within the resolution of an end gives way to it. */
function endsFirst(search: FrontSearch): void {
  const lowest = search.objectives.map((_, axis) => search.archive.reduce((best, entry) => (entry.values[axis] < best.values[axis] ? entry : best)));
  search.archive = [...new Set([...lowest, ...search.archive])].reduce<readonly Refined[]>((archive, entry) => insert(archive, entry, search.tolerances).archive, []);
}

/** Weighted sums along the ladder and back, each from where its neighbour ended. */
async function sweepWeights({ search, steps, signal, emit }: Task, ladder: readonly (readonly [number, number])[]): Promise<void> {
  const [{ id: first }, { id: second }] = search.objectives;
  const ends = sorted(search.archive);
  for (const [from, weights] of [[ends[ends.length - 1], ladder], [ends[0], [...ladder].reverse()]] as const) {
    let { x } = from;
    for (const [a, b] of weights) {
      await eventLoopsTurn();
      if (signal.aborted) return;
      const method: FrontMethod = { kind: 'weights', weights: { [first]: a, [second]: b } };
      emit({ kind: 'descending', phase: 'weights', method });
      x = (await search.refine(method, x, toTheFront(steps)))?.x ?? x;
    }
  }
}

/** ε-constraints half-way in the widest gap, from the best point visited and from both neighbours, until there are enough points without wide gaps, or no gap yields any. */
async function fillGaps({ search, steps, signal, emit }: Task, points: number): Promise<void> {
  const closed = new Set<string>();
  const nameOf = (a: Refined, b: Refined): string => [...a.values, ...b.values].join(' ');
  while (!signal.aborted) {
    await eventLoopsTurn();
    const front = sorted(search.archive);
    const values = front.map((entry) => entry.values);
    const gap = widestGap(values, boxOf(values), (search.archive.length < points ? NARROW : WIDE) / points, (index) => closed.has(nameOf(front[index], front[index + 1])));
    if (gap === undefined) return;
    const [before, after] = [front[gap.index], front[gap.index + 1]];
    const method: FrontMethod = { kind: 'epsilon', objective: search.objectives[1 - gap.axis].id, bounded: search.objectives[gap.axis].id, bound: gap.middle };
    const lowest = search.visited().reduce((best, entry) => (search.valueOf(method, entry.values) < search.valueOf(method, best.values) ? entry : best));
    for (const { x } of new Set([lowest, before, after])) {
      await eventLoopsTurn();
      if (signal.aborted) return;
      emit({ kind: 'descending', phase: 'epsilon', method });
      await search.refine(method, x, toTheFront(steps));
      // The first that lands in the gap is enough; others are tried where it does not.
      if (search.archive.some((entry) => entry !== before && entry !== after && between(entry.values, before.values, after.values))) break;
    }
    closed.add(nameOf(before, after));
  }
}

function between(values: ObjectiveVector, a: ObjectiveVector, b: ObjectiveVector): boolean {
  return values.every((value, axis) => value > Math.min(a[axis], b[axis]) && value < Math.max(a[axis], b[axis]));
}

/** Rounds of {@link confirmEnds}; each lowers an end. */
const ROUNDS = 4;

/** Where a compromise is lower than an end in the end's own objective, descend on from there; then let the ends go first. */
async function confirmEnds({ search, steps, signal, emit }: Task): Promise<void> {
  for (let axis = 0; axis < search.objectives.length; axis++) {
    const { id, unit } = search.objectives[axis];
    const isEnd = ({ point: { method } }: Refined): boolean => method.kind === 'single' && method.objective === id;
    for (let round = 0; round < ROUNDS && search.archive.length > 0; round++) {
      const lowest = search.archive.reduce((best, entry) => (entry.values[axis] < best.values[axis] ? entry : best));
      if (isEnd(lowest) || signal.aborted) break;
      const method: FrontMethod = { kind: 'single', objective: id };
      emit({ kind: 'descending', phase: 'ends', method });
      const refined = await search.refine(method, lowest.x, toTheEnd(steps, unit));
      if (refined === undefined || !(refined.values[axis] <= lowest.values[axis])) break;
      search.archive = [refined, ...search.archive.filter((entry) => entry !== refined && entry !== lowest)];
      endsFirst(search);
    }
  }
}

function result(search: FrontSearch, stopped: StopReason | undefined, seconds: number): Front {
  const entries = sorted(search.archive);
  const values = entries.map((entry) => entry.values);
  const box: FrontBox = boxOf(values);
  const byId = (vector: ObjectiveVector): ObjectiveValues => Object.fromEntries(search.objectives.map(({ id }, axis) => [id, vector[axis]]));
  const limited = entries.some(({ point }) => point.stopReason === 'maxSteps');
  return {
    format: 'braggscape-front/1',
    objectives: search.objectives,
    points: entries.map(({ point }) => point),
    dominated: search.dominated().map(byId),
    ideal: byId(box.ideal),
    nadir: byId(box.nadir),
    // A single point has no box, and two span it only.
    hypervolume: values.length < 3 ? 0 : hypervolume(values.map((vector) => normalized(vector, box)), box.nadir.map(() => 1)),
    knee: kneeOf(values),
    evaluations: search.evaluations(),
    remembered: search.remembered(),
    seconds,
    stopReason: stopped ?? (limited ? 'maxSteps' : 'converged'),
  };
}
