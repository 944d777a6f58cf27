import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parquetReadObjects } from 'hyparquet';
import { structureFrom } from '@braggscape/core';
import { computedSurfaces } from '@braggscape/pipeline';
import { computeScan, createHost, parquetOf, prepareScan, removeStretches, slicePanel } from 'braggscape';
import type { PreparedScan } from 'braggscape';

const u2ti = structureFrom([[4.828, 0, 0], [-2.414, 4.828 * Math.sqrt(0.75), 0], [0, 0, 2.847]], [22, 92, 92], [[0, 0, 0], [1 / 3, 2 / 3, 0.5], [2 / 3, 1 / 3, 0.5]]);

async function prepared(count = 40): Promise<PreparedScan> {
  const host = await createHost();
  const choose = (kind: 'metrics' | 'patternModels', use: string, options: Readonly<Record<string, unknown>>): any => ({ use, weight: 1, ...(host.registry(kind).get(use).normalize(options, use) as object) });
  return prepareScan(
    {
      structure: u2ti,
      axes: ['a', 'alpha'],
      ranges: [
        { from: 0.9, to: 1.1, offsets: false },
        { from: -80, to: 10, offsets: true },
      ],
      grid: [count, 30],
      objectives: [choose('metrics', 'cosine', {}), choose('metrics', 'mse', {})],
      instrument: choose('patternModels', 'ideal', { wavelength: 1.5406, w: 0.1 }),
      twoTheta: { start: 20, stop: 60, count: 401 },
      widths: [],
      seed: 0,
    },
    host,
  );
}

describe('what a scan is asked for', () => {
  it('is checked before anything is computed', async () => {
    const host = await createHost();
    const base = { structure: u2ti, objectives: [], instrument: { use: 'ideal' }, twoTheta: { start: 20, stop: 60, count: 401 }, widths: [], seed: 0 };
    const cases: readonly (readonly [Partial<Parameters<typeof prepareScan>[0]>, RegExp])[] = [
      [{ axes: ['a', 'b', 'c'] }, /names 3 axes/],
      [{ axes: ['a', 'a'] }, /names "a" twice/],
      [{ axes: ['a=b', 'b=a'] }, /"a=b" and "b=a" move the structure along the same line/],
      [{ axes: ['random-cell:'] }, /has no number/],
      [{ axes: ['a', 'alpha'], ranges: [{ from: 0.9, to: 1.1, offsets: false }] }, /one range for axes of different kinds/],
      [{ axes: ['a'], ranges: [{ from: 0, to: 1.1, offsets: false }] }, /begins at 0 Å/],
      [{ axes: ['a'], grid: [3, 3] }, /gives 2 numbers for 1 axes/],
      [{ axes: ['a', 'c'], ranges: new Array(3).fill({ from: 0.9, to: 1.1, offsets: false }) as never }, /gives 3 ranges for 2 axes/],
      [{ axes: ['a'], objectives: [{ use: 'cosien', weight: 1 }] }, /no metric, potential or objective is called "cosien"/],
    ];
    for (const [request, message] of cases) {
      const thrown = await prepareScan({ ...base, axes: ['a'], ...request }, host).catch((error: unknown) => error);
      expect(thrown).to.be.instanceOf(Error);
      expect((thrown as Error).message).to.match(message);
    }
  });
});

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'scan-'));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('a scan in stretches', () => {
  const never = new AbortController().signal;

  it('gives the same on one thread and on two, and after an interruption', () =>
    inFolder(async (output) => {
      const host = await createHost();
      const scan = await prepared();
      const base = { setup: scan.setup, plugins: [], directory: process.cwd(), key: scan.key, output, size: 100, resume: false };
      const one = await computeScan({ ...base, workers: 1 }, host, () => undefined, never);
      const two = await computeScan({ ...base, workers: 2 }, host, () => undefined, never);
      expect(two.values).to.deep.equal(one.values);
      expect(one).to.include({ computed: 1200, resumed: 0 });

      const stop = new AbortController();
      const cut = await computeScan({ ...base, workers: 1 }, host, (done) => done >= 300 && stop.abort(), stop.signal);
      expect(cut).to.include({ values: undefined, computed: 300 });
      expect(await readdir(join(output, 'scan-stretches'))).to.have.length(3);
      // What was written in part, or belongs to something else, is computed again.
      await writeFile(join(output, 'scan-stretches/00000100.json'), '{"key":');
      const other = JSON.parse(await readFile(join(output, 'scan-stretches/00000200.json'), 'utf8')) as object;
      await writeFile(join(output, 'scan-stretches/00000200.json'), JSON.stringify({ ...other, key: 'another' }));
      const again = await computeScan({ ...base, workers: 1, resume: true }, host, () => undefined, never);
      expect(again).to.include({ resumed: 100, computed: 1100 });
      expect(again.values).to.deep.equal(one.values);
      await removeStretches(output);
      expect(await readdir(output)).to.deep.equal([]);
    }));

  it('does not remove what another scan has left without saying so', () =>
    inFolder(async (output) => {
      const host = await createHost();
      const scan = await prepared(5);
      const base = { setup: scan.setup, plugins: [], directory: process.cwd(), key: scan.key, output, size: 50, resume: false, workers: 1 };
      const stop = new AbortController();
      const cut = await computeScan(base, host, () => stop.abort(), stop.signal);
      expect(cut).to.include({ computed: 50, replaced: false });
      const thrown = await computeScan({ ...base, key: 'another', resume: true }, host, () => undefined, never).catch((error: unknown) => error);
      expect(thrown).to.have.property('code', 'checkpoint.mismatch');
      const now: number[] = [];
      const resumed = await computeScan({ ...base, resume: true }, host, (_done, _all, computed) => now.push(computed), never);
      expect(resumed).to.include({ resumed: 50, computed: 100, replaced: false });
      expect(now).to.deep.equal([50, 100]);
      expect(await computeScan({ ...base, key: 'another' }, host, () => undefined, never)).to.include({ resumed: 0, replaced: true });
    }));

  it('has another key as soon as anything that matters differs', async () => {
    const [one, same, finer] = [await prepared(), await prepared(), await prepared(41)];
    expect(same.key).to.equal(one.key);
    expect(finer.key).to.not.equal(one.key);
  });

  it('is kept as Parquet with a row for each point and nothing where there is no value', () =>
    inFolder(async (output) => {
      const host = await createHost();
      const scan = await prepared();
      const { values, units } = await computeScan({ setup: scan.setup, plugins: [], directory: process.cwd(), key: scan.key, output, size: 512, resume: false, workers: 1 }, host, () => undefined, never);
      const bytes = parquetOf(scan.setup, computedSurfaces(scan.setup, units, values!));
      const rows = await parquetReadObjects({ file: bytes.buffer as ArrayBuffer });
      expect(rows).to.have.length(1200);
      expect(Object.keys(rows[0])).to.deep.equal(['a', 'alpha', 'cosine', 'mse']);
      expect(rows[41].a).to.be.closeTo(scan.setup.axes[0].values[1], 1e-12);
      expect(rows[41].alpha).to.be.closeTo(scan.setup.axes[1].values[1], 1e-12);
      rows.forEach((row, i) => {
        const value = values![0][i];
        if (Number.isFinite(value)) expect(row.cosine).to.equal(value);
        else expect(row.cosine).to.be.oneOf([null, undefined]);
      });
      expect(rows[0].cosine, 'there is no cell at 10°').to.be.oneOf([null, undefined]);
    }));
});

describe('the panel of a slice', () => {
  const axis = (title: string, values: number[]): { title: string; values: number[] } => ({ title, values });
  const layers = (panel: Record<string, unknown>): any[] => panel.layer as any[];

  it('covers the whole slice with rectangles that meet, and leaves out what has no value', () => {
    const values = [0, 0, 1, 1, 2, Number.NaN, 2, 2, 3, 3, 3, 3];
    const panel = slicePanel({ title: 't', axes: [axis('a (Å)', [1, 2, 3, 4]), axis('c (Å)', [10, 20, 30])], values, valueTitle: 'loss', domain: [0, 3] });
    const rows = layers(panel)[0].data.values as { x: number; x2: number; y: number; y2: number; v: number }[];
    const area = rows.reduce((sum, { x, x2, y, y2 }) => sum + (x2 - x) * (y2 - y), 0);
    expect(area).to.be.closeTo((4 * 3 - 1) * 10, 1e-9);
    expect(rows).to.have.length(2 + 2 + 1);
    expect(rows.filter(({ y }) => y === 25)).to.deep.equal([{ x: 0.5, x2: 4.5, y: 25, y2: 35, v: 3 }]);
    // Whole pixels a grid step, so that no seams show.
    expect((panel.width as number) % 4).to.equal(0);
    expect((panel.height as number) % 3).to.equal(0);
  });

  it('draws ends of the scale for what lies beyond, marks, and paths with a start and an end', () => {
    const panel = slicePanel({
      title: 't',
      axes: [axis('a', [0, 1]), axis('b', [0, 1])],
      values: [-5, 0, 1, 50],
      valueTitle: 'energy',
      domain: [0, 1],
      truth: [0.5, 0.5],
      numbered: [[0, 1], [1, 0]],
      paths: [{ name: 'way', points: [[0, 0], [0.4, 0.2], [0.5, 0.5]] }],
    });
    const rows = layers(panel)[0].data.values as { v: number }[];
    expect(Math.min(...rows.map(({ v }) => v))).to.equal(0);
    expect(Math.max(...rows.map(({ v }) => v))).to.equal(1);
    const texts = layers(panel).filter((layer) => layer.mark.type === 'text');
    expect(texts[0].data.values.map(({ label }: any) => label)).to.deep.equal(['1', '2']);
    const points = layers(panel).filter((layer) => layer.mark.shape === 'square' || layer.mark.shape === 'circle').map((layer) => [layer.data.values[0].x, layer.data.values[0].y]);
    expect(points).to.deep.equal([[0, 0], [0.5, 0.5]]);
  });

  it('says at its colour bar what colours mean, if told to', () => {
    const panel = { title: 't', axes: [axis('a', [0, 1]), axis('b', [0, 1])], values: [0, 1, 2, 3], valueTitle: 'loss', domain: [0, 2] as const };
    const legend = (drawn: Record<string, unknown>): unknown => layers(drawn)[0].encoding.color.legend.title;
    expect(legend(slicePanel({ ...panel, barTitle: ['loss (unit 1)', 'scale cut'] }))).to.deep.equal(['loss (unit 1)', 'scale cut']);
    expect(legend(slicePanel(panel))).to.equal(null);
  });

  it('is a curve along a single axis', () => {
    const panel = slicePanel({ title: 't', axes: [axis('a (Å)', [1, 2, 3])], values: [3, Number.NaN, 1], valueTitle: 'loss', domain: [0, 3], minima: [[3]] });
    const curve = layers(panel).find((layer) => layer.mark.type === 'line');
    expect(curve.data.values).to.deep.equal([{ x: 1, y: 3 }, { x: 3, y: 1 }]);
  });
});
