import { expect } from 'chai';
import { lastValueFrom, toArray } from 'rxjs';
import { BraggscapeError, definePlugin, potential, structureFrom, structureFromJson } from '@braggscape/core';
import type { PlanCheckpoint, PluginHost, RunEvent, StoppedEvent, Structure } from '@braggscape/core';
import { matchStructures, strictTolerances } from '@braggscape/crystal';
import { makePlan, normalizeConfig, run$ } from '@braggscape/pipeline';
import type { Plan, RunOptions } from '@braggscape/pipeline';
import { rejectionOf } from '@braggscape/testing';
import { testHost } from '../quadratic.js';

const host = testHost();
/** U₂Ti, AlB₂ type. */
const u2ti = structureFrom([[4.828, 0, 0], [-2.414, 4.181171, 0], [0, 0, 2.847]], [22, 92, 92], [[0, 0, 0], [1 / 3, 2 / 3, 0.5], [2 / 3, 1 / 3, 0.5]]);
/** Two neighbours in Z on sites of one kind: the pattern hardly tells which is which. */
const layered = structureFrom([[3.1, 0, 0], [0, 3.1, 0], [0, 0, 6.4]], [26, 27, 38], [[0, 0, 0.21], [0, 0, 0.71], [0.5, 0.5, 0]]);

type More = Readonly<Record<string, unknown>>;

/** A host with a potential that refuses U₂Ti. */
const pickyHost = testHost([
  definePlugin({
    meta: { name: 'picky-plugin', version: '1.0.0', namespace: 'picky', api: '^0.1.0' },
    potentials: {
      potential: potential({
        summary: 'Takes nothing.',
        schema: {},
        create: () => ({
          id: 'picky',
          provides: new Set(['forces', 'stress'] as const),
          compute: () => Promise.reject(new BraggscapeError('structure.unsupported', 'no uranium', { hint: 'leave it out' })),
        }),
      }),
    },
  }),
]);

function plan(more: More = {}, truth: Structure = u2ti, on: PluginHost = host): Promise<Plan> {
  const config = {
    structure: 'start.cif',
    instrument: { wavelength: 1.5406, w: 0.03 },
    twoTheta: { start: 15, stop: 90, count: 1501 },
    seed: 2,
    checkpointSeconds: 1e-6,
    ...more,
  };
  return makePlan(normalizeConfig({ ...config, pattern: { structure: 'truth.cif', ...(more.pattern as object | undefined) } }, on), { start: truth, observed: { structure: truth } }, on);
}

const eventsOf = async (of: Plan, options: RunOptions = {}): Promise<readonly RunEvent[]> => lastValueFrom(run$(of, options).pipe(toArray()));

function stoppedOf(events: readonly RunEvent[]): StoppedEvent {
  const last = events[events.length - 1];
  if (last.kind !== 'stopped') throw new Error(`last event is ${last.kind}`);
  return last;
}

/** Events until a run is aborted at the first that fits. */
async function abortedAt(of: Plan, fits: (event: RunEvent) => boolean, checkpoint?: PlanCheckpoint): Promise<readonly RunEvent[]> {
  const controller = new AbortController();
  const seen: RunEvent[] = [];
  await new Promise<void>((resolve, reject) => {
    run$(of, { signal: controller.signal, ...(checkpoint === undefined ? {} : { checkpoint }) }).subscribe({
      next: (event) => {
        seen.push(event);
        if (fits(event)) controller.abort();
      },
      complete: resolve,
      error: reject,
    });
  });
  return seen;
}

/** Without the only thing that differs from run to run. */
const timeless = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (key, inner: unknown) => (key === 'seconds' || key === 'checkpoint' ? undefined : inner)));

async function strictly(stopped: StoppedEvent, truth: Structure): Promise<boolean> {
  return (await matchStructures(structureFromJson(stopped.best.structure), truth, strictTolerances)).match;
}

const distort = { lattice: 0.06, coordinates: 0.06 };
const counted = { noise: { counts: 20000, background: 0.03 } };

describe('a run by a plan', function () {
  this.timeout(60_000);

  for (const [name, more] of [
    ['xrd', { plan: 'xrd', distort: { lattice: 0.02, coordinates: 0.02 } }],
    ['robust', { distort }],
    ['robust', { distort, pattern: counted, instrument: { use: 'powder', wavelength: 1.5406, w: 0.01 } }],
  ] as const) {
    it(`${name} recovers the structure strictly${'pattern' in more ? ' from counts' : ''} and is confident of it; its events are in order and plain JSON`, async () => {
      const events = await eventsOf(await plan(more));
      const stopped = stoppedOf(events);
      expect(stopped.reason, stopped.message).to.equal('converged');
      expect(await strictly(stopped, u2ti)).to.equal(true);
      expect(stopped.verdict).to.deep.include({ level: 'confident', reasons: [] });
      expect(stopped.verdict!.spaceGroup).to.include({ number: 191 });
      expect(stopped.best.objectives.cosine).to.be.lessThan(stopped.initial.objectives.cosine);
      expect(events[0]).to.include({ kind: 'started', seed: 2 });
      const kinds = events.map(({ kind }) => kind);
      expect(kinds.slice(1, -1)).to.satisfy((inner: string[]) => inner.every((kind) => ['planStep', 'stepped', 'warning'].includes(kind)));
      expect(kinds.filter((kind) => kind === 'started' || kind === 'stopped')).to.have.length(2);
      expect(kinds.indexOf('planStep')).to.be.lessThan(kinds.indexOf('stepped'));
      const places = events.flatMap((event) => (event.kind === 'planStep' ? [event.index] : []));
      expect(places).to.deep.equal([...new Set(places)].sort((a, b) => a - b));
      expect(events.flatMap((event) => (event.kind === 'planStep' ? [event.name] : []))).to.include('fit');
      for (const event of events) expect(JSON.parse(JSON.stringify(event))).to.deep.equal(event);
      const spent = events.flatMap((event) => (event.kind === 'stepped' || event.kind === 'stopped' ? [event.evaluations] : []));
      expect(spent).to.deep.equal([...spent].sort((a, b) => a - b));
      expect(stopped.history.map(({ step }) => step)).to.deep.equal([...stopped.history.keys()]);
    });
  }

  it('estimates the uncertainties of a pattern that states none, in whatever unit: a wrong structure is no better believed for it', async () => {
    const powder = { use: 'powder', wavelength: 1.5406, w: 0.01 };
    const simulated = (await plan({ pattern: counted, instrument: powder })).observed;
    const wrong = { ...u2ti, numbers: u2ti.numbers.map((z) => (z === 22 ? 8 : z)) };
    for (const start of [u2ti, wrong]) {
      const verdicts = [];
      for (const unit of [1, 1e-4]) {
        const config = normalizeConfig({ structure: 's', pattern: { file: 'p' }, instrument: powder, plan: 'xrd', seed: 2 }, host);
        const observed = { twoTheta: simulated.twoTheta, intensity: simulated.intensity.map((y) => unit * y), wavelength: 1.5406 };
        verdicts.push(stoppedOf(await eventsOf(await makePlan(config, { start, observed: { pattern: observed } }, host))).verdict!);
      }
      expect(verdicts[0].chiSquare).to.be.closeTo(verdicts[1].chiSquare!, 1e-3 * verdicts[0].chiSquare!);
      expect(verdicts.map(({ level }) => level)).to.deep.equal(start === u2ti ? ['confident', 'confident'] : ['unsure', 'unsure']);
    }
  });

  it('is cold and deterministic: twice the same, apart from the time', async () => {
    const of = await plan({ distort });
    const once = timeless(await eventsOf(of));
    expect(timeless(await eventsOf(of))).to.deep.equal(once);
    expect(timeless(await eventsOf(await plan({ distort })))).to.deep.equal(once);
    expect(timeless(await eventsOf(await plan({ distort, seed: 3 })))).not.to.deep.equal(once);
  });

  /** Steps that do not solve it at once, so that there is something to resume. */
  const long = {
    distort: { lattice: 0.03, coordinates: 0.05 },
    pattern: counted,
    plan: { name: 'long', steps: [{ do: 'descend', steps: 4, fwhm: [3] }, { do: 'anneal', from: 'descended', fwhm: [1], steps: 3, finalSteps: 3 }, { do: 'explore', moves: 4, most: 3 }, { do: 'rivals', exchanges: 1, moves: 1 }, { do: 'fit' }] },
  };

  it('resumes from the checkpoint after each step and each move, through JSON, to the very numbers of an unbroken run', async () => {
    const events = await eventsOf(await plan(long));
    const whole = stoppedOf(events);
    const checkpoints = events.flatMap((event) => (event.kind === 'stepped' && event.checkpoint !== undefined ? [JSON.parse(JSON.stringify(event.checkpoint)) as PlanCheckpoint] : []));
    expect(checkpoints.length).to.be.at.least(5);
    for (const [at, checkpoint] of checkpoints.entries()) {
      const rest = await eventsOf(await plan(long), { checkpoint });
      expect(rest[0], `checkpoint ${at}`).to.have.property('resumedAt');
      const resumed = stoppedOf(rest);
      expect(resumed.best, `checkpoint ${at}`).to.deep.equal(whole.best);
      expect(timeless(resumed.verdict), `checkpoint ${at}`).to.deep.equal(timeless(whole.verdict));
      expect(timeless(resumed.history), `checkpoint ${at}`).to.deep.equal(timeless(whole.history));
    }
  });

  it('ends with reason cancelled and the best so far when its signal aborts, and goes on from there to the same structure', async () => {
    const whole = stoppedOf(await eventsOf(await plan(long)));
    for (const name of ['descend', 'explore', 'fit']) {
      const seen = await abortedAt(await plan(long), (event) => event.kind === 'planStep' && event.name === name);
      const stopped = stoppedOf(seen);
      expect(stopped.reason, name).to.equal('cancelled');
      expect(Number.isFinite(stopped.best.value), name).to.equal(true);
      const checkpoint = JSON.parse(JSON.stringify(stopped.checkpoint)) as PlanCheckpoint;
      const resumed = stoppedOf(await eventsOf(await plan(long), { checkpoint }));
      expect(resumed.best.structure, name).to.deep.equal(whole.best.structure);
    }
  });

  it('ends at once when the signal was aborted before, with the start as its result', async () => {
    const stopped = stoppedOf(await eventsOf(await plan({ distort }), { signal: AbortSignal.abort() }));
    expect(stopped.reason).to.equal('cancelled');
    expect(stopped.best).to.deep.equal(stopped.initial);
    expect(stopped).not.to.have.property('verdict');
  });

  it('refuses a checkpoint that is damaged, another plan’s, or none of a plan', async () => {
    const { checkpoint } = stoppedOf(await eventsOf(await plan({ plan: 'xrd' })));
    const whole = checkpoint as PlanCheckpoint;
    const other = stoppedOf(await eventsOf(await plan({ plan: 'descent', stop: [{ use: 'max-steps', steps: 1 }] }))).checkpoint;
    const faulty: readonly unknown[] = [
      { ...whole, plan: 'abc' },
      { ...whole, state: {} },
      { ...whole, state: null },
      { ...whole, state: { ...(whole.state as object), position: { step: 99, move: 0 } } },
      { ...whole, history: undefined },
      { ...whole, initial: undefined },
      other,
      {},
      7,
    ];
    for (const given of faulty) {
      const error = await rejectionOf(eventsOf(await plan({ plan: 'xrd' }), { checkpoint: given as PlanCheckpoint }));
      expect(error.code, JSON.stringify(given)?.slice(0, 80)).to.equal('checkpoint.mismatch');
      expect(error.hint).to.contain('afresh');
    }
    expect((await rejectionOf(eventsOf(await plan({ plan: 'xrd', seed: 5 }), { checkpoint }))).report).to.contain('another configuration');
    const descent = await rejectionOf(eventsOf(await plan({ plan: 'descent', stop: [{ use: 'max-steps', steps: 1 }] }), { checkpoint }));
    expect(descent.code).to.equal('checkpoint.mismatch');
  });

  it('lists a false twin as a rival that fits alike, and does not call the result confident', async () => {
    const stopped = stoppedOf(await eventsOf(await plan({ distort: { lattice: 0.01, coordinates: 0.01 }, pattern: { noise: { counts: 2000, background: 0.03 } }, instrument: { use: 'powder', wavelength: 1.5406, w: 0.01 } }, layered)));
    const verdict = stopped.verdict!;
    expect(verdict.level, verdict.reasons.join()).to.equal('ambiguous');
    const alike = verdict.rivals.filter((rival) => rival.alike);
    expect(alike).not.to.have.length(0);
    const candidates = [stopped.best.structure, ...alike.map(({ structure }) => structure)].map(structureFromJson);
    const matches = await Promise.all(candidates.map(async (structure) => (await matchStructures(structure, layered, strictTolerances)).match));
    expect(matches).to.include(true);
    expect(matches).to.include(false);
  });

  it('says once that no potential takes part where a step needs one, and goes on without', async () => {
    const steps = [{ do: 'relax' }, { do: 'relax' }, { do: 'anneal', fwhm: [2] }, { do: 'fit' }];
    const events = await eventsOf(await plan({ plan: { steps }, distort: { lattice: 0.01 } }));
    expect(events.flatMap((event) => (event.kind === 'warning' ? [event.code] : []))).to.deep.equal(['plan.noPotential']);
    expect(stoppedOf(events).verdict).to.include({ level: 'confident' }).and.not.to.have.property('energy');
  });

  it('leaves a potential that cannot take the structure out with a warning where the plan brought it along; where it was asked for, that is an error', async () => {
    const objectives = [{ use: 'cosine', weight: 1 }, { use: 'picky/potential', weight: 1 }];
    const mine = { objectives, steps: [{ do: 'anneal', fwhm: [2] }, { do: 'fit' }] };
    const more = { distort: { lattice: 0.01 } };
    const events = await eventsOf(await plan({ ...more, plan: mine }, u2ti, pickyHost));
    const warnings = events.flatMap((event) => (event.kind === 'warning' ? [event] : []));
    expect(warnings.map(({ code }) => code)).to.deep.equal(['plan.assumed']);
    expect(warnings[0].message).to.contain('picky/potential').and.to.contain('no uranium');
    expect(stoppedOf(events).reason).to.equal('converged');
    const error = await rejectionOf(plan({ ...more, plan: 'xrd', objectives }, u2ti, pickyHost));
    expect(error.code).to.equal('structure.unsupported');
    // An unknown name in a plan of one's own is left out as one that is not installed; asked for, it is an error.
    expect((await rejectionOf(Promise.resolve().then(() => plan({ ...more, plan: 'xrd', objectives: [{ use: 'cosine' }, { use: 'pikcy' }] })))).code).to.equal('plugin.unknownId');
  });

  it('says what it cannot vary, with the remedy', async () => {
    for (const [vary, says] of [[['cell'], 'coords'], [['coords'], 'cell'], [['cell', 'coords', 'occupancy'], 'occupancies'], [['cell', 'coords', 'zeor'], 'zeor']] as const) {
      const error = await rejectionOf(plan({ plan: 'xrd', vary }));
      expect(error).to.include({ code: 'option.invalid', path: 'vary' });
      expect(error.report).to.contain(says);
    }
    expect((await rejectionOf(plan({ plan: 'xrd', objectives: [{ use: 'test/trace' }] }))).hint).to.contain('cosine');
    expect((await rejectionOf(plan({ plan: { steps: [{ do: 'descend', optimizer: { use: 'adma' } }] } }))).report).to.contain('adma');
  });
});
