import { expect } from 'chai';
import fc from 'fast-check';
import type { Combiner, VectorEvaluation } from '@braggscape/core';
import { dot } from '@braggscape/core';
import { dualCone, epsilonConstraint, gradientBalance, minimumNorm, projectConflicts, weightedSum } from '@braggscape/optimizers';
import { faultOf } from '@braggscape/testing';

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
