import { expect } from 'chai';
import { lastValueFrom, toArray } from 'rxjs';
import type { Checkpoint, RunEvent, StoppedEvent } from '@braggscape/core';
import { structureFromJson, twoThetaAxis } from '@braggscape/core';
import { matchStructures, strictTolerances } from '@braggscape/crystal';
import { powderPatternModel } from '@braggscape/diffraction';
import { makePlan, normalizeConfig, run$ } from '@braggscape/pipeline';
import type { Plan, RunInputs, RunOptions } from '@braggscape/pipeline';
import { crystals, faultOf } from '@braggscape/testing';
import { testConfig, testHost } from './quadratic.js';

const host = testHost();
const truth = crystals.rutile;
const settings = {
  objectives: [{ use: 'cosine' }],
  instrument: { wavelength: 1.5406, w: 0.1 },
  twoTheta: { start: 15, stop: 90, count: 3751 },
  vary: ['cell'],
  optimizer: { use: 'adam', learningRate: 0.02 },
  distort: { lattice: 0.1 },
  seed: 2,
  broadening: { fwhm: [10, 5, 2.5, 1.2, 0.5], steps: 40 },
  stop: [{ use: 'max-steps', steps: 200 }, { use: 'gradient-tolerance' }],
};

function plan(more: Readonly<Record<string, unknown>> = {}, observed: RunInputs['observed'] = { structure: truth }): Promise<Plan> {
  return makePlan(normalizeConfig(testConfig({ ...settings, ...more, ...('pattern' in observed ? { pattern: { file: 'scan.xy' } } : {}) }), host), { start: truth, observed }, host);
}

async function events(of: Plan, options: RunOptions = {}): Promise<readonly RunEvent[]> {
  return lastValueFrom(run$(of, options).pipe(toArray()));
}

function stoppedOf(all: readonly RunEvent[]): StoppedEvent {
  const last = all[all.length - 1];
  if (last.kind !== 'stopped') throw new Error(`last event is ${last.kind}`);
  return last;
}

const home = async (stopped: StoppedEvent): Promise<boolean> => (await matchStructures(truth, structureFromJson(stopped.best.structure), strictTolerances)).match;

describe('a schedule of peak widths', function () {
  this.timeout(60000);

  it('brings home what descent on sharp peaks leaves in a false minimum', async () => {
    const sharp = stoppedOf(await events(await plan({ broadening: {} })));
    expect(await home(sharp)).to.equal(false);
    const all = await events(await plan());
    const stages = all.filter((event) => event.kind === 'stage');
    expect(stages.map(({ index, count, broadening }) => [index, count, broadening])).to.deep.equal([10, 5, 2.5, 1.2, 0.5, 0].map((fwhm, i) => [i, 6, fwhm]));
    const stopped = stoppedOf(all);
    expect(await home(stopped)).to.equal(true);
    expect(stopped.initial.value).to.equal(sharp.initial.value);
    expect(stopped.history.map(({ step }) => step)).to.deep.equal(stopped.history.map((_, i) => i));
    expect(stopped.history[0].broadening).to.equal(10);
    expect(stopped.history[stopped.history.length - 1]).to.not.have.property('broadening');
    expect(JSON.parse(JSON.stringify(all))).to.deep.equal(all);
  });

  it('brings home against a measured pattern too, which is averaged under the Gaussian', async () => {
    const twoTheta = twoThetaAxis(settings.twoTheta);
    const intensity = powderPatternModel({ wavelength: 1.5406, u: 0, v: 0, w: 0.1 }).on(twoTheta).simulate(truth);
    expect(await home(stoppedOf(await events(await plan({}, { pattern: { twoTheta, intensity } }))))).to.equal(true);
  });

  it('counts steps of stop rules from the beginning of each stage', async () => {
    const all = await events(await plan({ broadening: { fwhm: [5, 2], steps: 7 }, stop: [{ use: 'max-steps', steps: 5 }] }));
    expect(stoppedOf(all).steps).to.equal(15);
    expect(stoppedOf(all).reason).to.equal('maxSteps');
    const short = stoppedOf(await events(await plan({ broadening: { fwhm: [5, 2], steps: 3 }, stop: [{ use: 'max-steps', steps: 5 }] })));
    expect(short.steps).to.equal(11);
  });

  it('resumes from any stage to the very numbers of an unbroken run', async () => {
    const schedule = { broadening: { fwhm: [5, 2], steps: 6 }, stop: [{ use: 'max-steps', steps: 8 }] };
    const whole = stoppedOf(await events(await plan(schedule)));
    for (const at of [3, 6, 9, 15]) {
      const controller = new AbortController();
      const half: RunEvent[] = [];
      await new Promise<void>((resolve, reject) => {
        void plan(schedule).then((of) =>
          run$(of, { signal: controller.signal }).subscribe({
            next(event) {
              half.push(event);
              if (event.kind === 'stepped' && event.step === at) controller.abort();
            },
            error: reject,
            complete: resolve,
          }),
        );
      });
      const stopped = stoppedOf(half);
      expect(stopped.reason).to.equal('cancelled');
      expect(stopped.best.value).to.be.at.most(stopped.initial.value);
      const checkpoint = JSON.parse(JSON.stringify(stopped.checkpoint)) as Checkpoint;
      const rest = stoppedOf(await events(await plan(schedule), { checkpoint }));
      expect(rest.history, `from step ${at}`).to.deep.equal(whole.history);
      expect(rest.best).to.deep.equal(whole.best);
    }
  });

  it('never ends worse than it began', async () => {
    // One long step on the broadest peaks leads away, and no step is left to come back.
    const stopped = stoppedOf(await events(await plan({ distort: { lattice: 0.002 }, optimizer: { use: 'adam', learningRate: 1 }, broadening: { fwhm: [10], steps: 2 }, stop: [{ use: 'max-steps', steps: 0 }] })));
    expect(stopped.best.value).to.be.at.most(stopped.initial.value);
  });

  it('refuses checkpoints whose stage is none of the plan’s', async () => {
    const { checkpoint } = stoppedOf(await events(await plan({ broadening: { fwhm: [5], steps: 2 }, stop: [{ use: 'max-steps', steps: 1 }] })));
    const of = await plan({ broadening: { fwhm: [5], steps: 2 }, stop: [{ use: 'max-steps', steps: 1 }] });
    const damaged = { ...checkpoint, stage: { index: 7 } };
    expect(await events(of, { checkpoint: damaged }).catch((error: unknown) => error)).to.have.property('code', 'checkpoint.mismatch');
  });

  it('refuses noise on a measured pattern, and widths that are none', () => {
    const pattern = { file: 'scan.xy', noise: { counts: 100 } };
    expect(faultOf(() => normalizeConfig(testConfig({ ...settings, pattern }), host))).to.include({ code: 'config.invalid', path: 'pattern.noise' });
    expect(faultOf(() => normalizeConfig(testConfig({ ...settings, broadening: { fwhm: [0] } }), host)).code).to.equal('config.invalid');
  });
});
