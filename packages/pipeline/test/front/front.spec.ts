import { expect } from 'chai';
import { lastValueFrom, tap } from 'rxjs';
import { isBraggscapeError, structureFrom } from '@braggscape/core';
import type { Front, FrontEvent, Objective } from '@braggscape/core';
import { front$, rememberedObjective, weightLadder, widestGap } from '@braggscape/pipeline';
import type { FrontOptions, Plan } from '@braggscape/pipeline';
import { fonsecaFleming, frontAt, start } from './fonsecaFleming.js';

async function frontOf(plan: Plan, options: FrontOptions = {}, watch: (event: FrontEvent) => void = () => undefined): Promise<Front> {
  const last = await lastValueFrom(front$(plan, options).pipe(tap(watch)));
  if (last.kind !== 'stopped') throw new Error(`the last event is ${last.kind}`);
  return last.front;
}

async function faultOf(run: () => Promise<unknown>): Promise<unknown> {
  return run().then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('a front', () => {
  it('lies on the known one, concave as it is, between the optima of either objective', async () => {
    const { points, knee, hypervolume, stopReason, nadir } = await frontOf(await fonsecaFleming());
    expect(points).to.have.length.within(15, 22);
    for (const { objectives } of points) expect(objectives.right).to.be.closeTo(frontAt(Math.max(0, objectives.left)), 5e-4);
    const [first, last] = [points[0], points[points.length - 1]];
    expect(first.method).to.deep.equal({ kind: 'single', objective: 'left' });
    expect(last.method).to.deep.equal({ kind: 'single', objective: 'right' });
    expect(first.objectives.left).to.be.closeTo(0, 1e-12);
    expect(last.objectives.right).to.be.closeTo(0, 1e-12);
    expect(nadir.left).to.be.closeTo(1 - Math.exp(-4), 1e-5);
    // No weighted sum leads into the concave part; ε-constraints do.
    const inside = points.filter(({ objectives }) => objectives.left > 0.3 && objectives.left < 0.9);
    expect(inside.length).to.be.greaterThan(4);
    for (const { method } of inside) expect(method.kind).to.equal('epsilon');
    expect(points[knee].objectives.left + points[knee].objectives.right).to.be.at.most(1.0001);
    // The area above the known front is 0.33 of the box; staircases of 15 points keep a little less.
    expect(hypervolume).to.be.within(0.24, 0.34);
    expect(stopReason).to.equal('converged');
  });

  it('is monotone, the same each time, and told event by event', async () => {
    const events: FrontEvent[] = [];
    const one = await frontOf(await fonsecaFleming(), { points: 9 }, (event) => events.push(event));
    const two = await frontOf(await fonsecaFleming(), { points: 9 });
    expect({ ...one, seconds: 0 }).to.deep.equal({ ...two, seconds: 0 });
    one.points.slice(1).forEach(({ objectives }, i) => {
      expect(objectives.left).to.be.greaterThan(one.points[i].objectives.left);
      expect(objectives.right).to.be.lessThan(one.points[i].objectives.right);
    });
    expect(events[0].kind).to.equal('started');
    expect(new Set(events.map(({ kind }) => kind))).to.deep.equal(new Set(['started', 'descending', 'stepped', 'refined', 'frontChanged', 'stopped']));
    expect(JSON.parse(JSON.stringify(events))).to.deep.equal(events);
    const phases = events.flatMap((event) => (event.kind === 'descending' ? [event.phase] : []));
    expect(phases).to.deep.equal([...phases].sort((a, b) => ['ends', 'weights', 'epsilon'].indexOf(a) - ['ends', 'weights', 'epsilon'].indexOf(b)));
    // Starts that are taken over are not evaluated again.
    expect(one.remembered.left).to.be.greaterThan(5);
  });

  it('of objectives with one minimum is one point', async () => {
    const plan = await fonsecaFleming({ objectives: [{ use: 'test/bowl', name: 'left', centre: 4 }, { use: 'test/bowl', name: 'right', centre: 4 }] });
    const { points, hypervolume, knee } = await frontOf(plan);
    expect(points).to.have.length(1);
    expect([hypervolume, knee]).to.deep.equal([0, 0]);
  });

  it('keeps what is there when it is cancelled, and may be cancelled before anything is', async () => {
    const controller = new AbortController();
    const { points, stopReason } = await frontOf(await fonsecaFleming(), { signal: controller.signal }, (event) => {
      if (event.kind === 'descending' && event.phase === 'epsilon') controller.abort();
    });
    expect(stopReason).to.equal('cancelled');
    expect(points.length).to.be.within(2, 14);
    controller.abort();
    const nothing = await frontOf(await fonsecaFleming(), { signal: controller.signal });
    expect([nothing.points.length, nothing.knee, nothing.hypervolume, nothing.stopReason]).to.deep.equal([0, -1, 0, 'cancelled']);
  });

  it('stops when nobody listens any more', async () => {
    const plan = await fonsecaFleming();
    let seen = 0;
    await new Promise<void>((resolve) => {
      const subscription = front$(plan).subscribe((event) => {
        seen++;
        if (event.kind !== 'refined') return;
        subscription.unsubscribe();
        resolve();
      });
    });
    const then = seen;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(seen).to.equal(then);
  });

  it('starts from other structures too, if they are the same atoms', async () => {
    const plan = await fonsecaFleming();
    const methods: string[] = [];
    await frontOf(plan, { starts: [start], points: 2 }, (event) => {
      if (event.kind === 'descending' && event.phase === 'ends') methods.push(event.method.kind);
    });
    expect(methods).to.have.length(6);
    const other = structureFrom([[4, 0, 0], [0, 4, 0], [0, 0, 4]], [6], [[0, 0, 0]]);
    const fault = await faultOf(() => frontOf(plan, { starts: [other] }));
    expect(isBraggscapeError(fault) && fault.report).to.match(/start 2 .* same elements/);
  });

  it('says what does not fit', async () => {
    const lonely = await fonsecaFleming({ objectives: [{ use: 'test/bowl', name: 'left' }] });
    expect(isBraggscapeError(await faultOf(() => frontOf(lonely)))).to.equal(true);
    const plan = await fonsecaFleming();
    for (const options of [{ points: 1 }, { points: 2.5 }, { steps: 0 }, { decades: Number.NaN }]) {
      const fault = await faultOf(() => frontOf(plan, options));
      const [[name, value]] = Object.entries(options);
      expect(isBraggscapeError(fault) && fault.report).to.contain(`"${name}" of a front is ${value}`);
    }
  });
});

describe('the sweep of weights', () => {
  it('runs evenly in the logarithm of their ratio, in units of the box', () => {
    const ladder = weightLadder(5, 2, { ideal: [0, -3], nadir: [0.5, -2] });
    const ratios = ladder.map(([a, b]) => Math.log10((a * 0.5) / b));
    ratios.forEach((ratio, k) => expect(ratio).to.be.closeTo(k - 2, 1e-12));
    ladder.forEach(([a, b]) => expect(a * 0.5 + b).to.be.closeTo(1, 1e-12));
    expect(weightLadder(1, 2, { ideal: [0, 0], nadir: [1, 1] })).to.deep.equal([[0.5, 0.5]]);
  });

  it('leaves gaps, of which the widest open one is filled', () => {
    const points = [[0, 1], [0.1, 0.9], [0.2, 0.3], [1, 0]];
    const box = { ideal: [0, 0], nadir: [1, 1] };
    expect(widestGap(points, box, 0.01)).to.deep.equal({ index: 2, axis: 0, width: 0.8, middle: 0.6 });
    const next = widestGap(points, box, 0.01, (index) => index === 2);
    expect([next?.index, next?.axis]).to.deep.equal([1, 1]);
    expect(widestGap(points, box, 0.9)).to.equal(undefined);
  });
});

describe('a remembered objective', () => {
  it('evaluates no structure twice, until it forgets the oldest', async () => {
    let calls = 0;
    const counted: Objective = {
      id: 'counted',
      unit: '1',
      provides: new Set(['value', 'gradient']),
      evaluate: (structure, need) => {
        calls++;
        const value = structure.lattice[0];
        return Promise.resolve(need === 'value' ? { value } : { value, gradient: { lattice: new Float64Array(9), frac: new Float64Array(3) } });
      },
    };
    const at = (a: number) => structureFrom([[a, 0, 0], [0, 4, 0], [0, 0, 4]], [14], [[0, 0, 0]]);
    const remembered = rememberedObjective(counted, 2);
    await remembered.evaluate(at(4), 'value');
    await remembered.evaluate(at(4), 'gradient');
    await remembered.evaluate(at(4), 'value');
    expect((await remembered.evaluate(at(4), 'gradient')).gradient?.lattice).to.have.length(9);
    expect([calls, remembered.evaluations(), remembered.remembered()]).to.deep.equal([2, 2, 2]);
    // The smallest change is another structure; so are other parameters.
    await remembered.evaluate(at(4 + 1e-15), 'value');
    await remembered.evaluate(at(4), 'value', undefined, Float64Array.of(1));
    expect(calls).to.equal(4);
    await remembered.evaluate(at(4), 'value');
    expect(calls).to.equal(5);
  });
});
