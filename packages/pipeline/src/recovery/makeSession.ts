import type { Structure } from '@braggscape/core';
import { isBraggscapeError, randomFromSeed } from '@braggscape/core';
import type { Plan } from '../run/plan.js';
import type { Candidate } from './candidate.js';
import { freedomOf } from './candidate.js';
import { cellBounds } from './cellBounds.js';
import { quietly } from './moveAlong.js';
import type { RecoveryState } from './planCheckpoint.js';
import { candidatePool, measureOf } from './pool.js';
import { fitProfile } from './profileFit.js';
import type { LiveSession, RecoverySession } from './recoverySession.js';
import { fullFit } from './steps/fit.js';
import { explains } from './verdict.js';

/** Who listens to a session. */
export interface SessionListener {
  offered(candidate: Candidate, best: Candidate): void;
  warn(code: string, message: string): void;
}

/** The event loop gets its turn at least this often. */
const YIELD_MILLISECONDS = 40;
/** Cells that a recovery may pass through: wide, so that strong distortions can come home. */
const bounds = { lengths: [0.5, 2], angles: [25, 155], volume: [0.4, 2.5] } as const;
/** Loss above which a candidate is not worth a fit … */
const HOPELESS = 0.2;
/** … unless it is within this factor of the lowest one … */
const COMPARABLE = 4;
/** … and below this any is fitted. */
const PROMISING = 1e-3;
/** Free numbers of a structure that is not mistaken for another within the noise. */
const FEW = 15;
/** Candidates looked at after one that may be right. */
const DOUBTFUL_OFFERS = 20;

/** The session of a plan, fresh or as it was when a checkpoint was made. */
export function makeSession(plan: Plan & { readonly recovery: NonNullable<Plan['recovery']> }, signal: AbortSignal, resumed: RecoveryState | undefined, listener: SessionListener): LiveSession {
  const { search, quick, full, energy, searchStart } = plan.recovery.makeTasks();
  const pool = candidatePool(24, resumed?.pool);
  const began = performance.now() - 1000 * (resumed?.seconds ?? 0);
  const told = new Set<string>();
  let energies = 0;
  let lastYield = performance.now();
  let { done, lowest, offers, doubtUntil, lowestEnergy } = resumed?.progress ?? { done: false, lowest: Infinity, offers: 0, doubtUntil: Infinity, lowestEnergy: Infinity };
  let arrived = false;

  const session: LiveSession = {
    start: searchStart,
    search,
    quick,
    full,
    ...(energy === undefined
      ? {}
      : {
          energy: {
            ...energy,
            evaluate(...given) {
              energies++;
              return energy.evaluate(...given);
            },
          },
        }),
    bounds: cellBounds(searchStart, bounds),
    random: randomFromSeed(plan.config.seed).derive('plan'),
    pool,
    symmetries: [...(resumed?.symmetries ?? [])],
    named: new Map(Object.entries(resumed?.named ?? { start: searchStart })),
    signal,
    async breathe() {
      if (performance.now() - lastYield <= YIELD_MILLISECONDS) return;
      await new Promise((resolve) => setTimeout(resolve, 0));
      lastYield = performance.now();
    },
    async over() {
      await session.breathe();
      return session.solved() || signal.aborted;
    },
    async offer(candidate) {
      if (!Number.isFinite(candidate.loss)) return;
      await session.breathe();
      offers++;
      const settled = settle(candidate);
      pool.add(settled);
      lowest = Math.min(lowest, candidate.loss);
      listener.offered(settled, pool.best() ?? settled);
    },
    warn(code, message) {
      if (told.has(code)) return;
      told.add(code);
      listener.warn(code, message);
    },
    evaluations: () => (resumed?.evaluations ?? 0) + search.evaluations() + (quick.task === search ? 0 : quick.task.evaluations()) + (full === quick ? 0 : full.task.evaluations()) + energies,
    progress: () => ({ done, lowest, offers, doubtUntil, lowestEnergy }),
    lowestEnergy: () => lowestEnergy,
    noteEnergy(value) {
      if (value < lowestEnergy) lowestEnergy = value;
    },
    seconds: () => (performance.now() - began) / 1000,
    solved: () => done || offers >= doubtUntil,
    converged: () => arrived,
    async energyOf(structure) {
      if (energy === undefined) return undefined;
      try {
        energies++;
        const { value } = await energy.evaluate(structure, 'value', signal);
        if (!Number.isFinite(value)) return undefined;
        session.noteEnergy(value);
        return value;
      } catch (error) {
        if (isBraggscapeError(error)) return undefined;
        throw error;
      }
    },
    arrived(now) {
      arrived = now;
    },
  };
  return session;

  /** A candidate with a quick fit, where it is worth one; with the whole one, where that may end the recovery. */
  function settle(candidate: Candidate): Candidate {
    const { loss } = candidate;
    if (!plan.recovery.fits || loss > HOPELESS || (loss > COMPARABLE * lowest && loss > PROMISING)) return candidate;
    const before = pool.best();
    const start = quick.from(before?.fit?.named ?? {});
    const found = quietly(() => fitProfile(quick, freedomOf(candidate), candidate.structure, start, { bounds: session.bounds, iterations: 14, stall: 0.05, signal }));
    if (found === undefined || !Number.isFinite(found.misfit)) return candidate;
    const settled: Candidate = { ...candidate, structure: found.structure, fit: found };
    if (full === quick) done ||= explains(settled, full);
    else if (before === undefined || measureOf(settled) < 0.95 * measureOf(before)) conclude(fullFit(session, settled, 12));
    return settled;
  }

  /** With few free numbers nothing but a right structure gets within the noise; with many, something near it may, and the search goes on for a while unless the fit is perfect. */
  function conclude(whole: Candidate): void {
    if (!explains(whole, full)) return;
    const perfect = (whole.fit?.chiSquare ?? Infinity) <= 1 + Math.sqrt(2 / full.points);
    if (perfect || freedomOf(whole).size <= FEW) done = true;
    else doubtUntil = Math.min(doubtUntil, offers + DOUBTFUL_OFFERS);
  }
}

/** The structure to report: with the displacement that was fitted added to its sites. */
export function displacedOf({ full }: RecoverySession, { structure, fit }: Candidate): Structure {
  return fit === undefined ? structure : full.displaced(structure, full.from(fit.named));
}
