import { expect } from 'chai';
import { dot } from '@braggscape/core';
import type { VectorProblem } from '@braggscape/core';
import { lbfgs, searchLine } from '@braggscape/optimizers';

/** A function of one number, with the points it was asked for. */
function line(value: (a: number) => number, slope: (a: number) => number, project = (x: Float64Array): Float64Array => x): VectorProblem & { readonly asked: number[] } {
  const asked: number[] = [];
  return {
    size: 1,
    asked,
    project,
    evaluate: ([a]) => {
      asked.push(a);
      return Promise.resolve({ value: value(a), gradient: Float64Array.of(slope(a)) });
    },
  };
}

const exact = { sufficientDecrease: 1e-4, noise: 0, rounding: 0 };

async function search(on: VectorProblem, first: number, longest: number, slopeLeft: number, more = {}) {
  const x = Float64Array.of(0);
  return searchLine(on, { x, evaluation: await on.evaluate(x, 'gradient') }, Float64Array.of(1), first, longest, { ...exact, slopeLeft, ...more });
}

describe('the line search', () => {
  // J. J. Moré & D. J. Thuente, ACM Trans. Math. Softw. 20 (1994) 286: their first function, concave near its start, with the minimum at √2 for β = 2; and their second, with the minimum at 1.6.
  const functions = [
    line((a) => -a / (a * a + 2), (a) => (a * a - 2) / (a * a + 2) ** 2),
    line((a) => (a + 0.004) ** 5 - 2 * (a + 0.004) ** 4, (a) => 5 * (a + 0.004) ** 4 - 8 * (a + 0.004) ** 3),
  ];
  const minima = [Math.SQRT2, 1.6 - 0.004];
  for (const [i, on] of functions.entries()) {
    for (const first of [1e-3, 1e-1, 10, 1000]) {
      it(`ends at a strong Wolfe point of function ${i + 1} from ${first}`, async () => {
        const { found } = await search(on, first, Infinity, 0.1);
        const a = found?.x[0] ?? Number.NaN;
        const [before, after] = [await on.evaluate(Float64Array.of(0), 'gradient'), await on.evaluate(Float64Array.of(a), 'gradient')];
        const [slope, left] = [before, after].map(({ gradient }) => gradient?.[0] ?? Number.NaN);
        expect(after.value).to.be.at.most(before.value + 1e-4 * a * slope);
        expect(Math.abs(left)).to.be.at.most(0.1 * Math.abs(slope));
        // So little slope is left only near the minimum, or far out where the first function is flat.
        if (i === 1) expect(a).to.be.closeTo(minima[i], 0.3);
      });
    }
  }

  it('takes the first trial where it is good enough, for one evaluation', async () => {
    const on = line((a) => (a - 1) ** 2, (a) => 2 * (a - 1));
    const { found } = await search(on, 0.9, Infinity, 0.9);
    expect(found?.factor).to.equal(0.9);
    expect(on.asked).to.deep.equal([0, 0.9]);
  });

  it('stays this side of a wall of NaN and counts what it rejected', async () => {
    const on = line((a) => (a < 0.3 ? (a - 1) ** 2 : Number.NaN), (a) => 2 * (a - 1));
    const { found, rejected } = await search(on, 1, Infinity, 0.9);
    expect(found?.factor).to.equal(0.25);
    expect(rejected).to.equal(1);
    // From a first trial far too short it comes near the wall, however flat the slope has to be, and gives the best it has.
    const near = await search(on, 0.01, Infinity, 1e-3);
    expect(near.found?.factor).to.be.within(0.2, 0.3);
  });

  it('goes no further than the longest step, where the slope may be what it is', async () => {
    const { found } = await search(line((a) => -a, () => -1), 1, 3, 0.9);
    expect(found?.factor).to.equal(3);
  });

  it('gives nothing where a gradient lies, and soon where a bound holds the point', async () => {
    expect((await search(line((a) => a, () => -1), 1, 1, 0.9)).found).to.equal(undefined);
    const held = line((a) => -a, () => -1, () => Float64Array.of(0));
    expect((await search(held, 1, 1, 0.9)).found).to.equal(undefined);
    expect(held.asked).to.deep.equal([0]);
  });

  it('follows the slopes where the value is lost in its rounding', async () => {
    // Nothing is left of 1e-13·(a − 1)² beside 10⁴ but rounding, here upwards; the slope is exact.
    const on = line((a) => (a === 0 ? 1e4 : 1e4 + 2e-12), (a) => 2e-13 * (a - 1));
    expect((await search(on, 1.9, Infinity, 0.5, { rounding: 1e-11 })).found?.factor).to.be.closeTo(1, 0.5);
    expect((await search(on, 1.9, Infinity, 0.5)).found).to.equal(undefined);
  });
});

describe('L-BFGS near rounding', () => {
  it('goes on until the gradient itself is rounding, though the value has no digits left', async () => {
    // 1 − cos of a small angle by subtraction: digits of the value end at 1e-16, those of the gradient do not.
    const stiff = Float64Array.of(1, 30, 1000);
    const on: VectorProblem = {
      size: 3,
      project: (x) => x,
      evaluate: (x) => {
        const scaled = x.map((v, i) => v * stiff[i]);
        const size = Math.sqrt(dot(scaled, x));
        return Promise.resolve({ value: 1 - Math.cos(size), gradient: scaled.map((v) => (size === 0 ? 0 : (v * Math.sin(size)) / size)) });
      },
    };
    const minimizer = lbfgs({ memory: 10, maxStep: 1, firstStep: 1e-3, slopeLeft: 1, noise: 1e-9, rounding: 1e-15 });
    let current = await minimizer.init(on, Float64Array.of(0.3, 0.05, 0.02));
    for (let step = 0; step < 60 && current.failed === undefined; step++) current = await minimizer.step(on, current);
    for (const component of current.x) expect(Math.abs(component)).to.be.below(1e-11);
  });
});
