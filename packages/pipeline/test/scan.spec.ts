import { expect } from 'chai';
import { structureToJson } from '@braggscape/core';
import type { Objective, Structure } from '@braggscape/core';
import { cellFromLattice } from '@braggscape/crystal';
import { gridAxis } from '@braggscape/landscape';
import { asMinimizer, lbfgs } from '@braggscape/optimizers';
import { analyseSurfaces, checkDescentStart, combinedSurface, computedSurfaces, createObjective, createScanEvaluator, energyObjective, makeLandscape, makeSlice, scanAxis, scanPaths, scanPattern, softModes, structureCurvature } from '@braggscape/pipeline';
import type { LandscapeProvenance, ScanSetup, Slice } from '@braggscape/pipeline';
import { familyProjector, noProjector, spaceGroupProjector } from '@braggscape/projectors';
import { choice, context, host, rutile, u2ti } from './scanStructures.js';

const twoTheta = { start: 20, stop: 80, count: 1201 };
const instrument = choice('patternModels', 'ideal', { wavelength: 1.5406, w: 0.1 });
const lennardJones = choice('potentials', 'lennard-jones', { epsilon: 0.2, sigma: 2.6 });

function setupOf(structure: Structure, texts: readonly [string, number, number, number][], surfaces: ScanSetup['surfaces']): ScanSetup {
  const axes = texts.map(([text, from, to, count]) => {
    const axis = scanAxis(text, structure, { seed: 0 });
    return { ...axis, direction: [...axis.direction], values: [...gridAxis(text, axis.unit, from, to, count).values] };
  });
  const json = structureToJson(structure);
  return { structure: json, axes, surfaces, instrument, target: { structure: json, twoTheta } };
}

const cosine = { id: 'cosine', choice: choice('metrics', 'cosine'), broadening: 0 };
const broad = { id: 'cosine@4', choice: choice('metrics', 'cosine'), broadening: 4 };
const entropy = { id: 'entropy', choice: choice('metrics', 'entropy'), broadening: 0 };
const energy = { id: 'lennard-jones', choice: lennardJones, broadening: 0 };

const provenance: LandscapeProvenance = { config: { instrument, objectives: [cosine, energy], seed: 0 }, versions: { braggscape: '0' } };

describe('scans', () => {
  it('give what each objective gives by itself, all on one grid', async () => {
    const setup = setupOf(u2ti, [['a', 4.5, 5.2, 5], ['gamma', 117, 123, 3]], [cosine, entropy, broad, energy]);
    const evaluator = await createScanEvaluator(setup, host);
    const values = await evaluator.evaluate(0, 15);
    expect(evaluator.units).to.deep.equal(['1', '1', '1', 'eV/atom']);
    const sharp = await scanPattern(setup, 0, host, context);
    const wide = await scanPattern(setup, 4, host, context);
    const slice = makeSlice(u2ti, [scanAxis('a', u2ti, { seed: 0 }), scanAxis('gamma', u2ti, { seed: 0 })]);
    const point = 7;
    const structure = slice.structureAt([setup.axes[0].values[point % 5], setup.axes[1].values[Math.floor(point / 5)]]);
    for (const [s, { model, observed }] of [[0, sharp], [1, sharp], [2, wide]] as const) {
      const objective = await createObjective(setup.surfaces[s].choice, host, model, observed, context);
      expect(values[s][point]).to.be.closeTo((await objective.evaluate(structure, 'value')).value, 1e-14);
    }
    const potential = await host.registry('potentials').get('lennard-jones').create(lennardJones, context);
    expect(values[3][point]).to.be.closeTo((await energyObjective(potential).evaluate(structure, 'value')).value, 1e-12);
    // The truth is on the grid only nearly; nothing is below it.
    expect(Math.min(...values[0])).to.be.above(0);
    evaluator.dispose();
  });

  it('do not depend on the stretches they are computed in', async () => {
    const setup = setupOf(u2ti, [['a', 4.5, 5.2, 9]], [cosine, energy]);
    const whole = await (await createScanEvaluator(setup, host)).evaluate(0, 9);
    const evaluator = await createScanEvaluator(setup, host);
    const later = await evaluator.evaluate(6, 9);
    const earlier = await evaluator.evaluate(0, 6);
    for (const s of [0, 1]) expect([...earlier[s], ...later[s]]).to.deep.equal([...whole[s]]);
  });

  it('have no value where there is no cell', async () => {
    const setup = setupOf(u2ti, [['alpha', 20, 100, 5]], [cosine, energy]);
    const [values, energies] = await (await createScanEvaluator(setup, host)).evaluate(0, 5);
    expect([...values].map(Number.isFinite)).to.deep.equal([false, true, true, true, true]);
    expect(energies[0]).to.be.NaN;
  });

  it('need a target for metrics', async () => {
    const { target: _target, ...without } = setupOf(u2ti, [['a', 4.5, 5.2, 3]], [cosine]);
    const thrown = await createScanEvaluator(without, host).catch((error: unknown) => error);
    expect(thrown).to.have.property('code', 'option.invalid');
  });

  it('refuse a structure that a potential cannot take, instead of a slice without values', async () => {
    const overlapping = { ...u2ti, frac: new Float64Array(9) };
    const thrown = await createScanEvaluator(setupOf(overlapping, [['a', 4.5, 5.2, 3]], [energy]), host).catch((error: unknown) => error);
    expect(thrown).to.have.property('code', 'structure.invalid');
  });

  it('say the barrier on the straight way from another structure', async () => {
    const far = { ...u2ti, lattice: u2ti.lattice.map((value) => 1.1 * value) };
    const axis = scanAxis('to:far', u2ti, { seed: 0, structureOf: () => far });
    const setup: ScanSetup = { ...setupOf(u2ti, [], [cosine]), axes: [{ ...axis, direction: [...axis.direction], values: [...gridAxis('to:far', '1', -0.5, 1.5, 81).values] }] };
    const evaluator = await createScanEvaluator(setup, host);
    const surfaces = computedSurfaces(setup, evaluator.units, await evaluator.evaluate(0, 81));
    const { barriers } = makeLandscape(setup, surfaces, analyseSurfaces(setup, surfaces), { curvature: {}, paths: [], ...provenance });
    // Points 20 to 60 lie between the two; 60 is the other structure.
    const way = [...surfaces[0].values.slice(20, 61)].reverse();
    expect(barriers.cosine.aboveStart).to.be.closeTo(Math.max(...way) - way[0], 1e-12);
    expect(barriers.cosine.climb).to.be.above(0.05);
  });

  it('are kept as a landscape with minima, roughness and sums', async () => {
    const setup = setupOf(u2ti, [['a', 4.428, 5.228, 81]], [cosine, energy]);
    const evaluator = await createScanEvaluator(setup, host);
    const computed = computedSurfaces(setup, evaluator.units, await evaluator.evaluate(0, 81));
    const sum = combinedSurface('combined', computed.map((surface, i) => ({ surface, weight: i + 1 })));
    expect(sum.values[3]).to.be.closeTo(computed[0].values[3] + 2 * computed[1].values[3], 1e-12);
    const surfaces = [...computed, sum];
    const landscape = makeLandscape(setup, surfaces, analyseSurfaces(setup, surfaces), { curvature: {}, paths: [], ...provenance });
    expect(Object.keys(landscape.minima)).to.deep.equal(['cosine', 'lennard-jones', 'combined']);
    const [lowest] = landscape.minima.cosine;
    expect(lowest.at[0]).to.be.closeTo(4.828, 1e-9);
    expect(lowest.holdsTruth).to.equal(true);
    expect(lowest.value).to.be.closeTo(0, 1e-12);
    expect(landscape.roughness.cosine.localMinima).to.be.above(1);
    expect(landscape).to.deep.include(provenance);
    expect(JSON.parse(JSON.stringify(landscape))).to.deep.equal(landscape);
  });
});

describe('curvature of a pattern', () => {
  /** The paper's loss with all that moves free. */
  async function cosineAt(structure: Structure): Promise<Objective> {
    const setup = setupOf(structure, [], [cosine]);
    const { model, observed } = await scanPattern(setup, 0, host, context);
    return createObjective(cosine.choice, host, model, observed, context);
  }

  it('beside a symmetric structure is none except along what symmetry leaves free', async () => {
    // U2Ti: a and c. Rutile: a, c and the coordinate of oxygen.
    const hexagonal = await structureCurvature(u2ti, await cosineAt(u2ti));
    expect(hexagonal.eigenvalues.length - hexagonal.flat).to.equal(2);
    expect(hexagonal.negativeFraction).to.equal(0);
    const tetragonal = await structureCurvature(rutile, await cosineAt(rutile));
    expect(tetragonal.eigenvalues.length - tetragonal.flat).to.equal(3);
    expect(softModes(tetragonal)).to.have.length(3);
  });
});

describe('descents on a slice', () => {
  const axes = [scanAxis('a=b', u2ti, { seed: 0 }), scanAxis('c', u2ti, { seed: 0 })];
  const minimizer = asMinimizer(lbfgs({ memory: 10, maxStep: 0.05, firstStep: 0.01, slopeLeft: 1, rounding: 1e-15, noise: 1e-9 }));
  const quadratic: Objective = {
    id: 'quadratic',
    unit: '1',
    provides: new Set(['value', 'gradient']),
    evaluate: async ({ lattice, frac }) => {
      const value = lattice.reduce((sum, x, i) => sum + (x - u2ti.lattice[i]) ** 2, 0);
      return { value, gradient: { lattice: lattice.map((x, i) => 2 * (x - u2ti.lattice[i])), frac: new Float64Array(frac.length) } };
    },
  };
  const common = { objectives: [{ objective: quadratic, weight: 1 }], minimizer, vary: ['cell'] as const, steps: 100 };

  it('take three ways where there is a constraint, and end at the minimum', async () => {
    const slice = makeSlice(u2ti, [scanAxis('a', u2ti, { seed: 0 }), scanAxis('c', u2ti, { seed: 0 })]);
    const paths = await scanPaths(slice, [5.1, 2.7], { ...common, projector: familyProjector('hexagonal'), space: 'full' });
    expect(paths.map(({ setting }) => setting)).to.deep.equal(['unconstrained', 'unconstrained from projected start', 'projected']);
    expect(paths[0].points[0][0]).to.be.closeTo(5.1, 1e-9);
    expect(paths[1].points[0][0]).to.be.closeTo((5.1 + 4.828) / 2, 1e-9);
    for (const { points, end, values } of paths) {
      expect(end).to.equal('converged');
      expect(points).to.have.length(values.length);
      expect(points[points.length - 1][0]).to.be.closeTo(4.828, 1e-4);
      expect(points[points.length - 1][1]).to.be.closeTo(2.847, 1e-4);
    }
    const cell = cellFromLattice(Float64Array.from(paths[2].final.lattice.flat()));
    expect(cell[0]).to.be.closeTo(cell[1], 1e-12);
    expect(await scanPaths(slice, [5.1, 2.7], { ...common, projector: noProjector, space: 'full' })).to.have.length(1);
  });

  it('may be held in the slice, unless the constraint leads out of it', async () => {
    const held = await scanPaths(makeSlice(u2ti, axes), [5.1, 2.7], { ...common, projector: familyProjector('hexagonal'), space: 'slice' });
    for (const { points, end } of held) {
      expect(end).to.equal('converged');
      expect(points[points.length - 1][0]).to.be.closeTo(4.828, 1e-4);
    }
    const thrown = await scanPaths(makeSlice(u2ti, [scanAxis('a', u2ti, { seed: 0 }), axes[1]]), [5.1, 2.7], { ...common, projector: familyProjector('hexagonal'), space: 'slice' }).catch((error: unknown) => error);
    expect(thrown).to.have.property('code', 'option.invalid');
    expect((thrown as Error).message).to.match(/leads out of the slice/);
  });

  it('notice that a constraint moves sites out of the slice', async () => {
    const held = { ...common, projector: spaceGroupProjector(rutile), space: 'slice' as const };
    const sliceAlong = (text: string): Slice => makeSlice(rutile, [scanAxis(text, rutile, { seed: 0 })]);
    const thrown = await scanPaths(sliceAlong('O1.x'), [0.35], held).catch((error: unknown) => error);
    expect(thrown).to.have.property('code', 'option.invalid');
    expect((thrown as Error).message).to.match(/leads out of the slice/);
    const paths = await scanPaths(sliceAlong('wyckoff:O1.x'), [0.35], held);
    expect(paths).to.have.length.above(0);
    for (const { points } of paths) expect(points[0][0]).to.be.closeTo(0.35, 1e-6);
  });

  it('are refused before anything is computed where they cannot start', () => {
    const alpha = makeSlice(u2ti, [scanAxis('alpha', u2ti, { seed: 0 })]);
    expect(() => checkDescentStart(alpha, [20], noProjector, 'full')).to.throw(/no structure at the start 20/).with.property('code', 'option.invalid');
    const a = makeSlice(u2ti, [scanAxis('a', u2ti, { seed: 0 })]);
    expect(() => checkDescentStart(a, [5], familyProjector('hexagonal'), 'slice')).to.throw(/leads out of the slice/);
    expect(() => checkDescentStart(a, [5], familyProjector('hexagonal'), 'full')).not.to.throw();
  });

  it('end with the reason of a signal, and tell their steps', async () => {
    const stop = new AbortController();
    const steps: number[] = [];
    const onStep = (step: number): void => {
      steps.push(step);
      if (step === 2) stop.abort();
    };
    const thrown = await scanPaths(makeSlice(u2ti, axes), [5.1, 2.7], { ...common, projector: noProjector, space: 'full', signal: stop.signal, onStep }).catch((error: unknown) => error);
    expect(thrown).to.equal(stop.signal.reason);
    expect(steps).to.deep.equal([1, 2]);
  });
});
