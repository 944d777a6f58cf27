import { expect } from 'chai';
import { lastValueFrom, toArray } from 'rxjs';
import { structureFromJson, twoThetaAxis } from '@braggscape/core';
import type { Pattern, RunEvent, StoppedEvent } from '@braggscape/core';
import { instrumentModel } from '@braggscape/diffraction';
import { makePlan, normalizeConfig, refinedParameters, run$, sortVaried } from '@braggscape/pipeline';
import { checkGradient, crystals, faultOf, rejectionOf } from '@braggscape/testing';
import { testConfig, testHost } from './quadratic.js';

const host = testHost();
const axis = twoThetaAxis({ start: 20, stop: 90, count: 1401 });
const instrument = { use: 'powder', wavelength: 'CuKa1', profile: 'gaussian', w: 0.04, background: [0, 0] } as const;
const truth = instrumentModel({ wavelength: 'CuKa1', profile: 'gaussian', w: 0.05, zero: 0.06, background: [900, -200], scale: 1.3 });
const observed: Pattern = { twoTheta: axis, intensity: truth.on(axis).simulate(crystals.rutile) };

function config(more: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return testConfig({
    pattern: { file: 'scan.xy' },
    instrument,
    objectives: [{ use: 'mse', normalization: 'none', weight: 1e-6 }],
    optimizer: { use: 'adam', learningRate: 0.01 },
    stop: [{ use: 'max-steps', steps: 900 }],
    ...more,
  });
}

async function run(more: Readonly<Record<string, unknown>>, pattern = observed): Promise<{ stopped: StoppedEvent; events: readonly RunEvent[] }> {
  const plan = await makePlan(normalizeConfig(config(more), host), { start: crystals.rutile, observed: { pattern } }, host);
  const events = await lastValueFrom(run$(plan).pipe(toArray()));
  const stopped = events[events.length - 1];
  if (stopped.kind !== 'stopped') throw new Error('no end');
  return { stopped, events };
}

describe('parameters of the experiment in a run', () => {
  it('are refined with the structure fixed, and reported by name', async () => {
    const { stopped, events } = await run({ vary: ['zero', 'w', 'background', 'scale'] });
    const [started] = events;
    expect(started.kind === 'started' && started.parameters).to.deep.equal(['zero', 'w', 'background.0', 'background.1', 'scale']);
    const found = stopped.best.parameters ?? {};
    expect(found.zero).to.be.closeTo(0.06, 2e-3);
    expect(found.w).to.be.closeTo(0.05, 2e-3);
    expect(found.scale).to.be.closeTo(1.3, 0.02);
    expect(stopped.best.value).to.be.lessThan(1e-3 * stopped.initial.value);
    expect([...structureFromJson(stopped.best.structure).frac]).to.deep.equal([...crystals.rutile.frac]);
  });

  it('move together with the cell, and the gradient of the whole is that of the whole', async () => {
    const plan = await makePlan(normalizeConfig(config({ vary: ['cell', 'zero', 'profile'] }), host), { start: crystals.rutile, observed: { pattern: observed } }, host);
    expect(plan.refined.names).to.deep.equal(['zero', 'u', 'v', 'w']);
    const { objective } = plan.objectives[0];
    const values = (x: Float64Array): Float64Array => plan.refined.values(x);
    await checkGradient(
      {
        value: async (x) => (await objective.evaluate(crystals.rutile, 'value', undefined, values(x))).value,
        gradient: async (x) => {
          const { parameterGradient } = await objective.evaluate(crystals.rutile, 'gradient', undefined, values(x));
          if (parameterGradient === undefined) throw new Error('no gradient');
          return plan.refined.pullback(parameterGradient);
        },
      },
      plan.refined.start,
    );
  });

  it('stay within their bounds, and a warning names the one that is held', async () => {
    // A zero shift far beyond ±2° is wanted.
    const far = { ...observed, intensity: truth.on(axis).simulate(crystals.rutile, Float64Array.from(truth.parameters, ({ id, value }) => (id === 'zero' ? 4 : value))) };
    const { stopped, events } = await run({ vary: ['zero'], optimizer: { use: 'gradient-descent', learningRate: 1e4 }, stop: [{ use: 'max-steps', steps: 5 }] }, far);
    expect(Math.abs(stopped.last.structure.frac.length)).to.equal(6);
    const warned = events.filter((event) => event.kind === 'warning' && event.code === 'bound.hit');
    expect(warned.length).to.equal(1);
  });

  it('that would leave peaks without a width are refused, and the step is shortened', async () => {
    const narrow = instrumentModel({ wavelength: 'CuKa1', profile: 'gaussian', w: 0.01 }).on(axis).simulate(crystals.rutile);
    const { stopped, events } = await run(
      { vary: ['w'], optimizer: { use: 'gradient-descent', learningRate: 0.01 }, stop: [{ use: 'max-steps', steps: 2 }] },
      { twoTheta: axis, intensity: narrow.map((y) => 4 * y) },
    );
    expect(events.some((event) => event.kind === 'warning' && event.code === 'step.shortened')).to.equal(true);
    expect(stopped.last.parameters?.w).to.be.greaterThan(0);
  });

  it('are not compared in excluded regions', async () => {
    const spoiled = { ...observed, intensity: observed.intensity.map((y, i) => (axis[i] > 40 && axis[i] < 45 ? y + 1e5 : y)), excluded: [{ from: 40, to: 45 }] };
    const [clean, same] = [
      (await run({ vary: ['zero'], stop: [{ use: 'max-steps', steps: 0 }] }, { ...observed, excluded: spoiled.excluded })).stopped,
      (await run({ vary: ['zero'], stop: [{ use: 'max-steps', steps: 0 }] }, spoiled)).stopped,
    ];
    expect(same.initial.value).to.equal(clean.initial.value);
  });

  it('are named where they do not exist', async () => {
    const fault = await rejectionOf(makePlan(normalizeConfig(config({ vary: ['cell', 'zerro'] }), host), { start: crystals.rutile, observed: { pattern: observed } }, host));
    for (const part of ['vary', 'zerro', 'zero']) expect(fault.report).to.contain(part);
    expect(faultOf(() => sortVaried(['eta0'], truth.parameters)).code).to.equal('option.invalid');
  });

  it('count one unit of x as a hundred steps', () => {
    const { parameters } = truth;
    const zero = parameters.filter(({ id }) => id === 'zero');
    const refined = refinedParameters(parameters, zero);
    expect(refined.start[0]).to.be.closeTo(0.06, 1e-15);
    expect(refined.named(Float64Array.of(0.5))).to.deep.equal({ zero: 0.5 });
    expect([...refined.clip(Float64Array.of(7))]).to.deep.equal([2]);
    expect(refined.atBound(Float64Array.of(2))).to.deep.equal(['zero']);
  });
});
