import { expect } from 'chai';
import { lastValueFrom, toArray } from 'rxjs';
import type { Potential, Structure } from '@braggscape/core';
import { structureFrom, structureFromJson } from '@braggscape/core';
import { cellFromLattice } from '@braggscape/crystal';
import { lennardJones } from '@braggscape/energy';
import { asMinimizer, fire, lbfgs } from '@braggscape/optimizers';
import { relax$ } from '@braggscape/pipeline';
import type { RelaxEvent, RelaxOptions } from '@braggscape/pipeline';
import { spaceGroupProjector } from '@braggscape/projectors';
import { rejectionOf } from '@braggscape/testing';

const argon = lennardJones({ epsilon: 0.0104, sigma: 3.4, cutoff: 12, smoothing: 1, pairs: [] });
const fcc = (edge: number): Structure => structureFrom([[edge, 0, 0], [0, edge, 0], [0, 0, edge]], [18, 18, 18, 18], [[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]]);
const distorted: Structure = {
  ...fcc(5.5),
  lattice: Float64Array.of(5.6, 0.1, 0, -0.2, 5.3, 0.15, 0.1, 0, 5.45),
  frac: fcc(5.5).frac.map((x, i) => x + 0.02 * (((i * 7) % 5) / 2 - 1)),
};
const minimizers = {
  'L-BFGS': asMinimizer(lbfgs({ memory: 20, maxStep: 0.2, firstStep: 0.02, slopeLeft: 1, noise: 1e-12, rounding: 1e-15 })),
  FIRE: asMinimizer(fire({ timeStep: 0.1, maxTimeStep: 1, maxStep: 0.2 })),
};
const tight = { forceTolerance: 1e-5, stressTolerance: 1e-7, maxSteps: 3000 };
type Stopped = Extract<RelaxEvent, { kind: 'stopped' }>;
const relaxed = async (start: Structure, options: Partial<RelaxOptions> = {}, potential: Potential = argon): Promise<Stopped> =>
  (await lastValueFrom(relax$(start, potential, { minimizer: minimizers['L-BFGS'], ...tight, ...options }))) as Stopped;

describe('relaxation', () => {
  for (const [name, minimizer] of Object.entries(minimizers)) {
    it(`by ${name} finds fcc argon from a distorted cell, forces and stress both small`, async () => {
      const { reason, final } = await relaxed(distorted, { minimizer });
      expect(reason).to.equal('converged');
      const [a, b, c, ...angles] = cellFromLattice(structureFromJson(final.structure).lattice);
      for (const edge of [b, c]) expect(edge).to.be.closeTo(a, 1e-3);
      for (const angle of angles) expect(angle).to.be.closeTo(90, 1e-2);
      expect(a).to.be.within(5.2, 5.3);
    });
  }

  it('under pressure gives a smaller cell, whose stress balances the pressure', async () => {
    const pressure = 0.005;
    const [free, pressed] = [await relaxed(fcc(5.4)), await relaxed(fcc(5.4), { pressure })];
    expect(pressed.final.structure.lattice[0][0]).to.be.lessThan(free.final.structure.lattice[0][0] - 0.05);
    for (let k = 0; k < 3; k++) expect(pressed.final.stress[k][k]).to.be.closeTo(-pressure, 1e-6);
    expect(pressed.final.enthalpy).to.be.greaterThan(pressed.final.energy);
  });

  it('with the cell fixed moves atoms only, and is judged by forces alone', async () => {
    const { reason, final } = await relaxed(distorted, { cell: false });
    expect(reason).to.equal('converged');
    expect(final.structure.lattice.flat()).to.deep.equal([...distorted.lattice]);
    expect(final.maxStress).to.be.greaterThan(tight.stressTolerance);
  });

  it('with the symmetry fixed keeps it to rounding at every step', async () => {
    const start: Structure = { ...fcc(5.8), lattice: Float64Array.of(5.8, 0, 0, 0, 5.8, 0, 0, 0, 5.3) };
    const projector = spaceGroupProjector(start);
    const events = await lastValueFrom(relax$(start, argon, { minimizer: minimizers['L-BFGS'], ...tight, projector }).pipe(toArray()));
    for (const event of events) if (event.kind !== 'stopped') expect(projector.violation(structureFromJson(event.structure))).to.be.lessThan(1e-9);
    expect((events.at(-1) as Stopped).reason).to.equal('converged');
  });

  it('ends with the reason: at the number of steps, when cancelled, at once if nothing is to be done', async () => {
    expect((await relaxed(distorted, { maxSteps: 2 })).reason).to.equal('maxSteps');
    expect(await relaxed(distorted, { signal: AbortSignal.abort() })).to.include({ reason: 'cancelled', steps: 0 });
    const { final } = await relaxed(distorted);
    expect(await relaxed(structureFromJson(final.structure), { forceTolerance: 1e-3, stressTolerance: 1e-4 })).to.include({ reason: 'converged', steps: 0 });
  });

  it('steps back from numbers that are not finite and from structures that the potential refuses, and says so of the start', async () => {
    let calls = 0;
    const moody: Potential = {
      ...argon,
      async compute(structure, signal) {
        const result = await argon.compute(structure, signal);
        return ++calls % 3 === 2 ? { ...result, energy: Number.NaN } : result;
      },
    };
    expect((await relaxed(distorted, { forceTolerance: 1e-3, stressTolerance: 1e-5 }, moody)).reason).to.equal('converged');
    const blind: Potential = { ...argon, compute: async (structure) => ({ ...(await argon.compute(structure)), energy: Number.NaN }) };
    expect((await relaxed(distorted, {}, blind)).reason).to.equal('nonFinite');
    const partial = { ...distorted, occupancy: Float64Array.of(0.5, 1, 1, 1) };
    expect((await rejectionOf(relaxed(partial))).code).to.equal('structure.unsupported');
  });
});
