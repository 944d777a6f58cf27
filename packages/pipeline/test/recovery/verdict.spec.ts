import { expect } from 'chai';
import { structureFrom } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import { symmetryCandidates } from '@braggscape/projectors';
import { crystals } from '@braggscape/testing';
import { freedomOf } from '#pipeline/recovery/candidate.js';
import type { Candidate } from '#pipeline/recovery/candidate.js';
import { exchangeablePairs, exchangedIn, orbitsOf } from '#pipeline/recovery/orbits.js';
import { candidatePool, measureOf } from '#pipeline/recovery/pool.js';
import { fitProfile } from '#pipeline/recovery/profileFit.js';
import type { ProfileModel } from '#pipeline/recovery/profileModel.js';
import { raiseSymmetry } from '#pipeline/recovery/raiseSymmetry.js';
import { rivals } from '#pipeline/recovery/steps/rivals.js';
import { chiSquareLimit, chosenOf, explains, fitAlike, verdictOf } from '#pipeline/recovery/verdict.js';
import type { JudgedCandidate } from '#pipeline/recovery/verdict.js';
import { boundsOf, countedProfile, idealProfile, sessionOf } from './sessions.js';

const { rutile, rockSalt } = crystals;

/** Two neighbours in Z on the sites of cementite-like layers: X-rays hardly tell which is which. */
const layered = (a: number, b: number): Structure =>
  structureFrom([[3.1, 0, 0], [0, 3.1, 0], [0, 0, 6.4]], [a, b, 38], [[0, 0, 0.21], [0, 0, 0.71], [0.5, 0.5, 0]]);

function fitted(model: ProfileModel, structure: Structure, more: Partial<Candidate> = {}): Candidate {
  const what = { structure, ...more };
  const fit = fitProfile(model, freedomOf(what), structure, model.start, { bounds: boundsOf(structure), iterations: 30 });
  return { ...more, structure: fit.structure, fit, loss: fit.misfit, origin: 'test' };
}

const withMisfit = (misfit: number, more: Partial<Candidate> = {}): Candidate => ({ structure: rutile, loss: misfit, origin: 'made', fit: { structure: rutile, named: {}, misfit, fitted: 10 }, ...more });
const withChiSquare = (chiSquare: number, model: ProfileModel): Candidate => {
  const misfit = (chiSquare * (model.points - 10)) / model.weight!;
  return { structure: rutile, loss: misfit, origin: 'made', fit: { structure: rutile, named: {}, misfit, chiSquare, fitted: 10 } };
};

describe('raising the symmetry of a fitted structure', () => {
  for (const [what, model] of [['ideal', idealProfile(rutile)], ['counted', countedProfile(rutile, 4)]] as const) {
    it(`takes the right group from a nearly symmetric fit, ${what} pattern`, () => {
      const start = { ...rutile, lattice: rutile.lattice.map((value, i) => value * (i === 0 ? 1.0008 : 1)), frac: rutile.frac.map((x, i) => x + 0.002 * Math.sin(3 * i)) };
      const found = fitted(model, start);
      const raised = raiseSymmetry(sessionOf(model, rutile), model, found);
      expect(raised.symmetry).to.include({ number: 136, symbol: 'P4_2/mnm' });
      expect(raised.symmetry!.operations.length).to.equal(16);
      expect(raised.fit!.fitted).to.be.lessThan(found.fit!.fitted);
      expect(explains(raised, model)).to.equal(true);
    });
  }

  it('refuses a group that the pattern speaks against, though the structure nearly has it', () => {
    // Rutile of which one metal is 0.15 Å off its site.
    const polar: Structure = { ...rutile, frac: rutile.frac.with(5, 0.55) };
    for (const model of [idealProfile(polar), countedProfile(polar, 5, 50000)]) {
      const found = fitted(model, polar);
      const nearly = symmetryCandidates(found.structure, { distance: 0.3, strain: 0.06, most: 6 }).map(({ symbol }) => symbol);
      expect(nearly).to.include('P4_2/mnm');
      const raised = raiseSymmetry(sessionOf(model, polar), model, found);
      expect(raised.symmetry?.number).not.to.equal(136);
      expect(explains(raised, model)).to.equal(true);
    }
  });

  it('leaves a candidate that has no more symmetry as it is', () => {
    const low = structureFrom([[4, 0, 0], [0.4, 4.6, 0], [0.3, 0.7, 5.2]], [22, 8, 38], [[0, 0, 0], [0.31, 0.12, 0.43], [0.62, 0.53, 0.24]]);
    const model = idealProfile(low);
    const found = fitted(model, low);
    expect(raiseSymmetry(sessionOf(model, low), model, found)).to.equal(found);
  });
});

describe('the verdict', () => {
  const ideal = idealProfile(rutile);
  const counted = countedProfile(rutile, 6);
  const other = { ...rutile, frac: rutile.frac.with(5, 0.62) };
  const judge = (model: ProfileModel, judged: readonly JudgedCandidate[]): ReturnType<typeof verdictOf> => verdictOf(sessionOf(model, rutile), chosenOf(judged, model)!, judged, judged.length);

  it('is confident of a fit that leaves nothing, without rivals that fit alike, at the lowest energy', () => {
    const verdict = judge(counted, [{ candidate: raiseSymmetry(sessionOf(counted, rutile), counted, fitted(counted, rutile)), energy: -5 }, { candidate: { ...withChiSquare(3, counted), structure: other }, energy: -4 }]);
    expect(verdict).to.deep.include({ level: 'confident', reasons: [], energy: -5, energyAboveBest: 0, basins: 2 });
    expect(verdict.chiSquare).to.be.lessThan(chiSquareLimit(counted.points));
    expect(verdict.rivals).to.have.length(1);
    expect(verdict.rivals[0]).to.include({ alike: false, energy: -4 });
    expect(verdict.dataRange).to.deep.include({ from: 18, to: 90 });
    expect(verdict.dataRange.dSpacing).to.be.closeTo(1.5406 / Math.SQRT2, 1e-9);
    expect(JSON.parse(JSON.stringify(verdict))).to.deep.equal(verdict);
    const exact = judge(ideal, [{ candidate: fitted(ideal, rutile) }]);
    expect(exact).to.deep.include({ level: 'confident', reasons: [] });
    expect(exact).not.to.have.any.keys('energy', 'energyAboveBest', 'chiSquare');
    expect(exact.spaceGroup).to.deep.equal({ number: 136, symbol: 'P4_2/mnm' });
  });

  it('is ambiguous where another fits alike, and names it; the lower energy is chosen', () => {
    const judged = [{ candidate: withChiSquare(1.001, counted), energy: -5 }, { candidate: { ...withChiSquare(1.002, counted), structure: other }, energy: -5.3 }];
    expect(chosenOf(judged, counted)).to.equal(judged[1]);
    const verdict = judge(counted, judged);
    expect(verdict.level).to.equal('ambiguous');
    expect(verdict.reasons.join()).to.contain('another structure explains the pattern alike');
    expect(verdict.rivals.map(({ alike }) => alike)).to.deep.equal([true]);
    expect(judge(ideal, [{ candidate: withMisfit(1e-20) }, { candidate: withMisfit(1e-15) }]).level).to.equal('ambiguous');
    expect(judge(ideal, [1e-3, 1.2e-3, 1.3e-3].map((misfit) => ({ candidate: withMisfit(misfit) }))).reasons.join()).to.contain('2 other structures explain');
  });

  it('is unsure of a high energy, of χ² above its limit, and of a misfit that is no rounding, and says why', () => {
    const high = judge(counted, [{ candidate: withChiSquare(1.01, counted), energy: -5 }, { candidate: withChiSquare(4, counted), energy: -5.4 }]);
    expect(high.level).to.equal('unsure');
    expect(high.energyAboveBest).to.be.closeTo(0.4, 1e-12);
    expect(high.reasons.join()).to.contain('0.40 eV/atom above');
    const poor = judge(counted, [{ candidate: withChiSquare(1.5, counted) }]);
    expect(poor.level).to.equal('unsure');
    expect(poor.reasons.join()).to.contain('1.50').and.to.contain(chiSquareLimit(counted.points).toFixed(3));
    const rough = judge(ideal, [{ candidate: withMisfit(0.01) }]);
    expect(rough.level).to.equal('unsure');
    expect(rough.reasons.join()).to.contain('Rwp of 10 %');
    const { fit: _fit, ...bare } = withMisfit(0.01);
    const unfitted = judge(ideal, [{ candidate: bare }]);
    expect(unfitted.reasons.join()).to.contain('not fitted');
    expect(unfitted).not.to.have.any.keys('rwp', 'chiSquare');
  });

  it('draws its limits where they are documented', () => {
    expect(chiSquareLimit(2)).to.equal(6);
    const limit = chiSquareLimit(counted.points);
    expect(explains(withChiSquare(limit - 1e-6, counted), counted)).to.equal(true);
    expect(explains(withChiSquare(limit + 1e-6, counted), counted)).to.equal(false);
    expect(explains(withMisfit(0.9e-14), ideal)).to.equal(true);
    expect(explains(withMisfit(1.1e-14), ideal)).to.equal(false);
    expect(explains({ structure: rutile, loss: 0, origin: '' }, ideal)).to.equal(false);
    // Nine units of χ², symmetric in the two.
    const [a, b, c] = [0, 8.9, 9.1].map((more) => withChiSquare(1 + more / (counted.points - 10), counted));
    for (const [p, q, alike] of [[a, b, true], [b, a, true], [a, c, false], [c, a, false]] as const) expect(fitAlike(p, q, counted)).to.equal(alike);
    expect(chosenOf([], ideal)).to.equal(undefined);
    expect(chosenOf([{ candidate: withMisfit(1) }, { candidate: withMisfit(0.1) }], ideal)!.candidate.loss).to.equal(0.1);
  });
});

describe('the pool of candidates', () => {
  it('keeps the best, fits before losses, one of each symmetry and misfit as distinct', () => {
    const pool = candidatePool(3);
    const { fit: _fit, ...unfitted } = withMisfit(1e-6);
    const symmetry = { number: 2, symbol: 'P-1', operations: [] };
    const all = [unfitted, withMisfit(0.1), withMisfit(0.101), withMisfit(0.1005, { symmetry })];
    all.forEach((candidate) => pool.add(candidate));
    expect(pool.all().map(({ loss }) => loss)).to.deep.equal([0.1, 0.1005, 0.101]);
    expect(pool.best()).to.equal(all[1]);
    expect(pool.distinct().map(({ loss }) => loss)).to.deep.equal([0.1, 0.1005]);
    expect(measureOf(unfitted)).to.be.greaterThan(measureOf(withMisfit(1)));
    pool.clear();
    expect(pool.best()).to.equal(undefined);
  });
});

describe('orbits and exchanges', () => {
  const [{ number, symbol, operations }] = symmetryCandidates(rockSalt, { distance: 0.01, strain: 0.001, most: 1 });
  const candidate: Candidate = { structure: rockSalt, symmetry: { number, symbol, operations }, loss: 0, origin: 'test' };

  it('are those of the symmetry, each site its own without', () => {
    expect(orbitsOf(candidate)).to.deep.equal([[0, 1, 2, 3], [4, 5, 6, 7]]);
    expect(orbitsOf({ structure: rockSalt, loss: 0, origin: '' })).to.have.length(8);
  });

  it('exchange unlike atoms, those most alike first, and twice is nothing', () => {
    const [pair] = exchangeablePairs(candidate);
    const swapped = exchangedIn(candidate, pair);
    expect(swapped.structure.numbers).to.deep.equal(rockSalt.numbers);
    expect([...swapped.structure.frac.subarray(0, 3)]).to.deep.equal([...rockSalt.frac.subarray(12, 15)]);
    expect(exchangedIn(swapped, pair).structure.frac).to.deep.equal(rockSalt.frac);
    const three = structureFrom([[4, 0, 0], [0, 4, 0], [0, 0, 4]], [40, 8, 39, 39], [[0, 0, 0], [0.5, 0.5, 0], [0, 0.5, 0.5], [0.5, 0, 0.5]]);
    expect(exchangeablePairs({ structure: three, loss: 0, origin: '' }).map((sites) => sites.flat().map((i) => three.numbers[i]).sort().join())).to.deep.equal(['39,40', '39,40', '39,8', '39,8', '40,8']);
  });
});

describe('the step rivals', () => {
  it('finds the twin with neighbours in Z exchanged, which counts cannot tell apart, and the verdict names it', async () => {
    const truth = layered(26, 27);
    const model = countedProfile(truth, 7, 3000);
    const session = sessionOf(model, truth);
    session.pool.add(fitted(model, truth));
    await rivals(session, { exchanges: 3, moves: 1 });
    const judged = session.pool.all().map((candidate) => ({ candidate }));
    const verdict = verdictOf(session, chosenOf(judged, model)!, judged, judged.length);
    expect(verdict.level).to.equal('ambiguous');
    expect(verdict.rivals.filter(({ alike, origin }) => alike && origin.startsWith('atoms exchanged'))).not.to.have.length(0);
  });

  it('leaves a pool without a fitted candidate alone', async () => {
    const session = sessionOf(idealProfile(rutile), rutile);
    await rivals(session, { exchanges: 3, moves: 1 });
    expect(session.pool.all()).to.deep.equal([]);
  });
});
