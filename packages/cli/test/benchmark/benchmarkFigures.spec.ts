import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { randomFromSeed, structureFrom, structureToJson } from '@braggscape/core';
import { collectRun, compareRuns, summarize, taskKeys, tasksOf } from '@braggscape/benchmark';
import type { CellSummary, NoiseModel, Protocol, Setting, TaskResult } from '@braggscape/benchmark';
import { benchmarkFigures, comparisonFigure, costFigure, createHost, energyFigure, matchRateFigure, resultNumbers, similarityFigure, writeFigure } from 'braggscape';

const host = await createHost();
const lennardJones = { ...(host.registry('potentials').get('lennard-jones').normalize({}, 'potential') as object), use: 'lennard-jones' };

const metric = (name: string, more: object = {}): Setting => ({ kind: 'refinement', name, noise: ['lattice', 'coords'], samples: null, similarity: name, config: { plan: 'descent', objectives: [{ use: name }] }, constraint: 'none', vary: 'noise', ...more });
const settings: readonly Setting[] = [
  metric('cosine'),
  metric('entropy'),
  metric('cosine+constraint', { similarity: 'cosine', noise: ['lattice'], constraint: 'lattice' }),
  metric('robust', { similarity: 'cosine', samples: 2, config: { plan: 'robust' }, vary: 'config' }),
  { kind: 'relaxation', name: 'energy', noise: ['lattice', 'coords'], samples: null, similarity: 'cosine', potential: lennardJones, optimizer: { use: 'fire' }, forceTolerance: 0.05, steps: 10 },
];

function protocol(more: Partial<Protocol> = {}): Protocol {
  const u2ti = structureToJson(structureFrom([[4.828, 0, 0], [-2.414, 4.18117, 0], [0, 0, 2.847]], [92, 92, 22], [[1 / 3, 2 / 3, 0.5], [2 / 3, 1 / 3, 0.5], [0, 0, 0]]));
  return {
    format: 'braggscape-benchmark/1',
    version: '0.1.0',
    structures: [{ name: 'U2Ti', structure: u2ti }, { name: 'other', structure: u2ti }],
    levels: { lattice: [0.05, 0.1], coords: [0.01, 0.05, 0.1] },
    distribution: 'uniform',
    samples: 4,
    seed: 0,
    settings,
    instrument: { use: 'ideal', wavelength: 1.5406, u: 0, v: 0, w: 0.1 },
    twoTheta: { start: 20, stop: 80, count: 300 },
    energies: null,
    plugins: [],
    ...more,
  };
}

/** Made-up results: the larger the noise, the further from the truth. */
function results(of: Protocol): readonly TaskResult[] {
  const keyOf = taskKeys(of);
  return tasksOf(of).map((task) => {
    const { structure, noise, level, sample, setting } = task;
    const random = randomFromSeed(3).derive(`${structure.name} ${noise} ${level} ${sample} ${setting.name}`);
    const amd = 10 ** (-6 + 60 * level * random.uniform());
    const match = amd < 0.01;
    const judged = { structure: structure.structure, match, strict: amd < 1e-4, rms: match ? amd : null, maxDist: null, amd, losses: { cosine: amd / 20, mse: amd / 200, entropy: amd / 30, 'cross-correlation': amd / 40 }, energyPerAtom: null };
    return { key: keyOf(task), structure: structure.name, noise, level, sample, setting: setting.name, stopReason: 'stalled', message: '', steps: 9, evaluations: 10, seconds: 0.1 + random.uniform(), initial: judged, final: judged, objectives: {}, verdict: null };
  });
}

const cellsOf = (of: Protocol, given = results(of)): Promise<readonly CellSummary[]> => summarize(of, given, { resamples: 2 });

/** All rows of data in a figure. */
function rows(figure: unknown): Record<string, unknown>[] {
  if (Array.isArray(figure)) return figure.flatMap(rows);
  if (typeof figure !== 'object' || figure === null) return [];
  const { values, ...rest } = figure as { values?: unknown };
  return [...(Array.isArray(values) ? (values as Record<string, unknown>[]).filter((row) => typeof row === 'object') : []), ...Object.values(rest).flatMap(rows)];
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'benchmark-figures-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('figures of a benchmark', function () {
  this.timeout(60000);

  it('are all written, and the landscape is computed once', () =>
    inFolder(async (folder) => {
      const of = protocol();
      const cells = await cellsOf(of);
      const said: string[] = [];
      const files = await benchmarkFigures(of, cells, results(of), folder, host, { onProgress: (text) => said.push(text) });
      const names = ['match-rates', 'similarity', 'cost', 'energy-match-rates', 'energy-landscape'].flatMap((name) => [`${name}.svg`, `${name}.png`]);
      expect(files).to.deep.equal(names.map((name) => join(folder, 'figures', name)));
      expect((await readdir(join(folder, 'figures'))).sort()).to.deep.equal([...names, 'energy-landscape.json'].sort());
      for (const file of files) expect((await stat(file)).size, file).to.be.within(2000, 1_000_000);
      for (const file of files.filter((path) => path.endsWith('.svg'))) expect(await readFile(file, 'utf8'), file).to.match(/^<svg/).and.not.contain('NaN').and.not.contain('undefined');
      expect(said.some((text) => text.includes('landscape of U2Ti: 1681 of 1681 points'))).to.equal(true);
      expect(await readFile(join(folder, 'figures', 'energy-landscape.svg'), 'utf8')).to.contain('CPU seconds').and.contain('eV/atom above lowest');
      const once = said.length;
      const svg = await readFile(files[8], 'utf8');
      await benchmarkFigures(of, cells, [...results(of)].reverse(), folder, host, { onProgress: (text) => said.push(text) });
      expect(said.slice(once).filter((text) => text.startsWith('landscape'))).to.deep.equal([]);
      expect(await readFile(files[8], 'utf8')).to.equal(svg);
    }));

  it('of a part of a benchmark show that part, and of none are not drawn', () =>
    inFolder(async (folder) => {
      const only = protocol({ settings: [settings[0]], levels: { coords: [0.05] }, samples: 1 });
      const more = results(protocol({ settings: [settings[0]] }));
      expect(await resultNumbers(only, more)).to.have.length(2);
      const files = await benchmarkFigures(only, await cellsOf(only, more), more, folder, host);
      expect(files.map((file) => file.slice(folder.length + 9))).to.deep.equal(['match-rates.svg', 'match-rates.png', 'similarity.svg', 'similarity.png', 'cost.svg', 'cost.png']);
      expect(await readFile(files[2], 'utf8')).to.contain('2 points: too few for MI');
      expect(await benchmarkFigures(only, await cellsOf(only, []), [], folder, host)).to.deep.equal([]);
      // A run that has just begun: one result of many settings and levels.
      const whole = protocol();
      const [first] = results(whole);
      const begun = await cellsOf(whole, [first]);
      const drawn = rows(matchRateFigure(whole, begun)).filter(({ setting }) => setting !== undefined);
      expect(new Set(drawn.map(({ setting, level }) => `${String(setting)} ${String(level)}`))).to.deep.equal(new Set([`cosine ${first.level}`]));
      expect(energyFigure(whole, begun)).to.equal(undefined);
    }));

  it('of match rates have a line for each setting, intervals about each rate, and the starts in grey', async () => {
    const of = protocol();
    const cells = await cellsOf(of);
    const drawn = rows(matchRateFigure(of, cells));
    for (const cell of cells.filter(({ setting }) => setting !== 'energy')) {
      const points = drawn.filter(({ setting, level, y }) => setting === cell.setting && level === cell.level && y === 100 * cell.match.rate);
      expect(points.length, `${cell.noise} ${cell.setting} ${cell.level}`).to.be.greaterThan(0);
      for (const { low, high, y } of points as { low: number; high: number; y: number }[]) expect(y).to.be.within(low, high);
    }
    expect(drawn.filter(({ name }) => typeof name === 'string').map(({ name }) => name)).to.include.members(['cosine', 'entropy', 'cosine+constraint', 'robust', 'starts themselves']).and.not.include('energy');
    expect(rows(energyFigure(of, cells)).map(({ setting }) => setting)).to.include('energy').and.include('robust');
  });

  it('of similarity draw many points as a seeded choice, below a megabyte, and say so', () =>
    inFolder(async (folder) => {
      const of = protocol({ settings: settings.slice(0, 2) });
      const random = randomFromSeed(1);
      const numbers = (['lattice', 'coords'] as const).flatMap((noise: NoiseModel) =>
        ['cosine', 'entropy'].flatMap((setting) => Array.from({ length: 2500 }, (_, i) => ({ noise, level: (of.levels[noise] as number[])[i % 2], setting, similarity: 1 - random.uniform(), amd: random.uniform(), seconds: 1 }))),
      );
      const figure = similarityFigure(of, numbers);
      expect(similarityFigure(of, numbers)).to.deep.equal(figure);
      expect(rows(figure).filter(({ x, color, text }) => typeof x === 'number' && color !== undefined && text === undefined)).to.have.length(4 * 1050);
      const [svg] = await writeFigure(join(folder, 'similarity'), figure as object as Record<string, unknown>);
      expect((await stat(svg)).size).to.be.below(1_000_000);
      expect(await readFile(svg, 'utf8')).to.match(/1050 are drawn/);
    }));

  it('of cost take the level that tells most, or the one that is asked for', async () => {
    const of = protocol();
    const [cells, numbers] = [await cellsOf(of), await resultNumbers(of, results(of))];
    const titleOf = (figure: unknown): string => JSON.stringify(figure);
    const spread = (level: number): number => {
      const rates = cells.filter((cell) => cell.noise === 'coords' && cell.level === level).map(({ match }) => match.rate);
      return Math.max(...rates) - Math.min(...rates);
    };
    const best = [0.01, 0.05, 0.1].reduce((found, level) => (spread(level) > spread(found) ? level : found));
    expect(titleOf(costFigure(of, cells, numbers))).to.contain(`coords noise, level ${best}`);
    expect(titleOf(costFigure(of, cells, numbers, { coords: 0.1 }))).to.contain('coords noise, level 0.1');
    for (const { x, x1, x2 } of rows(costFigure(of, cells, numbers)).filter((row) => row.x1 !== undefined) as { x: number; x1: number; x2: number }[]) expect(x).to.be.within(x1, x2);
  });

  it('of a comparison have every entry, and probabilities of both sides', () =>
    inFolder(async (folder) => {
      const of = protocol();
      const run = await collectRun('run', of, results(of));
      for (const criterion of ['match', 'evaluations'] as const) {
        const comparison = compareRuns([run], { criterion });
        const drawn = rows(comparisonFigure(comparison));
        const matrix = drawn.filter(({ p }) => p !== undefined) as { row: string; column: string; p: number }[];
        expect(matrix).to.have.length(2 * comparison.sections.filter(({ rows: ranked }) => ranked.length > 1).flatMap(({ pairs }) => pairs).length);
        for (const { row, column, p } of matrix) expect(matrix.some((other) => other.row === column && other.column === row && Math.abs(other.p + p - 1) < 1e-12)).to.equal(true);
        const [svg] = await writeFigure(join(folder, criterion), comparisonFigure(comparison));
        expect(await readFile(svg, 'utf8')).to.contain(`Leaderboard by ${criterion}`).and.not.contain('NaN');
      }
    }));
});
