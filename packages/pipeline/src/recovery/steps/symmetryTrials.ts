import type { Structure } from '@braggscape/core';
import { symmetryCandidates } from '@braggscape/projectors';
import type { Candidate } from '../candidate.js';
import { moveAlong } from '../moveAlong.js';
import type { Stretch } from '../moveAlong.js';
import type { RecoverySession } from '../recoverySession.js';

/** Options of {@link symmetryTrials}. */
export interface SymmetryTrialOptions {
  /** How far images may be from sites, Å. */
  readonly distance: number;
  /** How far the cell may be from symmetric, as a strain. */
  readonly strain: number;
  /** Most symmetries tried. */
  readonly most: number;
  /** Widths in degrees that all of them go through … */
  readonly broad: readonly number[];
  /** … and those that the better ones go through then, before the sharp pattern. */
  readonly narrow: readonly number[];
}

/**
 * Relative change that a cell may need to be symmetric and still count as right already. Broad peaks would lose a cell that is right together with the distortion of the coordinates, so such a symmetry is
 * tried with the cell held as well.
 */
const TRUSTED = 0.005;
/** Sites up to which looking for symmetries takes seconds. */
const MOST_SITES = 100;
/** Symmetries that go through the broad widths together; the best of each such batch go on. */
const BATCH = 12;
const NARROWED = 5;
const SHARPENED = 2;

/**
 * Try every symmetry that a structure may have had before it was distorted: make it symmetric, which averages most of the distortion away, and see how well what is left free fits the pattern. A wrong
 * symmetry costs a few dozen patterns, as little is free in it; a right one is often solved by them.
 *
 * @param origin name of the structure, for the candidates' origins
 */
export async function symmetryTrials(session: RecoverySession, from: Structure, origin: string, { distance, strain, most, broad, narrow }: SymmetryTrialOptions): Promise<void> {
  if (from.numbers.length > MOST_SITES) {
    session.warn('plan.manySites', `trials of symmetries are left out for more than ${MOST_SITES} sites: refine a primitive cell`);
    return;
  }
  const found = symmetryCandidates(from, { distance, strain, most, branches: true });
  const queue: Candidate[] = found.map(({ symmetrized, operations, number, symbol }) => ({
    structure: symmetrized,
    symmetry: { number, symbol, operations, reference: symmetrized },
    loss: Infinity,
    origin: `${symbol} of ${origin}`,
  }));
  const trusted = new Set(queue.filter((_, i) => found[i].deviation.cell < TRUSTED && found[i].free.cell < 6));
  session.symmetries.push(...queue);
  for (let at = 0; at < queue.length; at += BATCH) {
    const batch = queue.slice(at, at + BATCH);
    const free = await movedAlong(session, batch, { widths: [...broad, narrow[0]], steps: 12 });
    const held = await movedAlong(session, batch.filter((candidate) => trusted.has(candidate)), { widths: narrow.slice(0, 1), steps: 18, vary: ['coords'] });
    const coarse = [...free, ...held].sort((a, b) => a.loss - b.loss);
    const middle = await movedAlong(session, coarse.slice(0, NARROWED), { widths: narrow, steps: 20 });
    for (const candidate of middle.slice(0, SHARPENED)) {
      if (await session.over()) return;
      await session.offer(await moveAlong(session, candidate, { widths: [0], steps: 40 }));
    }
  }
}

async function movedAlong(session: RecoverySession, candidates: readonly Candidate[], stretch: Stretch): Promise<readonly Candidate[]> {
  const moved: Candidate[] = [];
  for (const candidate of candidates) {
    if (await session.over()) return [];
    moved.push(await moveAlong(session, candidate, stretch));
  }
  return moved.filter(({ loss }) => Number.isFinite(loss)).sort((a, b) => a.loss - b.loss);
}
