import { expect } from 'chai';
import type { VectorProblem } from '@braggscape/core';
import { gaussNewton, levenbergMarquardt } from '@braggscape/optimizers';
import { rejectionOf } from '@braggscape/testing';

interface Regression {
  readonly name: string;
  readonly model: (b: Float64Array, x: number) => number;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly starts: readonly (readonly number[])[];
  readonly certified: readonly number[];
  readonly sumOfSquares: number;
}

// Statistical Reference Datasets of the National Institute of Standards and Technology, nonlinear regression; certified to 11 digits. Works of the United States government, in the public domain.
const regressions: readonly Regression[] = [
  {
    name: 'Misra1a',
    model: (b, x) => b[0] * (1 - Math.exp(-b[1] * x)),
    x: [77.6, 114.9, 141.1, 190.8, 239.9, 289, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760],
    y: [10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.4, 75.47, 81.78],
    starts: [[500, 0.0001], [250, 0.0005]],
    certified: [238.94212918, 5.5015643181e-4],
    sumOfSquares: 0.12455138894,
  },
  {
    // Of higher difficulty; the problem of Kowalik and Osborne.
    name: 'MGH09',
    model: (b, x) => (b[0] * (x * x + x * b[1])) / (x * x + x * b[2] + b[3]),
    x: [4, 2, 1, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625],
    y: [0.1957, 0.1947, 0.1735, 0.16, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246],
    starts: [[25, 39, 41.5, 39], [0.25, 0.39, 0.415, 0.39]],
    certified: [0.19280693458, 0.19128232873, 0.12305650693, 0.13606233068],
    sumOfSquares: 3.0750560385e-4,
  },
];

function problemOf({ model, x, y }: Regression, size: number): VectorProblem {
  const residuals = (b: Float64Array): Float64Array => Float64Array.from(x, (at, k) => model(b, at) - y[k]);
  const value = (b: Float64Array): number => residuals(b).reduce((sum, r) => sum + r * r, 0);
  return {
    size,
    project: (b) => b,
    residuals: (b) => Promise.resolve(residuals(b)),
    // These methods need no gradient but to know that it is one.
    evaluate: (b) => Promise.resolve({ value: value(b), gradient: new Float64Array(size) }),
  };
}

describe('methods of least squares', () => {
  const methods = {
    'Levenberg–Marquardt': levenbergMarquardt({ damping: 1e-3, difference: 1e-7, maxStep: 1e3 }),
    'Gauss–Newton': gaussNewton({ difference: 1e-7, maxStep: 1e3 }),
  };
  for (const [name, method] of Object.entries(methods)) {
    for (const regression of regressions) {
      for (const [i, start] of regression.starts.entries()) {
        it(`${name} gives the certified values of ${regression.name} from start ${i + 1}`, async () => {
          const problem = problemOf(regression, start.length);
          let current = await method.init(problem, Float64Array.from(start));
          for (let step = 0; step < 500 && current.failed === undefined; step++) current = await method.step(problem, structuredClone(current));
          expect(current.failed).to.equal('noProgress');
          expect(current.evaluation.value / regression.sumOfSquares).to.be.closeTo(1, 1e-9);
          regression.certified.forEach((value, k) => expect(current.x[k] / value).to.be.closeTo(1, 2e-5));
        });
      }
    }
  }

  it('refuse an objective that is no sum of squares, with the remedy', async () => {
    const { residuals: _none, ...problem } = problemOf(regressions[0], 2);
    const error = await rejectionOf(methods['Gauss–Newton'].init(problem, Float64Array.of(1, 1)));
    expect(error.code).to.equal('option.invalid');
    expect(error.hint).to.contain('lbfgs');
  });

  it('stay where numbers are', async () => {
    const problem: VectorProblem = {
      size: 1,
      project: (x) => x,
      residuals: ([x]) => Promise.resolve(Float64Array.of(x > 0.5 ? Number.NaN : x - 1)),
      evaluate: ([x]) => Promise.resolve({ value: (x - 1) ** 2, gradient: Float64Array.of(2 * (x - 1)) }),
    };
    let current = await methods['Levenberg–Marquardt'].init(problem, Float64Array.of(0));
    let rejected = 0;
    for (let step = 0; step < 30 && current.failed === undefined; step++) {
      current = await methods['Levenberg–Marquardt'].step(problem, current);
      rejected += current.rejected;
    }
    expect(current.x[0]).to.be.within(0.3, 0.5);
    expect(rejected).to.be.greaterThan(0);
  });
});
