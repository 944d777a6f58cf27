import type { Structure } from '@braggscape/core';
import { symmetryCandidates } from '@braggscape/projectors';
import type { Candidate, KeptSymmetry } from './candidate.js';
import { freedomOf } from './candidate.js';
import { quietly } from './moveAlong.js';
import { ROUNDING } from './pool.js';
import { fitProfile } from './profileFit.js';
import type { ProfileFit } from './profileFit.js';
import type { ProfileModel } from './profileModel.js';
import type { RecoverySession } from './recoverySession.js';

/** Tolerances in Å at which a fitted structure is asked for its symmetry. */
const TOLERANCES = [0.03, 0.1, 0.3];

/**
 * A higher symmetry that a fitted candidate may have, fitted again within it: symmetries that it nearly has are tried from narrow tolerances to wide ones, each larger than the last one taken. A symmetry is
 * taken if the misfit rises by no more than what the numbers that it fixes would have gained from noise (the Bayesian information criterion of G. Schwarz, Ann. Stat. 6 (1978) 461); on a
 * pattern without uncertainties, if it stays within a factor of four or within rounding.
 */
export function raiseSymmetry({ bounds, signal }: RecoverySession, model: ProfileModel, candidate: Candidate): Candidate {
  let best = candidate;
  const tried = new Set<string>();
  for (const distance of TOLERANCES) {
    for (const { symmetrized, operations, number, symbol } of symmetryCandidates(best.structure, { distance, strain: distance / 5, most: 6 })) {
      const key = `${symbol} ${operations.length}`;
      if (tried.has(key) || operations.length <= (best.symmetry?.operations.length ?? 1)) continue;
      tried.add(key);
      const raised = fitted({ structure: symmetrized, symmetry: { number, symbol, operations, reference: symmetrized } }, best);
      if (raised !== undefined && worthIt(model, raised.fit, best.fit)) best = raised;
    }
  }
  return best;

  function fitted(what: { structure: Structure; symmetry: KeptSymmetry }, from: Candidate): (Candidate & { readonly fit: ProfileFit }) | undefined {
    const fit = quietly(() => fitProfile(model, freedomOf(what), what.structure, model.from(from.fit?.named ?? {}), { bounds, iterations: 12, signal }));
    return fit === undefined ? undefined : { ...what, structure: fit.structure, fit, loss: from.loss, origin: from.origin };
  }
}

function worthIt({ weight, points }: ProfileModel, raised: ProfileFit, before: ProfileFit | undefined): boolean {
  if (before === undefined || raised.misfit <= Math.max(ROUNDING, before.misfit)) return true;
  if (weight === undefined || before.chiSquare === undefined) return raised.misfit <= 4 * before.misfit;
  // χ² in units of the misfit that the model cannot avoid.
  return ((raised.misfit - before.misfit) * weight) / Math.max(1, before.chiSquare) <= (before.fitted - raised.fitted) * Math.log(points);
}
