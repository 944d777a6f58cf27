import type { Candidate } from '../candidate.js';
import { freedomOf } from '../candidate.js';
import { displaced, moveAlong, quietly } from '../moveAlong.js';
import { exchangeablePairs, exchangedIn } from '../orbits.js';
import { fitProfile } from '../profileFit.js';
import { raiseSymmetry } from '../raiseSymmetry.js';
import type { RecoverySession } from '../recoverySession.js';

/** Options of {@link rivals}. */
export interface RivalOptions {
  /** Exchanges of unlike atoms that are tried. */
  readonly exchanges: number;
  /** Random moves of all atoms that are tried. */
  readonly moves: number;
}

/** Å that random moves have on average. */
const MOVED = 0.4;

/**
 * Look for structures that could be mistaken for the best one: exchange its unlike atoms, those of like scattering power first, and move its atoms at random, each within its symmetry. What another
 * minimum near the pattern comes of joins the candidates, so that the verdict can name it. This is done even if the pattern is explained: a low misfit alone does not show that a structure is the only one.
 */
export async function rivals(session: RecoverySession, { exchanges, moves }: RivalOptions): Promise<void> {
  const found = session.pool.best();
  if (found?.fit === undefined) return;
  const best = raiseSymmetry(session, session.quick, found);
  if (best !== found) session.pool.add(best);
  const experiment = session.quick.from(best.fit?.named ?? {});
  const pairs = quietly(() => exchangeablePairs(best)) ?? [];
  for (const pair of pairs.slice(0, exchanges)) {
    if (session.signal.aborted) return;
    await settleFrom(session, { ...exchangedIn(best, pair), origin: `atoms exchanged in ${best.symmetry?.symbol ?? 'P1'}` }, experiment);
  }
  const random = session.random.derive('rivals');
  for (let move = 0; move < moves; move++) {
    if (session.signal.aborted) return;
    const structure = quietly(() => displaced(freedomOf(best), best.structure, MOVED, () => random.normal()));
    if (structure !== undefined) await settleFrom(session, { ...best, structure, origin: `atoms moved in ${best.symmetry?.symbol ?? 'P1'}` }, experiment);
  }
}

async function settleFrom(session: RecoverySession, from: Candidate, experiment: Float64Array): Promise<void> {
  await session.breathe();
  const { quick, bounds, signal } = session;
  const moved = await moveAlong(session, await moveAlong(session, from, { widths: [1.2, 0.5], steps: 12, stall: 1e-2 }), { widths: [0], steps: 25, stall: 1e-2 });
  if (!Number.isFinite(moved.loss)) return;
  const fit = quietly(() => fitProfile(quick, freedomOf(moved), moved.structure, experiment, { bounds, iterations: 10, stall: 0.05, signal }));
  if (fit !== undefined && Number.isFinite(fit.misfit)) session.pool.add({ ...moved, structure: fit.structure, fit });
}
