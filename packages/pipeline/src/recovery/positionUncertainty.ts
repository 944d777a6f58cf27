import type { Random } from '@braggscape/core';
import type { Candidate } from './candidate.js';
import { freedomOf } from './candidate.js';
import { solveLowerTransposed } from './linearAlgebra.js';
import { quietly } from './moveAlong.js';
import { curvatureOf, looselyHeldFactor } from './profileFit.js';
import type { ProfileModel } from './profileModel.js';

/** Samples that standard uncertainties are estimated from: good to 10 %. */
const SAMPLES = 48;

/**
 * Standard uncertainty of the least determined site, Å: the root mean square of its displacement over structures that fit the pattern as well as noise allows, drawn from the fit's covariance matrix. A shift
 * of all sites together, which no pattern sees, does not count.
 *
 * @returns nothing where the pattern has no uncertainties
 */
export function positionUncertainty(model: ProfileModel, candidate: Candidate, random: Random): number | undefined {
  const { fit } = candidate;
  const curvature = fit === undefined ? undefined : quietly(() => curvatureOf(model, freedomOf(candidate), fit));
  if (curvature === undefined) return undefined;
  const { x } = curvature;
  const factor = looselyHeldFactor(curvature);
  if (factor === undefined) return undefined;
  const freedom = freedomOf(candidate);
  const centre = freedom.unpack(x);
  const n = centre.numbers.length;
  const squares = new Float64Array(n);
  for (let sample = 0; sample < SAMPLES; sample++) {
    const moved = quietly(() => freedom.unpack(solveLowerTransposed(factor, Float64Array.from(x, () => random.normal())).map((step, i) => x[i] + step)));
    if (moved === undefined) continue;
    const shift = moved.frac.map((value, i) => value - centre.frac[i]);
    const mean = [0, 1, 2].map((axis) => shift.reduce((sum, value, i) => sum + (i % 3 === axis ? value : 0), 0) / n);
    for (let site = 0; site < n; site++) {
      for (let y = 0; y < 3; y++) {
        let d = 0;
        for (let axis = 0; axis < 3; axis++) d += (shift[3 * site + axis] - mean[axis]) * centre.lattice[3 * axis + y];
        squares[site] += (d * d) / SAMPLES;
      }
    }
  }
  return Math.sqrt(squares.reduce((most, square) => Math.max(most, square), 0));
}
