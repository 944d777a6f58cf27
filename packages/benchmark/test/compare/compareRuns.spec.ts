import { expect } from 'chai';
import { collectRun, compareRuns, comparePair, criteria, entriesOf, tasksOf } from '@braggscape/benchmark';
import type { Comparison, Entry, PairComparison, Task } from '@braggscape/benchmark';
import { protocol, results, run, setting } from './runs.js';

/** P(θ > ½) of the density θ^(a−1) (1−θ)^(b−1), by the midpoint rule. */
function aboveHalf(a: number, b: number): number {
  const n = 400_000;
  let [all, above] = [0, 0];
  for (let i = 0; i < n; i++) {
    const x = (i + 0.5) / n;
    const density = x ** (a - 1) * (1 - x) ** (b - 1);
    all += density;
    if (x > 0.5) above += density;
  }
  return above / all;
}

/** A succeeds from samples 0…7, B from 4…8: both 4, only A 4, only B 1, neither 1. */
const known = ({ sample, setting: { name } }: Task): { match: boolean } => ({ match: name === 'a' ? sample < 8 : sample >= 4 && sample < 9 });

/** Different numbers for every task, some without a match. */
function varied({ sample, setting: { name } }: Task): { match: boolean; strict: boolean; rms: number | null; evaluations: number; seconds: number } {
  const mixed = (sample * 7 + name.charCodeAt(0) * 13) % 11;
  const match = mixed > 2;
  return { match, strict: mixed > 6, rms: match ? mixed / 100 : null, evaluations: 10 * mixed + sample, seconds: mixed / 3 };
}

function pair(a: Entry, b: Entry, criterion: Comparison['criterion']): PairComparison {
  return comparePair(a, b, criterion) as PairComparison;
}

describe('comparison of benchmarks', () => {
  it('gives known counts, differences and probabilities', async () => {
    const { sections } = compareRuns([await run('r', protocol([setting('a'), setting('b')]), known)]);
    expect(sections).to.have.length(1);
    const [{ starts, rows, pairs }] = sections;
    expect(starts).to.equal(10);
    expect(rows.map(({ entry, rank, rate }) => [entry, rank, rate.successes])).to.deep.equal([['a', 1, 8], ['b', 2, 5]]);
    const [{ a, b, betterA, betterB, ties, difference, pValue, probabilityABetter }] = pairs;
    expect([a, b, betterA, betterB, ties]).to.deep.equal(['a', 'b', 4, 1, 5]);
    expect(difference.value).to.be.closeTo(0.3, 1e-12);
    expect(difference.low).to.be.below(0.3);
    expect(difference.high).to.be.above(0.3);
    // 2 P(X ≤ 1) of five throws of a coin.
    expect(pValue).to.be.closeTo(12 / 32, 1e-12);
    expect(probabilityABetter).to.be.closeTo(aboveHalf(4.5, 1.5), 1e-6);
    expect(rows[1].againstBest).to.deep.equal(pairs[0]);
    expect(rows[0].againstBest).to.equal(null);
    expect(rows[0].rate.low).to.be.within(0.4, 0.8);
    expect(rows.map(({ group }) => group)).to.deep.equal([1, 1]);
  });

  it('is the same from either side: probabilities add up to one, differences change their sign', async () => {
    const [a, b] = entriesOf([await run('r', protocol([setting('a'), setting('b')], { samples: 23 }), varied)]);
    for (const criterion of criteria) {
      const [one, other] = [pair(a, b, criterion), pair(b, a, criterion)];
      expect(one.betterA + one.betterB, criterion).to.be.above(0);
      expect(one.probabilityABetter + other.probabilityABetter, criterion).to.be.closeTo(1, 1e-12);
      expect([other.betterA, other.betterB, other.ties]).to.deep.equal([one.betterB, one.betterA, one.ties]);
      expect(other.pValue).to.be.closeTo(one.pValue, 1e-12);
      expect(other.difference.value).to.be.closeTo(-one.difference.value, 1e-12);
      expect(other.difference.low).to.be.closeTo(-one.difference.high, 1e-12);
      expect(pair(a, a, criterion)).to.include({ betterA: 0, betterB: 0, pValue: 1 });
      expect(pair(a, a, criterion).probabilityABetter).to.be.closeTo(0.5, 1e-12);
    }
  });

  it('does not depend on the order of results, settings and runs', async () => {
    const [first, second] = [protocol([setting('a'), setting('b'), setting('c')]), protocol([setting('a', { config: { plan: 'robust' } }), setting('d')])];
    const swapped = { ...first, settings: [...first.settings].reverse() };
    const runs = [await run('one', first, varied), await run('two', second, varied)];
    const others = [await collectRun('two', second, [...results(second, varied)].reverse()), await collectRun('one', swapped, [...results(swapped, varied)].reverse())];
    for (const criterion of criteria) {
      const [straight, turned] = [runs, others].map((given) => compareRuns(given, { criterion, detail: true }).sections);
      expect(turned).to.deep.equal(straight);
      expect(straight[0].rows.map(({ entry }) => entry)).to.have.members(['one/a', 'one/b', 'one/c', 'two/a', 'two/d']);
    }
  });

  it('ranks on the starts that all share, and compares pairs on all of theirs', async () => {
    const few = protocol([setting('a'), setting('b'), setting('few', { samples: 3 })]);
    const { sections, notes } = compareRuns([await run('r', few, known)]);
    expect(sections[0].starts).to.equal(3);
    const starts = Object.fromEntries(sections[0].pairs.map(({ a, b, starts: count }) => [[a, b].sort().join(), count]));
    expect(starts).to.deep.equal({ 'a,b': 10, 'a,few': 3, 'b,few': 3 });
    expect(notes.join()).to.match(/on the 3 starts that they share; they have 3 to 10 each/);
    // An entry more changes no pair of the others.
    const [alone] = compareRuns([await run('r', protocol([setting('a'), setting('b')]), known)]).sections[0].pairs;
    expect(sections[0].pairs.find(({ a, b }) => a !== 'few' && b !== 'few')).to.include({ starts: alone.starts, pValue: alone.pValue, ties: alone.ties });
  });

  it('shares ranks of ties, and groups what the best does not clearly beat', async () => {
    // 40 starts: best from all, close from 38, far and same from 20.
    const successes: Readonly<Record<string, number>> = { best: 40, close: 38, far: 20, same: 20 };
    const of = protocol(Object.keys(successes).map((name) => setting(name)), { samples: 40 });
    const { rows } = compareRuns([await run('r', of, ({ sample, setting: { name } }) => ({ match: sample < successes[name] }))]).sections[0];
    expect(rows.map(({ entry, rank, group }) => [entry, rank, group])).to.deep.equal([['best', 1, 1], ['close', 2, 1], ['far', 3, 2], ['same', 3, 2]]);
    expect(rows[2].againstBest?.probabilityABetter).to.be.above(0.975);
    expect(rows[1].againstBest?.probabilityABetter).to.be.within(0.5, 0.975);
  });

  it('holds a failure worse than any value of a success', async () => {
    const of = protocol([setting('quick'), setting('sound')]);
    const say = ({ sample, setting: { name } }: Task): object => (name === 'quick' ? { match: sample < 2, evaluations: 1, seconds: 0.01 } : { match: true, evaluations: 500, seconds: 5 });
    for (const criterion of ['evaluations', 'seconds', 'rms'] as const) {
      const { rows, pairs } = compareRuns([await run('r', of, say)], { criterion }).sections[0];
      expect(rows[0].entry, criterion).to.equal('sound');
      expect(pairs[0].betterA, criterion).to.equal(8);
      expect(pairs[0].betterB, criterion).to.equal(criterion === 'rms' ? 0 : 2);
      expect(rows.map(({ medianValue }) => medianValue)[1]).to.equal(null);
      expect(rows[0].meanRank).to.be.closeTo(criterion === 'rms' ? 1.1 : 1.2, 1e-12);
    }
    const strict = compareRuns([await run('r', of, ({ setting: { name } }) => ({ match: true, strict: name === 'sound' }))], { criterion: 'strict' }).sections[0];
    expect(strict.rows.map(({ rate }) => rate.successes)).to.deep.equal([10, 0]);
  });

  it('has a part for each noise model, and for each level on request', async () => {
    const of = protocol([setting('a'), setting('b'), setting('only lattice', { noise: ['lattice'] })], { levels: { lattice: [0.1, 0.05], coords: [0.01] } });
    const parts = (detail: boolean): unknown => compare.sections.filter(({ level }) => detail || level === null).map(({ noise, level, starts, rows }) => [noise, level, starts, rows.length]);
    const compare = compareRuns([await run('r', of)], { detail: true });
    const plain = [[null, null, 20, 3], ['lattice', null, 20, 3], ['coords', null, 10, 2]];
    expect(compareRuns([await run('r', of)]).sections.map(({ noise, level, starts, rows }) => [noise, level, starts, rows.length])).to.deep.equal(plain);
    expect(parts(false)).to.deep.equal(plain);
    expect(parts(true)).to.deep.equal([plain[0], plain[1], ['lattice', 0.05, 10, 3], ['lattice', 0.1, 10, 3], plain[2], ['coords', 0.01, 10, 2]]);
    expect(compare.notes.join()).to.match(/no coords starts: only lattice has none/);
  });

  it('refuses runs without a common start, and says what starts depend on', async () => {
    const of = protocol([setting('a')]);
    const [{ name, structure }] = of.structures;
    const changes = { seed: { seed: 1 }, noise: { levels: { coords: [0.05] } }, level: { levels: { lattice: [0.06] } }, law: { distribution: 'normal' }, name: { structures: [{ name: 'other', structure }] }, content: { structures: [{ name, structure: { ...structure, numbers: [47] } }] } } as const;
    for (const [what, change] of Object.entries(changes)) {
      const runs = [await run('one', of), await run('two', { ...of, ...change })];
      expect(() => compareRuns(runs), what).to.throw(/"one" and "two" share no start/).with.property('code', 'comparison.disjoint');
    }
    const others = protocol([setting('b')], { version: '0.2.0', instrument: { use: 'ideal', wavelength: 0.7 }, samples: 4 });
    const { sections, notes } = compareRuns([await run('one', of), await run('two', others)], { criterion: 'seconds' });
    expect(sections[0].starts).to.equal(4);
    for (const note of [/different versions/, /differ in instrument/, /equal machines/]) expect(notes.join('\n')).to.match(note);
  });

  it('takes settings by name or by run, and refuses what nobody has', async () => {
    const runs = [await run('one', protocol([setting('a'), setting('b')]), known), await run('two', protocol([setting('a')]))];
    const entries = (settings: readonly string[]): readonly string[] => compareRuns(runs, { settings }).sections[0].rows.map(({ entry }) => entry);
    expect(entries(['a'])).to.have.members(['one/a', 'two/a']);
    expect(entries(['one/b', 'two/a'])).to.have.members(['one/b', 'two/a']);
    expect(() => entries(['c'])).to.throw(/no run has results of a setting "c"/).with.property('code', 'option.invalid');
    expect(() => entries(['b'])).to.throw(/nothing to compare "one\/b" with/);
  });

  it('leaves out results of no task of the protocol, and counts them', async () => {
    const of = protocol([setting('a'), setting('b')]);
    const [stray] = results(protocol([setting('a')], { seed: 5 }), () => ({}));
    const { stray: count, starts } = await collectRun('r', of, [...results(of, known), stray]);
    expect(count).to.equal(1);
    expect(starts.size).to.equal(tasksOf(of).length / 2);
    expect(compareRuns([await collectRun('r', of, [...results(of, known), stray])]).notes.join()).to.match(/1 results of r belong to no task/);
  });
});
