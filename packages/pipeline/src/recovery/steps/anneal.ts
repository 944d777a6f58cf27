import type { Structure } from '@braggscape/core';
import type { Candidate } from '../candidate.js';
import { moveAlong } from '../moveAlong.js';
import type { RecoverySession } from '../recoverySession.js';

/** Options of {@link anneal}. */
export interface AnnealOptions {
  /** Widths in degrees, broad to narrow; the sharp pattern follows. */
  readonly fwhm: readonly number[];
  /** Steps for each width. */
  readonly steps: number;
  /** Steps on the sharp pattern. */
  readonly finalSteps: number;
}

/** Descend on broad peaks first and on sharper and sharper ones then, with cell and all coordinates free. */
export async function anneal(session: RecoverySession, from: Structure, origin: string, { fwhm, steps, finalSteps }: AnnealOptions): Promise<void> {
  const broad = await moveAlong(session, { structure: from, loss: Infinity, origin: `annealed ${origin}` }, { widths: fwhm, steps, stall: 1e-2 });
  const sharp: Candidate = await moveAlong(session, broad, { widths: [0], steps: finalSteps, stall: 1e-2 });
  session.named.set('annealed', sharp.structure);
  await session.offer(sharp);
}
