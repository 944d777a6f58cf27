import type { Structure } from '@braggscape/core';
import { isBraggscapeError } from '@braggscape/core';
import { freedomOf } from '../candidate.js';
import { descend } from '../descend.js';
import type { RecoverySession } from '../recoverySession.js';

/** Options of {@link relax}. */
export interface RelaxStepOptions {
  /** Most steps. */
  readonly steps: number;
  /** No component of the energy's gradient larger than this, eV/Å an atom. */
  readonly tolerance: number;
  /** Whether the result is a candidate itself, beside being left under the name `relaxed`. */
  readonly offer: boolean;
}

/** Descend the energy alone, cell and coordinates free. A structure that the potential cannot take is left as it is, with a warning. */
export async function relax(session: RecoverySession, from: Structure, origin: string, { steps, tolerance, offer }: RelaxStepOptions): Promise<void> {
  const { energy, bounds, signal } = session;
  if (energy === undefined) {
    session.warn('plan.noPotential', 'no potential takes part: the steps that need one are left out');
    return;
  }
  const relaxed = await descend([{ objective: energy, weight: 1 }], freedomOf({ structure: from }), from, { steps, bounds, gradientTolerance: tolerance, stall: 1e-5, signal }).catch((error: unknown) => {
    if (isBraggscapeError(error)) return undefined;
    throw error;
  });
  if (relaxed === undefined || !Number.isFinite(relaxed.value)) {
    session.warn('plan.noEnergy', `the potential gives no energy for the ${origin} structure: it is not relaxed`);
    return;
  }
  session.named.set('relaxed', relaxed.structure);
  session.arrived(relaxed.converged);
  session.noteEnergy(relaxed.value);
  if (!offer) return;
  const { value } = await session.search.objective(0).evaluate(relaxed.structure, 'value');
  await session.offer({ structure: relaxed.structure, loss: value, origin: `relaxed ${origin}` });
}
