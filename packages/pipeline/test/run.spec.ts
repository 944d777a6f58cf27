import { expect } from 'chai';
import { lastValueFrom, toArray } from 'rxjs';
import type { Checkpoint, RunEvent, StoppedEvent } from '@braggscape/core';
import { makePlan, normalizeConfig, run$ } from '@braggscape/pipeline';
import type { Plan, RunOptions } from '@braggscape/pipeline';
import { start, testConfig, testHost } from './quadratic.js';

const host = testHost();

async function plan(more: Readonly<Record<string, unknown>> = {}): Promise<Plan> {
  return makePlan(normalizeConfig(testConfig(more), host), { start, observed: { structure: start } }, host);
}

async function events(of: Plan, options: RunOptions = {}): Promise<readonly RunEvent[]> {
  return lastValueFrom(run$(of, options).pipe(toArray()));
}

function stoppedOf(all: readonly RunEvent[]): StoppedEvent {
  const last = all[all.length - 1];
  if (last.kind !== 'stopped') throw new Error(`last event is ${last.kind}`);
  return last;
}

describe('run$', () => {
  it('emits started, one stepped per step, and stopped, all of it plain JSON', async () => {
    const all = await events(await plan());
    expect(all.map(({ kind }) => kind)).to.deep.equal(['started', ...Array.from({ length: 20 }, () => 'stepped'), 'stopped']);
    const steps = all.filter((event) => event.kind === 'stepped');
    expect(JSON.parse(JSON.stringify(steps))).to.deep.equal(steps);
    const stopped = stoppedOf(all);
    expect(stopped.reason).to.equal('maxSteps');
    expect(stopped.history).to.have.length(21);
    expect(stopped.best.value).to.be.lessThan(stopped.initial.value);
  });

  it('converges to the minimum and says so', async () => {
    const stopped = stoppedOf(
      await events(await plan({ stop: [{ use: 'max-steps', steps: 500 }, { use: 'gradient-tolerance', tolerance: 1e-9 }] })),
    );
    expect(stopped.reason).to.equal('converged');
    const { lattice } = stopped.best.structure;
    expect(lattice[0][0] + lattice[1][1] + lattice[2][2]).to.be.closeTo(15, 1e-8);
  });

  it('is cold and deterministic: each subscription gives the same run', async () => {
    const one = await plan({ distort: { lattice: 0.05 }, seed: 4 });
    const other = await plan({ distort: { lattice: 0.05 }, seed: 4 });
    const history = stoppedOf(await events(one)).history;
    expect(stoppedOf(await events(one)).history).to.deep.equal(history);
    expect(stoppedOf(await events(other)).history).to.deep.equal(history);
    const seeded = stoppedOf(await events(await plan({ distort: { lattice: 0.05 }, seed: 5 }))).history;
    expect(seeded[0].value).to.not.equal(history[0].value);
  });

  it('ends with reason cancelled and the best structure when its signal aborts', async () => {
    const controller = new AbortController();
    const of = await plan({ stop: [{ use: 'max-steps', steps: 100000 }] });
    const seen: RunEvent[] = [];
    await new Promise<void>((resolve, reject) => {
      run$(of, { signal: controller.signal }).subscribe({
        next: (event) => {
          seen.push(event);
          if (event.kind === 'stepped' && event.step === 7) controller.abort();
        },
        complete: resolve,
        error: reject,
      });
    });
    const stopped = stoppedOf(seen);
    expect(stopped.reason).to.equal('cancelled');
    expect(stopped.steps).to.equal(7);
    expect(stopped.best.value).to.be.lessThan(stopped.initial.value);
  });

  it('says nothing more after unsubscription', async () => {
    const of = await plan({ stop: [{ use: 'max-steps', steps: 100000 }] });
    const seen: RunEvent[] = [];
    await new Promise<void>((resolve) => {
      const subscription = run$(of).subscribe((event) => {
        seen.push(event);
        if (event.kind === 'stepped' && event.step === 3) {
          subscription.unsubscribe();
          setTimeout(resolve, 30);
        }
      });
    });
    expect(seen.filter((event) => event.kind === 'stepped')).to.have.length(3);
    expect(seen.some((event) => event.kind === 'stopped')).to.equal(false);
  });

  for (const optimizer of ['gradient-descent', 'momentum', 'adam']) {
    it(`resumes ${optimizer} from any checkpoint, through JSON, to the very numbers of an unbroken run`, async () => {
      const settings = { optimizer: { use: optimizer, learningRate: 0.01 }, distort: { lattice: 0.05 } };
      const whole = stoppedOf(await events(await plan({ ...settings, stop: [{ use: 'max-steps', steps: 30 }] })));
      const half = stoppedOf(await events(await plan({ ...settings, stop: [{ use: 'max-steps', steps: 11 }] })));
      const checkpoint = JSON.parse(JSON.stringify(half.checkpoint)) as Checkpoint;
      const rest = await events(await plan({ ...settings, stop: [{ use: 'max-steps', steps: 30 }] }), { checkpoint });
      const [started] = rest;
      expect(started.kind === 'started' && started.resumedAt).to.equal(11);
      const resumed = stoppedOf(rest);
      expect(resumed.history).to.deep.equal(whole.history);
      expect(resumed.best).to.deep.equal(whole.best);
      expect(resumed.evaluations).to.equal(whole.evaluations);
    });
  }

  it('refuses the checkpoint of another plan', async () => {
    const { checkpoint } = stoppedOf(await events(await plan()));
    const failure: unknown = await events(await plan({ seed: 9 }), { checkpoint }).catch((error: unknown) => error);
    expect(failure).to.have.property('code', 'checkpoint.mismatch');
  });

  it('shortens a step into NaN, warns, and goes on with finite numbers', async () => {
    const all = await events(
      await plan({ objectives: [{ use: 'test/trace', wall: 4.5 }], optimizer: { use: 'gradient-descent', learningRate: 0.4 } }),
    );
    expect(all.some((event) => event.kind === 'warning' && event.code === 'step.shortened')).to.equal(true);
    const stopped = stoppedOf(all);
    for (const entry of stopped.history) expect(Number.isFinite(entry.value) && Number.isFinite(entry.cell.a)).to.equal(true);
  });

  it('stops as nonFinite, with the last good structure, when no step is admissible', async () => {
    const stopped = stoppedOf(await events(await plan({ optimizer: { use: 'test/leap' } })));
    expect(stopped.reason).to.equal('nonFinite');
    expect(stopped.steps).to.equal(0);
    expect(stopped.best.structure.lattice).to.deep.equal([[4, 0, 0], [0, 4, 0], [0, 0, 4]]);
  });

  it('stops as nonFinite at once when the start has no finite value', async () => {
    const stopped = stoppedOf(await events(await plan({ objectives: [{ use: 'test/trace', wall: 1 }] })));
    expect(stopped.reason).to.equal('nonFinite');
    expect(stopped.steps).to.equal(0);
  });

  it('combines objectives with their weights and keeps each one’s value', async () => {
    const stopped = stoppedOf(
      await events(await plan({ distort: { lattice: 0.03 }, objectives: [{ use: 'test/trace', weight: 2 }, { use: 'cosine', weight: 0.5 }] })),
    );
    const [first] = stopped.history;
    expect(Object.keys(first.objectives)).to.deep.equal(['test/trace', 'cosine']);
    expect(first.value).to.be.closeTo(2 * first.objectives['test/trace'] + 0.5 * first.objectives.cosine, 1e-12);
  });

  it('traces the angle between the gradients of two objectives, and none for one', async () => {
    const both = stoppedOf(await events(await plan({ objectives: [{ use: 'test/trace', weight: 1 }, { use: 'cosine' }], distort: { lattice: 0.05 } })));
    const angles = both.history.map(({ conflictAngle }) => conflictAngle ?? Number.NaN);
    for (const angle of angles) expect(angle).to.be.within(0, 180);
    // The trace wants a larger cell than the pattern has; near the pattern’s own minimum the two oppose each other.
    expect(Math.max(...angles)).to.be.greaterThan(90);
    const one = stoppedOf(await events(await plan()));
    expect(one.history.some((entry) => 'conflictAngle' in entry)).to.equal(false);
  });

  it('keeps a projected run on the constraint at every step', async () => {
    const stopped = stoppedOf(await events(await plan({ distort: { lattice: 0.05 }, projector: { use: 'tetragonal' } })));
    for (const { cell } of stopped.history) {
      expect(cell.a).to.be.closeTo(cell.b, 1e-10);
      expect(cell.alpha).to.be.closeTo(90, 1e-9);
    }
  });

  it('lets timers run during a long run', async () => {
    const of = await plan({ stop: [{ use: 'budget', seconds: 0.4 }] });
    let ticks = 0;
    const timer = setInterval(() => ticks++, 10);
    const stopped = stoppedOf(await events(of));
    clearInterval(timer);
    expect(stopped.reason).to.equal('budget');
    expect(ticks).to.be.greaterThan(2);
  });
});
