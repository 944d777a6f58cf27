import { expect } from 'chai';
import { BraggscapeError, definePlugin, determinant3, metric, optimizer, randomFromSeed, siteCount, withFields } from '@braggscape/core';
import type { Combiner, CombinerResult, GradientTransform, Metric, Objective, PatternModel, Potential, Projector, Structure } from '@braggscape/core';
import { cosine } from '@braggscape/metrics';
import { powderPatternModel } from '@braggscape/diffraction';
import { boundsPresets, boundsProjector, familyProjector, softProjector } from '@braggscape/projectors';
import { asMinimizer, chain, scale, scaleByAdam } from '@braggscape/optimizers';
import {
  LawViolation,
  checkGradient,
  checkMetric,
  checkObjective,
  brownBadlyScaled,
  checkCombiner,
  checkOptimizer,
  optimizerProblems,
  checkPatternModel,
  checkPlugin,
  checkPotential,
  checkProjector,
  crystals,
  faultOf,
  randomStructure,
  rejectionOf,
} from '@braggscape/testing';

const structures = [randomStructure(randomFromSeed(3)), crystals.rutile];
const few = { tolerance: 1e-8 };

/** The law a broken implementation is caught by. */
async function caught(check: Promise<unknown>): Promise<string> {
  try {
    await check;
  } catch (error) {
    if (error instanceof LawViolation) return error.message;
    throw error;
  }
  throw new Error('the kit let it pass');
}

describe('checkGradient', () => {
  it('passes a right gradient and returns how right it is', async () => {
    const worst = await checkGradient({ value: ([x, y]) => Math.sin(x) * y, gradient: ([x, y]) => Float64Array.of(Math.cos(x) * y, Math.sin(x)) }, Float64Array.of(0.3, 2));
    expect(worst).to.be.lessThan(1e-9);
  });

  it('catches an error of one part in 10⁵, a wrong length, a NaN and a changed argument', async () => {
    const x = Float64Array.of(0.3);
    const value = ([v]: Float64Array): number => v ** 3;
    expect(await caught(checkGradient({ value, gradient: ([v]) => Float64Array.of(3 * v * v * (1 + 1e-5)) }, x))).to.contain('component 0');
    expect(await caught(checkGradient({ value, gradient: () => new Float64Array(2) }, x))).to.contain('2 components');
    expect(await caught(checkGradient({ value, gradient: () => Float64Array.of(Number.NaN) }, x))).to.contain('not finite');
    const greedy = { value, gradient: (v: Float64Array) => Float64Array.of(3 * v[0] ** 2).map((g) => ((v[0] += 1e-9), g)) };
    expect(await caught(checkGradient(greedy, x))).to.contain('changed');
  });
});

describe('checkMetric', () => {
  const broken = (change: (metric: Metric) => Partial<Metric>): Metric => ({ ...cosine, ...change(cosine) });

  it('passes cosine', async () => {
    expect(await checkMetric(cosine)).to.be.lessThan(1e-6);
  });

  it('catches a shifted value, a wrong bound, a wrong gradient and NaN at zero', async () => {
    const mapped = (map: (value: number, d?: Float64Array) => { value: number; dCalc?: Float64Array }): Metric =>
      broken(() => ({
        against: (observed) => {
          const compare = cosine.against(observed);
          return (calc, need) => {
            const { value, dCalc } = compare(calc, need);
            return map(value, dCalc);
          };
        },
      }));
    expect(await caught(checkMetric(mapped((value, dCalc) => ({ value: value + 0.1, ...(dCalc ? { dCalc } : {}) }))))).to.contain('equal patterns');
    expect(await caught(checkMetric(broken(() => ({ bounds: [0, 0.01] }))))).to.contain('outside');
    expect(await caught(checkMetric(mapped((value, d) => ({ value, ...(d ? { dCalc: d.map((v) => 1.001 * v) } : {}) }))))).to.contain('central differences');
    expect(await caught(checkMetric(mapped((value) => ({ value: value === 1 ? Number.NaN : value }))))).to.contain('NaN');
  });
});

describe('checkProjector', () => {
  const cubic = familyProjector('cubic');

  it('catches a map that is no projection, a wrong adjoint and a violation left over', async () => {
    const half: Projector = { ...cubic, project: (s) => withFields(s, { lattice: s.lattice.map((x, i) => (x + cubic.project(s).lattice[i]) / 2) }) };
    expect(await caught(checkProjector(half, structures))).to.contain('P(P(s))');
    expect(await caught(checkProjector({ ...cubic, projectGradient: (_s, g) => g }, structures))).to.contain('projectGradient');
    expect(await caught(checkProjector({ ...cubic, violation: () => 0.1 }, structures))).to.contain('violation');
  });

  it('catches an adjoint that forgets how the orientation depends on the cell', async () => {
    const forgetful: Projector = {
      ...cubic,
      projectGradient: (s, g) => {
        const full = cubic.projectGradient(s, g);
        return { ...full, lattice: full.lattice.map((x, i) => (i === 3 ? 0 : x)) };
      },
    };
    expect(await caught(checkProjector(forgetful, structures))).to.contain('projectGradient');
    expect(await caught(checkProjector(forgetful, structures, { directions: 3 }))).to.contain('projectGradient');
  });

  it('catches a derivative that is dead on a bound, and a feasible map that is no projection', async () => {
    const [start] = structures;
    const bounds = boundsProjector(start, { ...boundsPresets.wide, lengths: [0.9, 1] });
    const stretched = withFields(start, { lattice: start.lattice.map((x) => 1.2 * x) });
    expect(await checkProjector(bounds, [stretched])).to.be.lessThan(1e-6);
    const isOn = (s: Structure): boolean => (bounds.atBound?.(s).length ?? 0) > 0;
    const dead: Projector = { ...bounds, projectGradient: (s, g) => (isOn(s) ? { ...g, lattice: new Float64Array(9) } : bounds.projectGradient(s, g)) };
    expect(await caught(checkProjector(dead, [stretched]))).to.contain('the slope inwards');
    const shrinking: Projector = { ...softProjector(cubic, 0.5), feasible: (s) => withFields(s, { lattice: s.lattice.map((x) => x / 2) }) };
    expect(await caught(checkProjector(shrinking, structures))).to.contain('feasible');
  });
});

describe('checkPatternModel', () => {
  const model = powderPatternModel({ wavelength: 1.5406, u: 0.1, v: -0.05, w: 0.2 });

  it('passes the ideal pattern', async () => {
    expect(await checkPatternModel(model, structures)).to.be.lessThan(1e-6);
  });

  it('catches a pullback with a sign or a block wrong', async () => {
    const broken = (change: (g: ReturnType<ReturnType<ReturnType<PatternModel['on']>['linearize']>['pullback']>) => typeof g): PatternModel => ({
      ...model,
      on: (axis) => {
        const calculator = model.on(axis);
        return {
          ...calculator,
          linearize: (s) => {
            const { calc, pullback } = calculator.linearize(s);
            return { calc, pullback: (d) => change(pullback(d)) };
          },
        };
      },
    });
    expect(await caught(checkPatternModel(broken((g) => ({ ...g, frac: g.frac.map((v) => -v) })), structures))).to.contain('component 9');
    expect(await caught(checkPatternModel(broken(({ lattice, frac }) => ({ lattice, frac })), structures))).to.contain('component');
  });
});

describe('checkOptimizer', () => {
  const adam = (): GradientTransform<any> => chain(scaleByAdam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }), scale(-0.02));

  it('passes Adam as a transform and as a minimizer', async () => {
    await checkOptimizer(adam);
    await checkOptimizer(() => asMinimizer(adam()));
  });

  it('holds an optimizer to its stated outcomes, and tells what each cost', async () => {
    const rows = await checkOptimizer(adam, { outcomes: { sphere: 1e-12 } });
    expect(rows.map(({ problem }) => problem)).to.include.members(['sphere', 'Rosenbrock', 'Himmelblau', 'Box', 'bowl of condition 1e6']);
    expect(rows[0].reduction).to.be.at.most(1e-12);
    expect(rows[0].evaluations).to.be.within(20, 2000);
    expect(await caught(checkOptimizer(adam, { outcomes: { Rosenbrock: 1e-12 } }))).to.contain('Rosenbrock: from');
    expect(await caught(checkOptimizer(adam, { outcomes: { Rosenbruck: 1e-12 } }))).to.contain('no problem of the table');
  });

  it('has problems whose gradients are right, whose residuals square to the value, and whose minima are zero', async () => {
    const minima: Record<string, readonly number[]> = { Rosenbrock: [1, 1], Himmelblau: [3, 2], Box: [1, 10, 1], 'Brown badly scaled': [1e6, 2e-6] };
    for (const { name, start, value, gradient, residuals } of [...optimizerProblems, brownBadlyScaled]) {
      const near = start.map((v, i) => v + 0.1 * (i + 1));
      await checkGradient({ value, gradient }, near, { name, tolerance: 1e-5 });
      expect(residuals(near).reduce((sum, r) => sum + r * r, 0) / value(near)).to.be.closeTo(1, 1e-12);
      expect(value(Float64Array.from(minima[name] ?? start.map(() => 0))), name).to.be.closeTo(0, 1e-20);
    }
  });

  it('catches ascent, memory outside the state and a changed start', async () => {
    expect(await caught(checkOptimizer(() => scale(0.001)))).to.contain('only to');
    const closure = (): GradientTransform => {
      let velocity: Float64Array | undefined;
      let calls = 0;
      return {
        kind: 'transform',
        init: () => null,
        update(g) {
          calls++;
          velocity = (velocity ?? new Float64Array(g.length)).map((v, i) => 0.9 * v - 0.002 * g[i] * (1 + 1e-3 * Math.sin(calls)));
          return [velocity, null];
        },
      };
    };
    const shared = closure();
    expect(await caught(checkOptimizer(() => shared))).to.contain('two runs');
    const greedy: GradientTransform = { kind: 'transform', init: () => null, update: (g) => [g.map((v) => (Number.isFinite(v) ? -1e300 * v : v)), null] };
    expect(await caught(checkOptimizer(() => greedy))).to.match(/only to|is .*(NaN|Infinity)/);
  });
});

describe('checkCombiner', () => {
  const sum = (change: (result: CombinerResult<null>) => CombinerResult<null> = (result) => result): Combiner<null> => ({
    id: 'sum',
    init: () => null,
    combine(parts) {
      const [a, b] = parts;
      const value = a.value + b.value;
      const weights = Float64Array.of(1, 1);
      if (a.gradient === undefined || b.gradient === undefined) return change({ value, weights, state: null });
      return change({ value, weights, state: null, gradient: a.gradient.map((v, i) => v + (b.gradient?.[i] ?? 0)) });
    },
  });

  it('passes a sum', () => {
    checkCombiner(sum(), { directions: { orthogonal: [1, 2], opposed: [-1, -2] } });
  });

  it('catches a wrong direction, weights that do not belong to it, hidden faults and memory outside the state', () => {
    expect(faultText(() => checkCombiner(sum(), { directions: { orthogonal: [1, 1] } }))).to.contain('orthogonal: the direction is (1, 2), not (1, 1)');
    expect(faultText(() => checkCombiner(sum(), { directions: { orthognal: [1, 1] } }))).to.contain('no case of the table');
    expect(faultText(() => checkCombiner(sum((result) => ({ ...result, weights: Float64Array.of(1, 2) }))))).to.contain('its weights give');
    expect(faultText(() => checkCombiner(sum((result) => ({ ...result, value: Number.isFinite(result.value) ? result.value : 0 }))))).to.contain('finite though');
    expect(faultText(() => checkCombiner(sum((result) => ({ ...result, gradient: result.gradient ?? Float64Array.of(0, 0) }))))).to.contain('has no gradient');
    let calls = 0;
    expect(faultText(() => checkCombiner(sum((result) => ({ ...result, value: result.value + calls++ }))))).to.contain('another result');
  });
});

function faultText(act: () => void): string {
  try {
    act();
  } catch (error) {
    return String(error);
  }
  return 'no fault';
}

/** A repulsion ½(10/d² − 10/36)³ between all pairs within 6 Å, smooth at that distance, with the forces and stress it claims. */
function pairPotential(claim: { forces?: number; stress?: number } = {}): Potential {
  return {
    id: 'pair',
    provides: new Set(['forces', 'stress']),
    compute(s) {
      const n = siteCount(s);
      const forces = new Float64Array(3 * n);
      const virial = new Float64Array(9);
      let energy = 0;
      const shift = [-3, -2, -1, 0, 1, 2, 3];
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++)
          for (const a of shift)
            for (const b of shift)
              for (const c of shift) {
                if (i === j && a === 0 && b === 0 && c === 0) continue;
                const f = [a, b, c].map((m, x) => s.frac[3 * j + x] + m - s.frac[3 * i + x]);
                const r = [0, 1, 2].map((x) => f[0] * s.lattice[x] + f[1] * s.lattice[3 + x] + f[2] * s.lattice[6 + x]);
                const d2 = r[0] ** 2 + r[1] ** 2 + r[2] ** 2;
                if (d2 >= 36) continue;
                const g = 10 * (1 / d2 - 1 / 36);
                energy += g ** 3 / 2;
                const slope = (-60 * g * g) / (d2 * d2) / 2;
                for (let x = 0; x < 3; x++) {
                  forces[3 * i + x] += 2 * slope * r[x];
                  for (let y = 0; y < 3; y++) virial[3 * x + y] += slope * r[x] * r[y];
                }
              }
      const volume = determinant3(s.lattice);
      return Promise.resolve({
        energy,
        forces: forces.map((v) => v * (claim.forces ?? 1)),
        stress: virial.map((v) => (v / volume) * (claim.stress ?? 1)),
      });
    },
  };
}

describe('checkPotential', () => {
  const cells = [randomStructure(randomFromSeed(2), { sites: 2, disordered: false })];

  it('passes a consistent pair potential', async () => {
    expect(await checkPotential(pairPotential(), cells, { tolerance: 1e-5 })).to.be.lessThan(1e-5);
  });

  it('catches forces or stress of the wrong sign or size, and an energy that is not extensive', async () => {
    expect(await caught(checkPotential(pairPotential({ forces: -1 }), cells))).to.contain('component');
    expect(await caught(checkPotential(pairPotential({ stress: -1 }), cells))).to.contain('component');
    expect(await caught(checkPotential(pairPotential({ stress: 1.01 }), cells))).to.contain('component');
    const perAtom: Potential = { ...pairPotential(), compute: async (s) => ({ energy: (await pairPotential().compute(s)).energy / siteCount(s) + 1 }), provides: new Set() };
    expect(await caught(checkPotential(perAtom, cells))).to.contain('doubled');
  });
});

describe('checkObjective', () => {
  const volume: Objective = {
    id: 'volume',
    unit: 'Å³',
    provides: new Set(['value', 'gradient']),
    evaluate(s) {
      const l = s.lattice;
      const minors = Float64Array.of(
        l[4] * l[8] - l[5] * l[7], l[5] * l[6] - l[3] * l[8], l[3] * l[7] - l[4] * l[6],
        l[2] * l[7] - l[1] * l[8], l[0] * l[8] - l[2] * l[6], l[1] * l[6] - l[0] * l[7],
        l[1] * l[5] - l[2] * l[4], l[2] * l[3] - l[0] * l[5], l[0] * l[4] - l[1] * l[3],
      );
      return Promise.resolve({ value: determinant3(l), gradient: { lattice: minors, frac: new Float64Array(s.frac.length) } });
    },
  };

  it('passes the cell volume and catches a transposed gradient', async () => {
    expect(await checkObjective(volume, structures, few)).to.be.lessThan(1e-8);
    const transposed: Objective = {
      ...volume,
      async evaluate(s, need) {
        const { value, gradient } = await volume.evaluate(s, need);
        const l = gradient?.lattice ?? new Float64Array(9);
        return { value, gradient: { lattice: Float64Array.of(l[0], l[3], l[6], l[1], l[4], l[7], l[2], l[5], l[8]), frac: new Float64Array(s.frac.length) } };
      },
    };
    expect(await caught(checkObjective(transposed, [structures[0]]))).to.contain('component');
  });

  it('catches a value that changes between calls', async () => {
    let calls = 0;
    expect(await caught(checkObjective({ ...volume, evaluate: async (s, need) => ({ ...(await volume.evaluate(s, need)), value: calls++ }) }, structures))).to.contain('values');
  });
});

describe('faultOf', () => {
  it('gives the typed error of a call, and objects to calls that end well or throw something else', async () => {
    const error = new BraggscapeError('option.invalid', 'no');
    const fail = (what: Error) => (): never => {
      throw what;
    };
    expect(faultOf(fail(error))).to.equal(error);
    expect(await rejectionOf(Promise.reject(error))).to.equal(error);
    expect(() => faultOf(() => 1)).to.throw(LawViolation);
    expect(() => faultOf(fail(new TypeError('other')))).to.throw(TypeError);
    expect(await caught(rejectionOf(Promise.resolve(1)))).to.contain('fulfilled');
  });
});

describe('checkPlugin', () => {
  it('checks every entry of a plugin and names what it checked', async () => {
    const plugin = definePlugin({
      meta: { name: 'outsider', version: '1.0.0', namespace: 'out', api: '^0.1.0' },
      metrics: { same: metric({ summary: 'Cosine again.', schema: {}, create: () => cosine }) },
      optimizers: { plain: optimizer({ summary: 'Gradient descent.', schema: {}, create: () => scale(-0.005) }) },
    });
    expect(await checkPlugin(plugin)).to.deep.equal(['out/same', 'out/plain']);
  });

  it('catches a broken entry through the door', async () => {
    const plugin = definePlugin({
      meta: { name: 'outsider', version: '1.0.0', namespace: 'out', api: '^0.1.0' },
      optimizers: { up: optimizer({ summary: 'Ascent.', schema: {}, create: () => scale(0.005) }) },
    });
    expect(await caught(checkPlugin(plugin))).to.contain('only to');
  });
});
