import type { Candidate } from '../candidate.js';
import { freedomOf } from '../candidate.js';
import { withEnergyPrior } from '../energyPrior.js';
import { distinctStructures } from '../distinctStructures.js';
import { quietly } from '../moveAlong.js';
import { measureOf } from '../pool.js';
import { fitProfile } from '../profileFit.js';
import { raiseSymmetry } from '../raiseSymmetry.js';
import { posterior } from '../posterior.js';
import type { RecoverySession } from '../recoverySession.js';
import { sameStructure } from '../sameStructure.js';

/** Options of {@link fit}. */
export interface FitOptions {
  /** Most candidates that are worked out. */
  readonly candidates: number;
  /** Most iterations of a fit. */
  readonly iterations: number;
  /** Temperature in K of the energy as prior, see `withEnergyPrior`; 0: the pattern alone. */
  readonly temperature: number;
}

/** Candidates whose quick misfit is more than this times the best one's need no whole fit to be told from it. */
const RIVAL = 3;

/**
 * Work the best candidates out: fit each by least squares, raise its symmetry as far as the pattern allows, then fit the whole profile with every number of the experiment, and
 * weigh the pattern's uncertainty against the energy. What turns out to be one structure is kept once.
 */
export async function fit(session: RecoverySession, { candidates, iterations, temperature }: FitOptions): Promise<void> {
  const { pool, quick, full, bounds, signal } = session;
  const chosen = await mostPromising(session, candidates);
  const worked: Candidate[] = [];
  for (const candidate of chosen) {
    if (signal.aborted) return;
    const start = quick.from(candidate.fit?.named ?? {});
    const settled = quietly(() => fitProfile(quick, freedomOf(candidate), candidate.structure, start, { bounds, iterations, signal }));
    if (settled === undefined || !Number.isFinite(settled.misfit)) continue;
    worked.push(raiseSymmetry(session, quick, { ...candidate, structure: settled.structure, fit: settled }));
    await session.breathe();
  }
  worked.sort((a, b) => measureOf(a) - measureOf(b));
  const finished: Candidate[] = [];
  for (const candidate of worked) {
    if (signal.aborted) return;
    if (await knownAmong(candidate, finished)) continue;
    const close = measureOf(candidate) <= RIVAL * measureOf(worked[0]);
    const whole = full === quick || !close ? candidate : fullFit(session, candidate, iterations);
    finished.push(close && temperature > 0 ? await withEnergyPrior(session, whole, temperature) : whole);
    await session.breathe();
  }
  // Nothing is lost where no fit came to an end.
  if (finished.length === 0) return;
  pool.clear();
  for (const candidate of finished) pool.add(candidate);

  async function knownAmong(candidate: Candidate, others: readonly Candidate[]): Promise<boolean> {
    for (const other of others) {
      if (await sameStructure(candidate, other)) return true;
    }
    return false;
  }
}

/** Misfit up to which a low energy makes a candidate worth working out, in units of the lowest. */
const CLOSE = 2;

/** Half of them by misfit, and half by misfit and energy: the energy knows of light atoms that the pattern hardly sees. */
async function mostPromising(session: RecoverySession, most: number): Promise<readonly Candidate[]> {
  const { pool, quick, energy, signal } = session;
  const distinct = await distinctStructures(pool.all(), 2 * most);
  const best = distinct.at(0);
  if (energy === undefined || quick.weight === undefined || best?.fit?.chiSquare === undefined) return distinct.slice(0, most);
  const { chiSquare } = best.fit;
  const scored: { readonly candidate: Candidate; readonly score: number }[] = [];
  for (const candidate of distinct) {
    if (signal.aborted || candidate.fit === undefined || measureOf(candidate) > CLOSE * measureOf(best)) break;
    const found = await session.energyOf(candidate.structure);
    if (found !== undefined) scored.push({ candidate, score: posterior(candidate, found, quick.weight, chiSquare) });
  }
  scored.sort((a, b) => a.score - b.score);
  return [...new Set([...distinct.slice(0, Math.ceil(most / 2)), ...scored.map(({ candidate }) => candidate)])].slice(0, most);
}

/** The candidate fitted with the instrument's own peaks, beginning from the quick fit's numbers where both have them. */
export function fullFit({ full, bounds, signal }: RecoverySession, candidate: Candidate, iterations: number): Candidate {
  const found = quietly(() => fitProfile(full, freedomOf(candidate), candidate.structure, full.from(candidate.fit?.named ?? {}), { bounds, iterations, signal }));
  return found === undefined ? candidate : { ...candidate, structure: found.structure, fit: found };
}
