import type { Rival, ResultVerdict, Structure } from '@braggscape/core';
import { isBraggscapeError, structureToJson } from '@braggscape/core';
import { findSymmetry } from '@braggscape/crystal';
import type { Candidate } from './candidate.js';
import { ROUNDING, measureOf } from './pool.js';
import { positionUncertainty } from './positionUncertainty.js';
import { posterior } from './posterior.js';
import type { ProfileModel } from './profileModel.js';
import type { RecoverySession } from './recoverySession.js';

/** A candidate with what speaks for it. */
export interface JudgedCandidate {
  readonly candidate: Candidate;
  /** eV/atom; absent without a potential, or where it gives none. */
  readonly energy?: number;
}

/** Standard uncertainty of a site, Å, above which it counts as not determined: half of what neighbouring structures differ by. */
const UNDETERMINED = 0.1;

/** Standard deviations of χ² that a right model stays within. */
const DEVIATIONS = 5;
/** Rise of χ², in units of the best one's mean, below which two structures explain a pattern alike: three standard deviations of one number. */
const ALIKE = 9;
/** Misfit of a fit that explains hardly anything, Rwp 30 %: there is no telling structures apart by it. */
const HOPELESS = 0.09;
/**
 * Reduced χ² below which uncertainties are overstated so much that nothing can be concluded. It is well below 1, as counts of zero, of which patterns without background are full, have an uncertainty of 1 by
 * convention.
 */
const OVERSTATED = 0.15;
/** Energy above the best basin that a structure at room temperature hardly has, eV/atom. */
const HIGH_ENERGY = 0.2;

/** Reduced χ² that a right model stays below: 1 and five of its standard deviations √(2/N). */
export function chiSquareLimit(points: number): number {
  return 1 + DEVIATIONS * Math.sqrt(2 / points);
}

/** Whether a fit leaves nothing to explain: within the noise, or rounding on a pattern without uncertainties. */
export function explains({ fit }: Candidate, { points }: ProfileModel): boolean {
  if (fit === undefined) return false;
  if (fit.chiSquare === undefined) return fit.misfit <= ROUNDING;
  return fit.chiSquare <= chiSquareLimit(points) && fit.chiSquare >= OVERSTATED;
}

/** Whether two fits explain the pattern alike, so that it cannot tell them apart. */
export function fitAlike(a: Candidate, b: Candidate, model: ProfileModel): boolean {
  // What was not fitted says nothing of how well it could explain the pattern.
  if (a.fit === undefined || b.fit === undefined) return false;
  const [low, high] = measureOf(a) <= measureOf(b) ? [a, b] : [b, a];
  if (measureOf(high) <= ROUNDING) return true;
  if (model.weight === undefined || low.fit?.chiSquare === undefined) return measureOf(high) <= 1.5 * measureOf(low);
  return ((measureOf(high) - measureOf(low)) * model.weight) / Math.max(1, low.fit.chiSquare) <= ALIKE;
}

/**
 * Of the candidates, the one to report: of largest posterior probability, lowest χ²/2 + E/kT at 300 K with χ² in units of what the best fit leaves, where the pattern has uncertainties. Otherwise the best fit,
 * or of those that explain the pattern alike the one of lowest energy.
 */
export function chosenOf(judged: readonly JudgedCandidate[], model: ProfileModel): JudgedCandidate | undefined {
  const sorted = [...judged].sort((a, b) => measureOf(a.candidate) - measureOf(b.candidate));
  const best = sorted.at(0);
  if (best === undefined) return undefined;
  const { weight } = model;
  const unit = best.candidate.fit?.chiSquare;
  if (weight !== undefined && unit !== undefined && sorted.every(({ energy }) => energy !== undefined)) {
    const score = ({ candidate, energy = 0 }: JudgedCandidate): number => posterior(candidate, energy, weight, unit);
    return sorted.reduce((most, other) => (score(other) < score(most) ? other : most), best);
  }
  return sorted.filter(({ candidate }) => fitAlike(best.candidate, candidate, model)).reduce((lowest, other) => ((other.energy ?? Infinity) < (lowest.energy ?? Infinity) ? other : lowest), best);
}

/**
 * How far a result can be believed. `confident`: it leaves nothing of the pattern to explain, no other structure met explains it alike, it determines every
 * atom within 0.1 Å, and its energy is no more than 0.2 eV/atom above the best
 * basin's. `ambiguous`: another structure explains the pattern alike. `unsure`: everything else, with the reasons.
 *
 * @param basins distinct structures among the candidates
 */
export function verdictOf(session: RecoverySession, chosen: JudgedCandidate, judged: readonly JudgedCandidate[], basins: number): ResultVerdict {
  const uncertainty = positionUncertainty(session.full, chosen.candidate, session.random.derive('uncertainty'));
  const { full } = session;
  const { candidate, energy } = chosen;
  const others = judged.filter((other) => other !== chosen);
  const alike = others.filter((other) => fitAlike(candidate, other.candidate, full));
  const lowest = judged.reduce((least, other) => Math.min(least, other.energy ?? Infinity), session.lowestEnergy());
  const above = energy === undefined || !Number.isFinite(lowest) ? undefined : energy - lowest;
  const reasons: string[] = [];
  const good = explains(candidate, full);
  const { chiSquare, misfit } = candidate.fit ?? {};
  if (candidate.fit === undefined) reasons.push('the structure was not fitted to the pattern');
  else if (!good && chiSquare !== undefined && chiSquare < 1) reasons.push(`the reduced χ² of ${chiSquare.toPrecision(3)} is too low: the uncertainties of the pattern are too large to judge by`);
  else if (!good && chiSquare !== undefined) reasons.push(`the fit leaves a reduced χ² of ${chiSquare.toPrecision(3)}, where a right model stays below ${chiSquareLimit(full.points).toFixed(3)}`);
  else if (!good) reasons.push(`the fit leaves an Rwp of ${(100 * Math.sqrt(misfit ?? 1)).toPrecision(2)} %, and without uncertainties in the pattern there is no telling how much is noise`);
  if (alike.length > 0) reasons.push(`${alike.length === 1 ? 'another structure explains' : `${alike.length} other structures explain`} the pattern alike`);
  if (above !== undefined && above > HIGH_ENERGY) reasons.push(`its energy is ${above.toFixed(2)} eV/atom above the best basin’s`);
  if (uncertainty !== undefined && uncertainty > UNDETERMINED) reasons.push(`the pattern determines some atoms only within ${uncertainty.toFixed(2)} Å`);
  const level = alike.length > 0 && (good || (misfit ?? 1) < HOPELESS) ? 'ambiguous' : reasons.length === 0 ? 'confident' : 'unsure';
  const { twoTheta } = full.task.observed;
  const [from, to] = [twoTheta[0], twoTheta[twoTheta.length - 1]];
  return {
    level,
    reasons,
    ...(misfit === undefined ? {} : { rwp: Math.sqrt(misfit) }),
    ...(chiSquare === undefined ? {} : { chiSquare }),
    ...(uncertainty === undefined ? {} : { positionUncertainty: uncertainty }),
    ...(energy === undefined ? {} : { energy }),
    ...(above === undefined ? {} : { energyAboveBest: above }),
    basins,
    ...symmetryOf(candidate.structure),
    dataRange: { from, to, dSpacing: full.task.model.wavelength / (2 * Math.sin((to * Math.PI) / 360)) },
    rivals: others.map((other) => rival(other, alike.includes(other))),
  };
}

function rival({ candidate, energy }: JudgedCandidate, alike: boolean): Rival {
  const { fit, structure, origin } = candidate;
  return {
    structure: structureToJson(structure),
    origin,
    alike,
    ...(fit === undefined ? {} : { rwp: Math.sqrt(fit.misfit) }),
    ...(fit?.chiSquare === undefined ? {} : { chiSquare: fit.chiSquare }),
    ...(energy === undefined ? {} : { energy }),
    ...symmetryOf(structure),
  };
}

function symmetryOf(structure: Structure): { readonly spaceGroup?: { readonly number: number; readonly symbol: string } } {
  try {
    const { number, symbol } = findSymmetry(structure, { symprec: 0.01 });
    return { spaceGroup: { number, symbol } };
  } catch (error) {
    if (isBraggscapeError(error)) return {};
    throw error;
  }
}
