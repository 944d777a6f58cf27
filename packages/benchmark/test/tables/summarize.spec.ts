import { expect } from 'chai';
import { dependence, expectedRuns, jeffreysInterval, median, summarize } from '@braggscape/benchmark';
import type { TaskResult } from '@braggscape/benchmark';
import { smallProtocol } from '../smallProtocol.js';
import { shuffled, syntheticResults } from '../syntheticResults.js';

const protocol = smallProtocol(['entropy', 'cosine+constraint', 'energy@5'], { samples: 8 });
const results = syntheticResults(protocol);
const options = { resamples: 50 };

async function* arriving(given: readonly TaskResult[]): AsyncGenerator<TaskResult> {
  for (const result of given) {
    await Promise.resolve();
    yield result;
  }
}

describe('the summary of a benchmark', () => {
  it('has a row for each noise model, level and setting that is benched, in the order of the protocol', async () => {
    const cells = await summarize(protocol, results, options);
    expect(cells.map(({ noise, level, setting, runs }) => [noise, level, setting, runs])).to.deep.equal([
      ['lattice', 0.02, 'entropy', 16],
      ['lattice', 0.02, 'cosine+constraint', 16],
      ['lattice', 0.02, 'energy', 10],
      ['lattice', 0.05, 'entropy', 16],
      ['lattice', 0.05, 'cosine+constraint', 16],
      ['lattice', 0.05, 'energy', 10],
      ['coords', 0.02, 'entropy', 16],
      ['coords', 0.02, 'energy', 10],
    ]);
    expect(protocol.settings.map((setting) => expectedRuns(protocol, setting))).to.deep.equal([16, 16, 10]);
  });

  it('counts successes and computes dependence of the rows of a cell in the order of tasks', async () => {
    for (const cell of await summarize(protocol, results, options)) {
      const own = results.filter(({ noise, level, setting }) => noise === cell.noise && level === cell.level && setting === cell.setting);
      const rateOf = (succeeds: (result: TaskResult) => boolean): unknown => {
        const successes = own.filter(succeeds).length;
        return { successes, rate: successes / own.length, ...jeffreysInterval(successes, own.length) };
      };
      expect(cell.match).to.deep.equal(rateOf(({ final }) => final.match));
      expect(cell.strict).to.deep.equal(rateOf(({ final }) => final.strict));
      expect(cell.initialMatch).to.deep.equal(rateOf(({ initial }) => initial.match));
      expect(cell.initialStrict).to.deep.equal(rateOf(({ initial }) => initial.strict));
      expect(cell.medianEvaluations).to.equal(median(own.map(({ evaluations }) => evaluations)));
      const metric = cell.setting === 'entropy' ? 'entropy' : 'cosine';
      expect(cell.similarity).to.equal(metric);
      const expected = dependence(own.map(({ final }) => 1 - final.losses[metric]!), own.map(({ final }) => final.amd!), { ...options, seed: protocol.seed });
      expect({ ...expected }).to.deep.include({ mutualInformation: cell.mutualInformation, pearson: cell.pearson, spearman: cell.spearman });
      expect(cell.pearson.value).to.be.below(-0.5);
    }
  });

  it('depends neither on the order of results, nor on strangers and repetitions among them, nor on times', async () => {
    const cells = await summarize(protocol, results, options);
    const stranger = { ...results[0], key: 'of another protocol' };
    const slower = results.map((result) => ({ ...result, seconds: 7 }));
    expect(await summarize(protocol, arriving(shuffled([...slower, stranger])), options)).to.deep.equal(cells);
    expect(await summarize(protocol, [...results, { ...results[0], evaluations: 1e6 }], options)).to.deep.equal(cells);
  });

  it('gives of an unfinished run what is there, and nothing of none', async () => {
    const some = await summarize(protocol, results.slice(0, 40), options);
    expect(some).to.have.length(8);
    expect(some.reduce((sum, { runs }) => sum + runs, 0)).to.equal(40);
    for (const cell of await summarize(protocol, [], options)) {
      expect(cell.runs).to.equal(0);
      expect(cell.match).to.deep.equal({ successes: 0, rate: 0, low: 0, high: 1 });
      for (const estimate of [cell.mutualInformation, cell.pearson, cell.spearman]) expect(estimate).to.deep.equal({ value: null, low: null, high: null });
      expect(cell.medianEvaluations).to.equal(0);
    }
  });

  it('leaves rows without a similarity or a distance out of the dependence, and counts them all the same', async () => {
    const [whole] = await summarize(protocol, results, options);
    const gap = { ...results[0], final: { ...results[0].final, amd: null } };
    const [cell] = await summarize(protocol, [gap, ...results.slice(1)], options);
    expect(cell.runs).to.equal(16);
    expect(cell.match).to.deep.equal(whole.match);
    expect(cell.spearman.value).to.not.equal(whole.spearman.value);
    const constant = results.map((result) => ({ ...result, final: { ...result.final, amd: 0.5 } }));
    expect((await summarize(protocol, constant, options))[0]).to.deep.include({ pearson: { value: null, low: null, high: null }, mutualInformation: { value: 0, low: 0, high: 0 } });
  });
});
