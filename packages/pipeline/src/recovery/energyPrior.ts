import type { VectorEvaluation, VectorProblem } from '@braggscape/core';
import { allFinite, dot, isBraggscapeError } from '@braggscape/core';
import { lbfgs } from '@braggscape/optimizers';
import type { Candidate } from './candidate.js';
import { freedomOf } from './candidate.js';
import { solveLower, solveLowerTransposed } from './linearAlgebra.js';
import { quietly } from './moveAlong.js';
import { curvatureOf, fitProfile, looselyHeldFactor } from './profileFit.js';
import type { RecoverySession } from './recoverySession.js';

/** Boltzmann's constant, eV/K (CODATA 2018). */
const BOLTZMANN = 8.617333262e-5;
/** Steps of the descent, at most. */
const STEPS = 40;
/** Fall of χ²/2 + E/kT in a step that is none. */
const SETTLED = 1e-2;
/** Line searches with energies in single precision; steps of some standard deviations. */
const minimizer = lbfgs({ memory: 50, maxStep: 5, firstStep: 0.3, slopeLeft: 1, noise: 1e-6, rounding: 1e-3 });
const inadmissible: VectorEvaluation = { value: Number.NaN };

/**
 * A fitted candidate with the energy as prior: the structure of largest posterior probability, which minimizes χ²/2 + E/kT with χ² as the parabola that the fit knows. Where the pattern determines an atom the
 * energy has no say; light atoms beside heavy ones, which counting noise moves by tenths of an ångström, go where the potential wants them within what the pattern allows.
 *
 * The temperature says how far the potential is trusted: differences of kT for the whole cell count as one standard deviation does. A result that the pattern contradicts, because χ² rises by more
 * than three standard deviations over the number of free parameters, is not taken.
 *
 * @param temperature K
 * @returns the candidate itself where there is nothing to weigh
 */
export async function withEnergyPrior({ energy, full, bounds, signal }: RecoverySession, candidate: Candidate, temperature: number): Promise<Candidate> {
  const { fit } = candidate;
  if (energy === undefined || fit === undefined) return candidate;
  const freedom = freedomOf(candidate);
  const curvature = quietly(() => curvatureOf(full, freedom, fit));
  if (curvature === undefined) return candidate;
  const { x: centre } = curvature;
  const size = centre.length;
  // In units of its own standard deviations every direction is as steep as every other.
  const factor = looselyHeldFactor(curvature);
  if (factor === undefined) return candidate;
  const perEnergy = candidate.structure.numbers.length / (BOLTZMANN * temperature);
  const at = (z: Float64Array): Float64Array => solveLowerTransposed(factor, z).map((moved, i) => centre[i] + moved);
  let reference: number | undefined;
  const problem: VectorProblem = {
    size,
    project: (z) => z,
    async evaluate(z, need) {
      const x = at(z);
      if (!bounds.admits(() => freedom.unpack(x))) return inadmissible;
      const found = await energy.evaluate(freedom.unpack(x), need, signal);
      reference ??= found.value;
      const value = dot(z, z) / 2 + (found.value - reference) * perEnergy;
      if (found.gradient === undefined) return { value };
      return { value, gradient: solveLower(factor, freedom.pullback(x, found.gradient)).map((slope, i) => z[i] + slope * perEnergy) };
    },
  };
  try {
    let current = await minimizer.init(problem, new Float64Array(size));
    if (!Number.isFinite(current.evaluation.value)) return candidate;
    for (let step = 0; step < STEPS && !signal.aborted; step++) {
      const next = await minimizer.step(problem, current);
      if (next.failed !== undefined) break;
      const fallen = current.evaluation.value - next.evaluation.value;
      current = next;
      if (fallen < SETTLED) break;
    }
    const rise = dot(current.x, current.x);
    if (!allFinite(current.x) || rise > size + 3 * Math.sqrt(2 * size)) return candidate;
    const structure = freedom.unpack(at(current.x));
    return { ...candidate, structure, fit: fitProfile(full, freedom, structure, full.from(fit.named), { bounds, iterations: 0 }) };
  } catch (error) {
    // A potential that gives up on the structure has nothing to say.
    if (isBraggscapeError(error)) return candidate;
    throw error;
  }
}
