import type { Objective, Random, Structure } from '@braggscape/core';
import type { Candidate } from './candidate.js';
import type { CellBounds } from './cellBounds.js';
import type { Pool } from './pool.js';
import type { PatternTask } from './patternTask.js';
import type { ProfileModel } from './profileModel.js';

/** What the steps of a recovery share. */
export interface RecoverySession {
  readonly start: Structure;
  /** The pattern as searches see it: without its background, peaks drawn as Gaussians. */
  readonly search: PatternTask;
  /** Least squares on the whole pattern with the search's peaks: quick, and exact where the instrument is ideal. */
  readonly quick: ProfileModel;
  /** Least squares with the instrument's own peaks; `quick` itself where that is the same. */
  readonly full: ProfileModel;
  /** Energy per atom; absent where no potential takes part. */
  readonly energy?: Objective;
  /** eV/atom; nothing without a potential or where it gives none. */
  energyOf(structure: Structure): Promise<number | undefined>;
  readonly bounds: CellBounds;
  readonly random: Random;
  readonly pool: Pool;
  /** Symmetries met so far, each with the structure that it was made symmetric from. */
  readonly symmetries: Candidate[];
  /** Structures that steps have left under a name: `start`, `annealed`, `relaxed`. */
  readonly named: Map<string, Structure>;
  readonly signal: AbortSignal;
  /** As `breathe`; true if the recovery is over: solved or aborted. */
  over(): Promise<boolean>;
  /** Let the event loop have its turn where it is due. */
  breathe(): Promise<void>;
  /** Settle, keep and report a candidate. */
  offer(candidate: Candidate): Promise<void>;
  /** Remember an energy that a structure really has, eV/atom. */
  noteEnergy(value: number): void;
  /** Lowest energy remembered, eV/atom; Infinity where there is none. */
  lowestEnergy(): number;
  /** Say whether the last descent came to its end. */
  arrived(now: boolean): void;
  /** Tell of something that was left out or went wrong, once for each code. */
  warn(code: string, message: string): void;
}

/** The structure that a step begins from: one left under a name, or the best so far. */
export function structureNamed({ named, pool, start }: RecoverySession, name: string): Structure {
  return name === 'best' ? (pool.best()?.structure ?? start) : (named.get(name) ?? start);
}

/** What the decision to go on rests on. */
export interface RecoveryProgress {
  /** Whether nothing is left to explain. */
  readonly done: boolean;
  /** Lowest loss so far. */
  readonly lowest: number;
  /** Candidates so far. */
  readonly offers: number;
  /** Candidates after which a fit within the noise is taken for right. */
  readonly doubtUntil: number;
  /** Lowest energy of a relaxed or worked-out structure, eV/atom. */
  readonly lowestEnergy: number;
}

/** A session as the one who runs it sees it. */
export interface LiveSession extends RecoverySession {
  /** What the decision to go on rests on. */
  progress(): RecoveryProgress;
  /** Patterns and energies calculated so far, those before a resumption included. */
  evaluations(): number;
  seconds(): number;
  /** Whether nothing of the pattern is left to explain. */
  solved(): boolean;
  /** Whether the last descent came to its end. */
  converged(): boolean;
}
