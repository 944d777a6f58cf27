import { expect } from 'chai';
import { randomFromSeed, twoThetaAxis } from '@braggscape/core';
import type { Parameterization, Pattern, Structure } from '@braggscape/core';
import { cellFromLattice, distortCoordinates, distortLattice, structureParameterization } from '@braggscape/crystal';
import { noisyPattern } from '@braggscape/diffraction';
import { symmetryCandidates } from '@braggscape/projectors';
import { crystals } from '@braggscape/testing';
import { freedomOf } from '#pipeline/recovery/candidate.js';
import type { KeptSymmetry } from '#pipeline/recovery/candidate.js';
import { cellBounds } from '#pipeline/recovery/cellBounds.js';
import { solvePositive } from '#pipeline/recovery/linearAlgebra.js';
import { fitProfile } from '#pipeline/recovery/profileFit.js';
import type { ProfileFit } from '#pipeline/recovery/profileFit.js';
import type { ProfileModel } from '#pipeline/recovery/profileModel.js';
import { boundsOf, countedProfile, idealProfile, realModel, realProfile } from './sessions.js';

const { rutile } = crystals;
const U_ISO = 0.007;
const truth: Structure = { ...rutile, uIso: rutile.uIso.map(() => U_ISO) };
const axis = twoThetaAxis({ start: 18, stop: 95, count: 2567 });
const ofInstrument = { zero: 0.043, w: 0.03, eta0: 0.35 };

function ownSymmetry(structure: Structure): KeptSymmetry {
  const [{ number, symbol, operations }] = symmetryCandidates(structure, { distance: 0.01, strain: 0.001, most: 1 });
  return { number, symbol, operations };
}

/** Rutile again, its free numbers changed: a, c and the oxygen's x. */
function moved(freedom: Parameterization, structure: Structure, by: number): Structure {
  return freedom.unpack(freedom.pack(structure).map((value, i) => value + (i % 2 === 0 ? by : -by)));
}

/** Standard uncertainties of all numbers fitted: the inverse of the normal matrix of the residuals. */
function uncertainties(model: ProfileModel, freedom: Parameterization, { structure, named }: ProfileFit): Float64Array {
  const own = freedom.size;
  const x = Float64Array.of(...freedom.pack(structure), ...model.from(named));
  const at = (to: Float64Array): Float64Array => {
    const into = new Float64Array(model.points);
    model.residual(freedom.unpack(to.subarray(0, own)), to.subarray(own), into);
    return into;
  };
  const columns = Array.from(x, (value, k) => {
    const [up, down] = [at(x.with(k, value + 1e-5)), at(x.with(k, value - 1e-5))];
    return up.map((y, i) => (y - down[i]) / 2e-5);
  });
  const normal = Float64Array.from(columns.flatMap((a) => columns.map((b) => model.weight! * a.reduce((sum, y, i) => sum + y * b[i], 0))));
  return x.map((_, k) => Math.sqrt(solvePositive(normal, x.map((_unused, i) => (i === k ? 1 : 0)), 0)![k]));
}

describe('fitting a profile by least squares', () => {
  let model: ProfileModel;
  let observed: Pattern;
  const symmetry = ownSymmetry(truth);
  const freedom = freedomOf({ structure: rutile, symmetry });

  before(async () => {
    observed = noisyPattern(await realModel(ofInstrument), truth, axis, { counts: 30000, background: 0.1, zeroShift: 0, texture: 0 }, randomFromSeed(11));
    model = realProfile(await realModel({ zero: 0, w: 0.012, eta0: 0.6 }), observed);
  });

  it('finds structure, zero shift, width, shape and displacement of a counted pattern within their uncertainties, background and scale beside', () => {
    const fit = fitProfile(model, freedom, moved(freedom, rutile, 0.02), model.start, { bounds: boundsOf(rutile), iterations: 60 });
    const found = Float64Array.of(...freedom.pack(fit.structure), ...model.from(fit.named));
    const right = Float64Array.of(...freedom.pack(truth), ...model.from({ ...ofInstrument, uIso: U_ISO }));
    const own = uncertainties(model, freedom, fit);
    expect(freedom.size).to.equal(3);
    found.forEach((value, k) => expect(Math.abs(value - right[k]) / own[k], `number ${k}`).to.be.lessThan(4));
    // The uncertainties are small enough to say something: 1e-4 Å in a, 5e-3 Å in x.
    expect(Math.max(...own.subarray(0, 3))).to.be.lessThan(5e-3);
    const { zero, w, eta0, uIso } = fit.named;
    expect(zero).to.be.closeTo(ofInstrument.zero, 2e-3);
    expect(w).to.be.closeTo(ofInstrument.w, 2e-3);
    expect(eta0).to.be.closeTo(ofInstrument.eta0, 0.05);
    expect(uIso).to.be.closeTo(U_ISO, 2e-3);
    expect(fit.chiSquare).to.be.within(1 - 5 * Math.sqrt(2 / model.points), 1 + 5 * Math.sqrt(2 / model.points));
    // Three of the structure, four of the experiment, eighteen of the background and the scale.
    expect(fit.fitted).to.equal(3 + 4 + 18 + 1);
  });

  it('says by χ² that a structure is wrong', () => {
    const wrong = { ...rutile, frac: rutile.frac.with(5, 0.58) };
    const held = fitProfile(model, structureParameterization(wrong, { vary: ['cell'] }), wrong, model.start, { bounds: boundsOf(rutile), iterations: 30 });
    expect(held.chiSquare).to.be.greaterThan(3);
  });

  it('does not see excluded regions: what is there changes nothing', async () => {
    const excluded = [{ from: 40, to: 45 }];
    const spoilt = observed.intensity.map((y, i) => (axis[i] >= 40 && axis[i] <= 45 ? 1e6 : y));
    const fits = await Promise.all(
      [observed.intensity, spoilt].map(async (intensity) => {
        const profile = realProfile(await realModel(ofInstrument), { ...observed, intensity, excluded });
        return fitProfile(profile, freedom, rutile, profile.start, { bounds: boundsOf(rutile), iterations: 12 });
      }),
    );
    expect(fits[1]).to.deep.equal(fits[0]);
    expect(fits[0].chiSquare).to.be.lessThan(1.2);
  });

  it('comes to rounding on an ideal pattern, all coordinates free', () => {
    const profile = idealProfile(rutile);
    const random = randomFromSeed(3);
    const start = distortCoordinates(distortLattice(rutile, 0.002, random.derive('lattice')), 0.004, random.derive('coordinates'));
    const fit = fitProfile(profile, structureParameterization(start, { vary: ['cell', 'coords'] }), start, profile.start, { bounds: boundsOf(start), iterations: 60 });
    expect(fit.misfit).to.be.lessThan(1e-14);
    expect(fit).not.to.have.property('chiSquare');
    const cell = cellFromLattice(fit.structure.lattice);
    [4.593, 4.593, 2.959, 90, 90, 90].forEach((value, i) => expect(cell[i]).to.be.closeTo(value, 1e-4));
    const kept = fitProfile(profile, freedom, moved(freedom, rutile, 0.02), profile.start, { bounds: boundsOf(rutile), iterations: 40 });
    expect(kept.misfit).to.be.lessThan(1e-20);
  });

  it('never goes down a path that its bounds forbid, and never up in misfit', () => {
    const profile = idealProfile(rutile);
    const start = freedom.unpack(freedom.pack(rutile).map((value, i) => value + (i === 0 ? 0.15 : 0)));
    const bounds = cellBounds(start, { lengths: [0.99, 1.01], angles: [89, 91], volume: [0.98, 1.02] });
    const before = profile.residual(start, profile.start, new Float64Array(profile.points));
    for (const iterations of [1, 2, 5, 30]) {
      const fit = fitProfile(profile, freedom, start, profile.start, { bounds, iterations });
      expect(bounds.admits(() => fit.structure)).to.equal(true);
      expect(fit.misfit).to.be.at.most(before);
    }
  });

  it('keeps the numbers of the experiment within their bounds', () => {
    const far = model.from({ zero: 50, w: -70, eta0: 9, uIso: 3 });
    expect(model.named(model.clip(far))).to.deep.equal({ zero: 2, w: -10, eta0: 1.5, uIso: 0.2 });
    const fit = fitProfile(model, freedom, rutile, far, { bounds: boundsOf(rutile), iterations: 3 });
    expect(model.clip(model.from(fit.named))).to.deep.equal(model.from(fit.named));
  });

  it('has the misfit Infinity and no NaN from a start that is outside its bounds or impossible', () => {
    const profile = countedProfile(rutile, 1);
    const flat = { ...rutile, lattice: rutile.lattice.map((value, i) => (i === 8 ? 0 : value)) };
    const empty = { ...rutile, lattice: rutile.lattice.map((value) => value * 5) };
    for (const start of [flat, empty]) {
      const fit = fitProfile(profile, structureParameterization(rutile, { vary: ['cell', 'coords'] }), start, profile.start, { bounds: boundsOf(rutile), iterations: 5 });
      expect(fit.misfit).to.equal(Infinity);
      expect(fit.chiSquare === undefined || !Number.isNaN(fit.chiSquare), `χ² ${fit.chiSquare}`).to.equal(true);
    }
  });

  it('ends finite from random starts, never worse than it began', () => {
    const random = randomFromSeed(8);
    const profile = countedProfile(rutile, 2);
    for (let run = 0; run < 12; run++) {
      const start = distortCoordinates(distortLattice(rutile, 0.2, random.derive(`lattice ${run}`)), 0.3, random.derive(`coordinates ${run}`));
      const before = profile.residual(start, profile.start, new Float64Array(profile.points));
      const { misfit, structure, chiSquare } = fitProfile(profile, structureParameterization(start, { vary: ['cell', 'coords'] }), start, profile.start, { bounds: boundsOf(start), iterations: 3 });
      expect(misfit, `run ${run}`).to.be.within(0, before);
      expect(Number.isFinite(chiSquare) && structure.frac.every(Number.isFinite) && structure.lattice.every(Number.isFinite), `run ${run}`).to.equal(true);
      expect(boundsOf(start).admits(() => structure), `run ${run}`).to.equal(true);
    }
  });

  it('stops at once when it is aborted', () => {
    const profile = idealProfile(rutile);
    const start = moved(freedom, rutile, 0.02);
    const fit = fitProfile(profile, freedom, start, profile.start, { bounds: boundsOf(rutile), iterations: 30, signal: AbortSignal.abort() });
    expect(fit.structure).to.deep.equal(freedom.unpack(freedom.pack(start)));
  });
});

describe('positive systems of equations', () => {
  it('are solved, damped along the diagonal, and refused where they are not positive', () => {
    expect([...solvePositive(Float64Array.of(4, 2, 2, 3), Float64Array.of(2, 5), 0)!]).to.satisfy(([x, y]: number[]) => Math.abs(x + 0.5) < 1e-9 && Math.abs(y - 2) < 1e-9);
    expect(solvePositive(Float64Array.of(4, 0, 0, 1), Float64Array.of(8, 4), 1)![0]).to.be.closeTo(1, 1e-9);
    expect(solvePositive(Float64Array.of(1, 2, 2, 1), Float64Array.of(1, 1), 0)).to.equal(undefined);
    // Nothing depends on the second number: it stays.
    expect([...solvePositive(Float64Array.of(4, 0, 0, 0), Float64Array.of(2, 0), 0)!]).to.satisfy(([x, y]: number[]) => Math.abs(x - 0.5) < 1e-9 && y === 0);
  });
});
