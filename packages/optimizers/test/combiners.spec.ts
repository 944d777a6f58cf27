import { expect } from 'chai';
import fc from 'fast-check';
import type { Combiner, VectorEvaluation } from '@braggscape/core';
import { createPluginHost, dot, randomFromSeed } from '@braggscape/core';
import { conflictAngle, dualCone, epsilonConstraint, gradientBalance, minimumNorm, optimizersPlugin, projectConflicts, weightedSum } from '@braggscape/optimizers';
import { checkCombiner, combinerCases, crystals, faultOf } from '@braggscape/testing';

const inputs = (...weights: number[]) => weights.map((weight, i) => ({ id: 'abcdef'[i], unit: '1', weight }));
const part = (value: number, ...gradient: number[]): VectorEvaluation => ({ value, gradient: Float64Array.from(gradient) });

function directionOf<State>(combiner: Combiner<State>, weights: readonly number[], ...parts: VectorEvaluation[]): number[] {
  return [...(combiner.combine(parts, combiner.init(inputs(...weights))).gradient ?? [])];
}

function expectClose(found: readonly number[], wanted: readonly number[], tolerance = 1e-12): void {
  expect(found).to.have.length(wanted.length);
  found.forEach((value, i) => expect(value).to.be.closeTo(wanted[i], tolerance));
}

/** Combiners that change directions where gradients conflict. */
const conflictFree = { pcgrad: projectConflicts, mgda: minimumNorm, upgrad: dualCone };

describe('combiners of gradients', () => {
  it('agree with the weighted sum where gradients are at right angles or aligned', () => {
    expectClose(directionOf(projectConflicts, [2, 1], part(1, 1, 0), part(1, 0, 3)), [2, 3]);
    expectClose(directionOf(dualCone, [2, 1], part(1, 1, 0), part(1, 0, 3)), [2, 3]);
    for (const combiner of Object.values(conflictFree)) expectClose(directionOf(combiner, [1, 1], part(1, 1, 2), part(3, 1, 2)), [2, 4], 1e-9);
  });

  it('resolve a conflict as published', () => {
    // g₁ = (1, 0), g₂ = (−1, 1): their product is −1.
    const parts = [part(0, 1, 0), part(0, -1, 1)];
    // PCGrad: g₁ + g₂/2 = (½, ½) and g₂ + g₁ = (0, 1).
    expectClose(directionOf(projectConflicts, [1, 1], ...parts), [0.5, 1.5]);
    // UPGrad: the same for two objectives.
    expectClose(directionOf(dualCone, [1, 1], ...parts), [0.5, 1.5], 1e-9);
    // MGDA: the foot of the perpendicular from the origin onto the segment between them, (0.2, 0.4), times two.
    expectClose(directionOf(minimumNorm, [1, 1], ...parts), [0.4, 0.8], 1e-9);
  });

  it('give nothing where gradients oppose each other or vanish, MGDA and UPGrad, and no NaN ever', () => {
    for (const combiner of [minimumNorm, dualCone]) expectClose(directionOf(combiner, [1, 1], part(0, 1, 2), part(0, -2, -4)), [0, 0], 1e-9);
    for (const combiner of Object.values(conflictFree)) {
      expectClose(directionOf(combiner, [1, 1], part(0, 0, 0), part(0, 0, 0)), [0, 0]);
      expect(directionOf(combiner, [1, 1], part(0, 0, 0), part(0, 1, 1)).every(Number.isFinite)).to.equal(true);
    }
    // The shortest vector between zero and anything is zero: the point is stationary for one objective.
    expectClose(directionOf(minimumNorm, [1, 1], part(0, 0, 0), part(0, 1, 1)), [0, 0]);
  });

  it('MGDA and UPGrad never go against an objective, PCGrad not for two', () => {
    const vector = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(vector, { minLength: 2, maxLength: 4 }), (gradients) => {
        const parts = gradients.map((gradient) => part(1, ...gradient));
        for (const [name, combiner] of Object.entries(conflictFree)) {
          if (name === 'pcgrad' && parts.length > 2) continue;
          const direction = Float64Array.from(directionOf(combiner, gradients.map(() => 1), ...parts));
          const size = Math.sqrt(dot(direction, direction));
          for (const { gradient = new Float64Array(0) } of parts) {
            expect(dot(direction, gradient), `${name}: ${JSON.stringify(gradients)}`).to.be.greaterThan(-1e-5 * (1 + size * Math.sqrt(dot(gradient, gradient))));
          }
        }
      }),
    );
  });

  it('have the weighted sum as their value, and no gradient where a part has none', () => {
    for (const combiner of [...Object.values(conflictFree), weightedSum]) {
      const state = combiner.init(inputs(2, 3));
      expect(combiner.combine([part(5, 1), part(7, 1)], state).value).to.equal(31);
      expect(combiner.combine([part(5, 1), { value: 7 }], state).gradient).to.equal(undefined);
    }
  });
});

describe('adaptive weights', () => {
  it('let objectives of any unit move the point as much as asked', () => {
    const balance = gradientBalance({ decay: 0 });
    const { gradient, weights, state } = balance.combine([part(1, 1000, 0), part(1, 0, 0.001)], balance.init(inputs(2, 1)));
    expect((gradient?.[0] ?? 0) / (gradient?.[1] ?? 1)).to.be.closeTo(2, 1e-12);
    expect(weights[1] / weights[0]).to.be.closeTo(5e5, 1e-6);
    // The memory of norms is plain data that goes on.
    const later = gradientBalance({ decay: 0.5 }).combine([part(1, 3000, 0), part(1, 0, 0.001)], structuredClone(state));
    expect(later.state.norms[0]).to.equal(2000);
  });

  it('leave an objective without a gradient as asked', () => {
    const balance = gradientBalance({ decay: 0.9 });
    expect([...balance.combine([part(1, 0, 0), part(1, 0, 0)], balance.init(inputs(2, 1))).weights]).to.deep.equal([2, 1]);
  });
});

describe('the ε-constraint', () => {
  const combiner = epsilonConstraint({ bounds: { b: 0.5 }, penalty: 10 });

  it('costs nothing below the bound and a square above, with the gradient of that', () => {
    const state = combiner.init(inputs(1, 2));
    const below = combiner.combine([part(3, 1, 0), part(0.4, 0, 1)], state);
    expect([below.value, ...(below.gradient ?? [])]).to.deep.equal([3, 1, 0]);
    const value = (b: number): number => combiner.combine([part(3), part(b)], state).value;
    const above = combiner.combine([part(3, 1, 0), part(0.8, 0, 1)], state);
    expect(above.value).to.be.closeTo(3 + 10 * (2 * 0.3) ** 2, 1e-12);
    expect(above.gradient?.[1]).to.be.closeTo((value(0.8 + 1e-6) - value(0.8 - 1e-6)) / 2e-6, 1e-6);
  });

  it('refuses bounds that make no sense, with the nearest name', () => {
    expect(faultOf(() => epsilonConstraint({ bounds: { c: 1 }, penalty: 1 }).init(inputs(1, 1))).message).to.contain('"c"');
    expect(faultOf(() => epsilonConstraint({ bounds: { a: 1, b: 1 }, penalty: 1 }).init(inputs(1, 1))).message).to.contain('every objective');
  });
});

type Direction = readonly [number, number];
const mean = (1 + Math.SQRT2) / 2;

/**
 * Known directions in the order of the cases: orthogonal (1, 0) and (0, 2), aligned (1, 2) and (2, 4), conflicting (1, 0) and (−1, 1), opposed (1, 2) and (−2, −4), both zero, zero and (1, 1).
 */
const directions: Readonly<Record<string, readonly Direction[]>> = {
  'weighted-sum': [[1, 2], [3, 6], [0, 1], [-1, -2], [0, 0], [1, 1]],
  // Both as long as the mean of both; one without a gradient leaves the other as it is.
  'gradient-balance': [[1.5, 1.5], [3, 6], [mean - mean / Math.SQRT2, mean / Math.SQRT2], [0, 0], [0, 0], [1, 1]],
  // With the second objective at 2, bounded by 1.5, and a penalty of ½: its weight is 2·½·½.
  'epsilon-constraint': [[1, 1], [2, 4], [0.5, 0.5], [0, 0], [0, 0], [0.5, 0.5]],
  // What opposes the other is taken off: nothing, nothing, g₁ + g₂/2 and g₂ + g₁, everything.
  pcgrad: [[1, 2], [3, 6], [0.5, 1.5], [0, 0], [0, 0], [1, 1]],
  // Twice the point nearest to the origin on the segment between the gradients: at 4/5 and 1/5, at its shorter end, at 3/5 and 2/5, at the origin.
  mgda: [[1.6, 0.8], [2, 4], [0.4, 0.8], [0, 0], [0, 0], [0, 0]],
  // For two objectives the projections onto the dual cone are those of PCGrad.
  upgrad: [[1, 2], [3, 6], [0.5, 1.5], [0, 0], [0, 0], [1, 1]],
};

describe('the table of combiners', () => {
  const registry = createPluginHost([optimizersPlugin]).registry('combiners');

  it('has every registered combiner', () => {
    expect(Object.keys(directions)).to.have.members(registry.list().map(({ id }) => id));
  });

  for (const [id, wanted] of Object.entries(directions)) {
    it(`${id} gives the known directions and keeps the laws`, async () => {
      const entry = registry.get(id);
      const options = id === 'epsilon-constraint' ? { bounds: { second: 1.5 }, penalty: 0.5 } : {};
      const made = await entry.create(entry.normalize(options, id), { start: crystals.rutile, random: randomFromSeed(1) });
      checkCombiner(made, { directions: Object.fromEntries(combinerCases.map(({ name }, i) => [name, wanted[i]])) });
    });
  }

  it('UPGrad of three objectives adds the projections onto the cone that none opposes, as alternating projections give them', () => {
    const gradients = [[1, 0, 0], [-1, 1, 0.5], [-0.5, -1, 1]];
    const direction = directionOf(dualCone, [1, 1, 1], ...gradients.map((g) => part(1, ...g)));
    for (const g of gradients) expect(g.reduce((sum, v, k) => sum + v * direction[k], 0)).to.be.at.least(-1e-9);
    const separate = gradients.map((g) => nearestInCone(g, gradients));
    expectClose(direction, [0, 1, 2].map((k) => separate.reduce((sum, v) => sum + v[k], 0)), 1e-6);
  });
});

/** Projection onto {d: gₖ·d ≥ 0} by Dykstra's alternating projections onto the half-spaces (J. P. Boyle & R. L. Dykstra 1986). */
function nearestInCone(point: readonly number[], gradients: readonly (readonly number[])[]): number[] {
  let x = [...point];
  const corrections = gradients.map(() => point.map(() => 0));
  for (let sweep = 0; sweep < 20000; sweep++) {
    gradients.forEach((g, k) => {
      const y = x.map((v, i) => v + corrections[k][i]);
      const along = y.reduce((sum, v, i) => sum + v * g[i], 0);
      const power = g.reduce((sum, v) => sum + v * v, 0);
      x = along < 0 ? y.map((v, i) => v - (along * g[i]) / power) : y;
      corrections[k] = y.map((v, i) => v - x[i]);
    });
  }
  return x;
}

describe('the conflict angle', () => {
  it('is the largest between two gradients, whatever their sizes', () => {
    expect(conflictAngle([part(1, 1, 0), part(1, 0, 5)])).to.be.closeTo(90, 1e-12);
    expect(conflictAngle([part(1, 1, 0), part(1, 1e-9, 1e-9), part(1, -1e6, 1e6)])).to.be.closeTo(135, 1e-6);
    expect(conflictAngle([part(1, 1, 2, 3), part(1, -2, -4, -6)])).to.be.closeTo(180, 1e-6);
    expect(conflictAngle([part(1, 1, 2, 3), part(1, 0.1, 0.2, 0.3)])).to.be.closeTo(0, 1e-5);
  });

  it('is none where there are not two directions', () => {
    for (const parts of [[part(1, 1, 0)], [part(1, 1, 0), part(1, 0, 0)], [part(1, 1, 0), { value: 1 }], [part(1, 1, 0), part(1, Number.NaN, 0)]]) expect(conflictAngle(parts)).to.equal(undefined);
  });
});
