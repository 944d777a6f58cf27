import type { Pattern, PatternModel, Structure } from '@braggscape/core';
import { randomFromSeed, twoThetaAxis } from '@braggscape/core';
import { noisyPattern, powderPatternModel } from '@braggscape/diffraction';
import { cosine } from '@braggscape/metrics';
import { cellBounds } from '#pipeline/recovery/cellBounds.js';
import type { CellBounds } from '#pipeline/recovery/cellBounds.js';
import { patternTask } from '#pipeline/recovery/patternTask.js';
import { candidatePool } from '#pipeline/recovery/pool.js';
import { profileModel } from '#pipeline/recovery/profileModel.js';
import type { ProfileModel } from '#pipeline/recovery/profileModel.js';
import type { RecoverySession } from '#pipeline/recovery/recoverySession.js';
import { testHost } from '../quadratic.js';

/** Wide bounds around a cell, as plans have them. */
export const boundsOf = (start: Structure): CellBounds => cellBounds(start, { lengths: [0.5, 2], angles: [25, 155], volume: [0.4, 2.5] });

/** An instrument with Gaussian peaks, and no parameters that anybody fits. */
export const idealModel: PatternModel = powderPatternModel({ wavelength: 1.5406, u: 0, v: 0, w: 0.04 });
const axis = twoThetaAxis({ start: 18, stop: 90, count: 1801 });

/** The profile model of an ideal pattern of a structure. */
export function idealProfile(truth: Structure): ProfileModel {
  const observed = { twoTheta: axis, intensity: idealModel.on(axis).simulate(truth), wavelength: idealModel.wavelength };
  return profileModel(patternTask(cosine, idealModel, observed), { parameters: [], displacement: false, background: 0 });
}

/** A pattern of a structure as it is counted on the ideal instrument. */
export function countedProfile(truth: Structure, seed: number, counts = 20000): ProfileModel {
  const observed = noisyPattern(idealModel, truth, axis, { counts, background: 0.05, zeroShift: 0, texture: 0 }, randomFromSeed(seed));
  return profileModel(patternTask(cosine, idealModel, observed), { parameters: [], displacement: false, background: 18 });
}

/** Parameters of the instrument that are fitted. */
export const fittedIds: readonly string[] = ['zero', 'w', 'eta0'];

/** An instrument with pseudo-Voigt peaks. */
export async function realModel(more: Readonly<Record<string, number>> = {}): Promise<PatternModel> {
  const entry = testHost().registry('patternModels').get('powder');
  return entry.create(entry.normalize({ wavelength: 1.5406, profile: 'pseudo-voigt', ...more }, 'instrument'), { random: randomFromSeed(0) } as never);
}

/** The profile model of a pattern, with zero shift, width, shape, displacement and background fitted. */
export function realProfile(model: PatternModel, observed: Pattern): ProfileModel {
  return profileModel(patternTask(cosine, model, observed), { parameters: model.parameters.filter(({ id }) => fittedIds.includes(id)), displacement: true, background: 18 });
}

/** What of a session fits and verdicts look at. */
export function sessionOf(model: ProfileModel, start: Structure): RecoverySession {
  const unused = (): never => {
    throw new Error('not for this session');
  };
  return {
    start,
    search: model.task,
    quick: model,
    full: model,
    noteEnergy: () => undefined,
    lowestEnergy: () => Infinity,
    energyOf: () => Promise.resolve(undefined),
    bounds: boundsOf(start),
    random: randomFromSeed(0),
    pool: candidatePool(24),
    symmetries: [],
    named: new Map(),
    signal: new AbortController().signal,
    over: unused,
    breathe: () => Promise.resolve(),
    offer: unused,
    arrived: unused,
    warn: unused,
  };
}
