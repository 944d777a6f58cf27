import { expect } from 'chai';
import { lastValueFrom, toArray } from 'rxjs';
import type { Checkpoint, RunEvent, StoppedEvent } from '@braggscape/core';
import { structureFromJson } from '@braggscape/core';
import { findSymmetry, matchStructures, strictTolerances } from '@braggscape/crystal';
import { makePlan, normalizeConfig, run$ } from '@braggscape/pipeline';
import { familyProjector } from '@braggscape/projectors';
import { crystals, faultOf } from '@braggscape/testing';
import { start, testConfig, testHost } from './quadratic.js';

const host = testHost();

async function events(config: Readonly<Record<string, unknown>>, of = start, checkpoint?: Checkpoint): Promise<readonly RunEvent[]> {
  const plan = await makePlan(normalizeConfig(testConfig(config), host), { start: of, observed: { structure: of } }, host);
  return lastValueFrom(run$(plan, checkpoint === undefined ? {} : { checkpoint }).pipe(toArray()));
}

function stoppedOf(all: readonly RunEvent[]): StoppedEvent {
  const last = all[all.length - 1];
  if (last.kind !== 'stopped') throw new Error(`last event is ${last.kind}`);
  return last;
}

const rutile = {
  objectives: [{ use: 'cosine' }],
  instrument: { wavelength: 1.5406, w: 0.1 },
  twoTheta: { start: 15, stop: 90, count: 3751 },
  vary: ['cell', 'coords'],
  optimizer: { use: 'lbfgs' },
  seed: 3,
  broadening: { fwhm: [8, 4, 2, 1, 0.5], steps: 20 },
  stop: [{ use: 'max-steps', steps: 60 }, { use: 'gradient-tolerance' }, { use: 'stalled' }],
};

describe('a constraint that grows', function () {
  this.timeout(60000);

  it('ends in a structure that has the symmetry exactly, and home', async () => {
    const config = { ...rutile, distort: { lattice: 0.05, coordinates: 0.01 }, projector: { use: 'ramp', of: { use: 'auto', distance: 0.6, strain: 0.15 } } };
    const all = await events(config, crystals.rutile);
    const [started] = all;
    expect(started.kind === 'started' ? started.finding : '').to.match(/^P4_2\/mnm \(136\), found within 0\.\d+ Å/);
    const best = structureFromJson(stoppedOf(all).best.structure);
    expect(familyProjector('tetragonal').violation(best)).to.be.lessThan(1e-12);
    expect(findSymmetry(best, { symprec: 1e-5 }).number).to.equal(136);
    expect((await matchStructures(crystals.rutile, best, strictTolerances)).match).to.equal(true);
  });

  it('has stages of its own where the peaks have none', async () => {
    const config = { ...rutile, vary: ['cell'], distort: { lattice: 0.02 }, broadening: { steps: 3 }, projector: { use: 'ramp', of: { use: 'tetragonal' }, strengths: [0, 0.5, 1] }, stop: [{ use: 'max-steps', steps: 5 }] };
    const all = await events(config, crystals.rutile);
    expect(all.filter(({ kind }) => kind === 'stage')).to.have.length(3);
    const stopped = stoppedOf(all);
    expect(stopped.steps).to.be.at.most(11);
    const at = (step: number): number => {
      const { a, b } = stopped.history[step].cell;
      return Math.abs(a - b);
    };
    expect(at(0)).to.be.greaterThan(1e-3);
    expect(at(stopped.steps)).to.be.lessThan(1e-12);
  });
});

describe('bounds of a descent', () => {
  const away = { objectives: [{ use: 'test/trace', target: 1000 }], stop: [{ use: 'max-steps', steps: 400 }, { use: 'gradient-tolerance' }, { use: 'stalled' }] };

  for (const optimizer of [{ use: 'gradient-descent', learningRate: 0.001 }, { use: 'adam', learningRate: 0.1 }, { use: 'lbfgs' }, { use: 'momentum', learningRate: 0.001 }]) {
    it(`stop ${optimizer.use} with a reason that says so, and no cell is outside`, async () => {
      const all = await events({ ...away, optimizer, projector: { use: 'bounds', preset: 'tight' } });
      const stopped = stoppedOf(all);
      expect(stopped.reason).to.equal('boundHit');
      expect(stopped.message).to.match(/bound stopped the descent \(cell/);
      expect(all.some((event) => event.kind === 'warning' && event.code === 'bound.hit')).to.equal(true);
      for (const { cell } of stopped.history) for (const length of [cell.a, cell.b, cell.c]) expect(length).to.be.within(3.8 - 1e-8, 4.2 + 1e-8);
    });
  }

  it('can be left again', async () => {
    // From beyond the bound the start is moved onto it; the minimum is inside.
    const all = await events({ ...away, objectives: [{ use: 'test/trace', target: 12.3 }], optimizer: { use: 'lbfgs' }, projector: { use: 'compose', of: [{ use: 'cubic' }, { use: 'bounds', preset: 'tight' }] } });
    const { reason, best } = stoppedOf(all);
    expect(reason).to.equal('converged');
    expect(best.structure.lattice[0][0]).to.be.closeTo(4.1, 1e-6);
  });

  it('are checked part by part, with the path of the fault', () => {
    const fault = faultOf(() => normalizeConfig(testConfig({ projector: { use: 'compose', of: [{ use: 'cubic' }, { use: 'spacegroup', symprec: -1 }] } }), host));
    expect(fault.path).to.contain('projector.of.1');
    const unknown = faultOf(() => normalizeConfig(testConfig({ projector: { use: 'ramp', of: { use: 'cubc' } } }), host));
    expect(unknown.path).to.equal('projector.of');
    expect(unknown.report).to.contain('did you mean "cubic"');
    expect(normalizeConfig(testConfig({ projector: { use: 'compose', of: [{ use: 'bounds' }] } }), host).projector).to.deep.equal({
      use: 'compose',
      of: [{ use: 'bounds', preset: 'wide', lengths: null, angles: null, angleChange: null, volume: null, minimumDistance: null }],
      tolerance: 1e-10,
    });
  });
});
