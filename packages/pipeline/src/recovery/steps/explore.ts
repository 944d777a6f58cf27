import type { Random, Structure } from '@braggscape/core';
import type { Candidate } from '../candidate.js';
import { freedomOf } from '../candidate.js';
import { displaced, moveAlong, quietly } from '../moveAlong.js';
import { exchangeablePairs, exchangedIn } from '../orbits.js';
import type { RecoverySession } from '../recoverySession.js';
import { symmetryTrials } from './symmetryTrials.js';
import type { SymmetryTrialOptions } from './symmetryTrials.js';

/** Options of {@link explore}. */
export interface ExploreOptions {
  /** Moves made, at most. */
  readonly moves: number;
  /** Trials of symmetries on a shaken start, one move in six. */
  readonly trials: SymmetryTrialOptions;
}

/**
 * Search on from what was found, until it is solved or the moves are used up. Of every six moves, three start from one of the best candidates (atoms moved at random, or two orbits of unlike atoms
 * exchanged), two begin anew at random coordinates in a symmetry met before, and one shakes the start and tries its symmetries.
 *
 * @param first number of the first move: each draws from a generator of its own, so that a search that is resumed goes on with the same moves
 * @param done called after each move with its number
 */
export async function explore(session: RecoverySession, { moves, trials }: ExploreOptions, first = 0, done: (move: number) => void = () => undefined): Promise<void> {
  for (let move = first; move < moves; move++) {
    if (await session.over()) return;
    const random = session.random.derive(`move ${move}`);
    if (move % 6 === 5) await symmetryTrials(session, shaken(session.start, random), `start shaken by move ${move}`, trials);
    else if (move % 3 === 1 && session.symmetries.length > 0) await beginAnew(session, random);
    else await moveOn(session, random);
    if (session.signal.aborted) return;
    done(move);
  }
}

/** Amplitudes in Å that candidates are moved by: from within a basin to across the cell. */
const amplitudes = [0.1, 0.2, 0.4, 0.8, 1.2];

async function moveOn(session: RecoverySession, random: Random): Promise<void> {
  const distinct = session.pool.distinct();
  const base = distinct.at(Math.min(distinct.length - 1, Math.floor(exponential(random, 1.5))));
  if (base === undefined) return;
  const pairs = quietly(() => exchangeablePairs(base)) ?? [];
  const exchange = pairs.length > 0 && random.uniform() < 0.5;
  const amplitude = exchange ? random.between(0, 0.3) : amplitudes[random.integer(amplitudes.length)];
  const pair = exchange ? pairs[Math.min(pairs.length - 1, Math.floor(exponential(random, Math.max(1, pairs.length / 4))))] : undefined;
  const widths = amplitude > 0.5 ? [4, 2, 1, 0.5] : exchange || amplitude > 0.25 ? [1.2, 0.5] : [];
  await tryFrom(session, pair === undefined ? base : exchangedIn(base, pair), `${exchange ? 'exchange in' : `${amplitude} Å from`} ${symbolOf(base)}`, amplitude, widths, random);
}

/** Random coordinates tried in one symmetry before the next move. */
const ATTEMPTS = 4;
/** Free coordinates up to which random ones are likely to fall into the right basin. */
const FEW = 14;

async function beginAnew(session: RecoverySession, random: Random): Promise<void> {
  const small = session.symmetries.filter(({ structure, symmetry }) => (3 * structure.numbers.length) / (symmetry?.operations.length ?? 1) <= FEW);
  const from = small.length > 0 ? small : session.symmetries;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (await session.over()) return;
    const base = from[random.integer(from.length)];
    await tryFrom(session, base, `random in ${symbolOf(base)}`, random.between(0.4, 1.5), random.uniform() < 0.5 ? [5, 2, 0.8] : [1.5, 0.6], random);
  }
}

async function tryFrom(session: RecoverySession, base: Candidate, origin: string, amplitude: number, widths: readonly number[], random: Random): Promise<void> {
  const structure = quietly(() => displaced(freedomOf(base), base.structure, amplitude, () => random.normal()));
  if (structure === undefined) return;
  const { symmetry } = base;
  const from: Candidate = { structure, loss: Infinity, origin, ...(symmetry === undefined ? {} : { symmetry }) };
  const broad = await moveAlong(session, from, { widths, steps: 18, stall: 1e-2 });
  const sharp = await moveAlong(session, broad, { widths: [0], steps: 28, stall: 1e-2 });
  if (Number.isFinite(sharp.loss)) await session.offer(sharp);
}

function exponential(random: Random, mean: number): number {
  return -Math.log(1 - random.uniform()) * mean;
}

/** Fractions that a shaken start's coordinates move by, at most. */
const shakes = [0.02, 0.05, 0.1, 0.15];

function shaken(structure: Structure, random: Random): Structure {
  const amplitude = shakes[random.integer(shakes.length)];
  return { ...structure, frac: structure.frac.map((value) => value + random.between(-amplitude, amplitude)) };
}

function symbolOf({ symmetry }: Candidate): string {
  return symmetry?.symbol ?? 'P1';
}
