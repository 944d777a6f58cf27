import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { jeffreysInterval, mutualInformation, pearson, spearman } from '@braggscape/benchmark';
import { hasShared, sharedPath } from './support.js';

interface Reference {
  readonly dependence: readonly { readonly x: readonly number[]; readonly y: readonly number[]; readonly mi_nats_ksg_k3: number; readonly pearson: number; readonly spearman: number }[];
  readonly jeffreys95: readonly { readonly successes: number; readonly trials: number; readonly low: number; readonly high: number }[];
}

/** Correlations and intervals against SciPy, mutual information against scikit-learn. */
describe('statistics of the reference samples', function () {
  before(function () {
    if (!hasShared) this.skip();
  });

  const read = (): Reference => JSON.parse(readFileSync(sharedPath('reference', 'statistics.json'), 'utf8')) as Reference;

  it('correlations are SciPy’s, mutual information is scikit-learn’s', () => {
    const { dependence } = read();
    expect(dependence).to.have.length.above(0);
    let [correlation, information] = [0, 0];
    for (const { x, y, mi_nats_ksg_k3: expected, ...reference } of dependence) {
      correlation = Math.max(correlation, Math.abs(pearson(x, y)! - reference.pearson), Math.abs(spearman(x, y)! - reference.spearman));
      information = Math.max(information, Math.abs(mutualInformation(x, y) - expected));
    }
    process.stdout.write(`      ${dependence.length} samples: correlations within ${correlation.toExponential(1)}, information within ${information.toExponential(1)} nats\n`);
    expect(correlation).to.be.below(1e-9);
    expect(information).to.be.below(0.02);
  });

  it('Jeffreys intervals are SciPy’s', () => {
    const { jeffreys95 } = read();
    expect(jeffreys95).to.have.length.above(0);
    let largest = 0;
    for (const { successes, trials, low, high } of jeffreys95) {
      const interval = jeffreysInterval(successes, trials);
      largest = Math.max(largest, Math.abs(interval.low - low), Math.abs(interval.high - high));
    }
    process.stdout.write(`      ${jeffreys95.length} intervals within ${largest.toExponential(1)}\n`);
    expect(largest).to.be.below(1e-9);
  });
});
