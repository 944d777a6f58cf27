import { expect } from 'chai';
import type { Pattern } from '@braggscape/core';
import { metricFromFunction, metricFromTensorFunction } from '@braggscape/metrics';
import type { FunctionMetric } from '@braggscape/metrics';
import { LawViolation, checkMetric, faultOf } from '@braggscape/testing';
import { pattern } from './patterns.js';
import { fakeTensors } from './fakeTensors.js';

const quartic: Required<FunctionMetric> = {
  id: 'mine/quartic',
  bounds: [0, Infinity],
  value: (calc, { intensity }) => calc.reduce((sum, y, i) => sum + (y - intensity[i]) ** 4, 0),
  gradient: (calc, { intensity }) => calc.map((y, i) => 4 * (y - intensity[i]) ** 3),
};

describe('metric from a function', () => {
  it('obeys the metric laws with a gradient that belongs to it', async () => {
    expect(await checkMetric(metricFromFunction(quartic))).to.be.lessThan(1e-6);
  });

  it('is found out by the laws if it does not', async () => {
    const wrong = metricFromFunction({ ...quartic, gradient: (calc, observed) => quartic.gradient(calc, observed).map((slope) => 1.01 * slope) });
    let violation: unknown;
    await checkMetric(wrong).catch((error: unknown) => (violation = error));
    expect(violation).to.be.instanceOf(LawViolation);
  });

  it('passes on the whole pattern', () => {
    const observed: Pattern = { ...pattern([1, 2, 3]), wavelength: 1.5406 };
    const seen: Pattern[] = [];
    const metric = metricFromFunction({ id: 'mine/seen', bounds: [0, 1], value: (_calc, given) => seen.push(given) });
    metric.against(observed)(Float64Array.of(1, 2, 3), 'value');
    expect(seen).to.deep.equal([observed]);
  });

  it('serves without a gradient, and says so', async () => {
    const { gradient: _unused, ...plain } = quartic;
    const metric = metricFromFunction(plain);
    expect(metric.differentiable).to.equal(false);
    expect(metric.against(pattern([1, 2]))(Float64Array.of(1, 4), 'gradient')).to.deep.equal({ value: 16 });
    await checkMetric(metric);
    expect(metricFromFunction(quartic).differentiable).to.equal(true);
  });

  it('does not compute a gradient that is not asked for', () => {
    let calls = 0;
    const counting = metricFromFunction({
      ...quartic,
      gradient: (calc) => {
        calls++;
        return calc.slice();
      },
    }).against(pattern([1, 2]));
    counting(Float64Array.of(1, 4), 'value');
    expect(calls).to.equal(0);
    counting(Float64Array.of(1, 4), 'gradient');
    expect(calls).to.equal(1);
  });

  it('refuses a gradient of another length', () => {
    const compare = metricFromFunction({ ...quartic, gradient: () => new Float64Array(3) }).against(pattern([1, 2]));
    expect(faultOf(() => compare(Float64Array.of(1, 4), 'gradient')).report).to.contain('"mine/quartic" has 3 components for 2 points');
  });
});

describe('metric from a function of tensors', () => {
  const options = { id: 'mine/mean-square', bounds: [0, Infinity] } as const;

  it('has the value and the gradient of the function', () => {
    const { tf } = fakeTensors();
    const compare = metricFromTensorFunction(tf, (calc, observed) => calc.sub(observed).square().mean(), options).against(pattern([1, 2, 4, 8]));
    const calc = Float64Array.of(3, 2, 3, 8);
    expect(compare(calc, 'value')).to.deep.equal({ value: 1.25 });
    const { value, dCalc } = compare(calc, 'gradient');
    expect(value).to.equal(1.25);
    expect([...dCalc!]).to.deep.equal([1, 0, -0.5, 0]);
    expect([...calc]).to.deep.equal([3, 2, 3, 8]);
    // The work buffer is the same, the numbers are those of the last call.
    expect([...compare(Float64Array.of(1, 2, 4, 6), 'gradient').dCalc!]).to.deep.equal([0, 0, 0, -1]);
  });

  it('differentiates through both factors of a product', () => {
    const { tf } = fakeTensors();
    const { dCalc } = metricFromTensorFunction(tf, (calc, observed) => calc.mul(calc.sub(observed)).mean(), options).against(pattern([1, 2]))(
      Float64Array.of(3, 5),
      'gradient',
    );
    // ½ (2y − y₀)
    expect([...dCalc!]).to.deep.equal([2.5, 4]);
  });

  it('leaves no tensor behind', () => {
    const { tf, live } = fakeTensors();
    const compare = metricFromTensorFunction(tf, (calc, observed) => calc.sub(observed).square().mean(), options).against(pattern([1, 2, 4]));
    for (let i = 0; i < 3; i++) compare(Float64Array.of(i, 2, 3), i === 0 ? 'value' : 'gradient');
    expect(live()).to.equal(0);
  });

  it('refuses a function that does not end in one number', () => {
    const { tf } = fakeTensors();
    const compare = metricFromTensorFunction(tf, (calc, observed) => calc.sub(observed).square(), options).against(pattern([1, 2, 4]));
    expect(faultOf(() => compare(Float64Array.of(1, 2, 3), 'value')).report).to.contain('gave 3 numbers');
    expect(faultOf(() => compare(Float64Array.of(1, 2, 3), 'gradient')).code).to.equal('plugin.invalid');
  });
});
