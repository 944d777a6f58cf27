import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { isBraggscapeError } from '@braggscape/core';
import { historyFigure, patternFigure, writeFigure, writeFileAtomically } from 'braggscape';

/** A pattern of sharp peaks on 8500 points. */
function pattern(): { twoTheta: Float64Array; observed: Float64Array; calculated: Float64Array; reflections: { twoTheta: number }[]; wavelength: number } {
  const twoTheta = Float64Array.from({ length: 8500 }, (_, i) => 5 + 0.01 * i);
  const peaks = [20.003, 31.117, 44.442, 60.961, 77.777];
  const curve = (shift: number): Float64Array => twoTheta.map((x) => peaks.reduce((y, at, i) => y + (200 - 30 * i) * Math.exp(-(((x - at - shift) / 0.02) ** 2)), 0));
  return { twoTheta, observed: curve(0), calculated: curve(0.03), reflections: peaks.map((at) => ({ twoTheta: at })), wavelength: 1.5406 };
}

/** All rows of data in a figure. */
function rows(figure: unknown): Record<string, unknown>[] {
  if (Array.isArray(figure)) return figure.flatMap(rows);
  if (typeof figure !== 'object' || figure === null) return [];
  const { values, ...rest } = figure as { values?: unknown };
  return [...(Array.isArray(values) ? (values as Record<string, unknown>[]) : []), ...Object.values(rest).flatMap(rows)];
}

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'figures-'));
  try {
    await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('figures', () => {
  it('a pattern keeps every peak’s height though it draws a part of the points', () => {
    const data = pattern();
    const drawn = rows(patternFigure(data)).filter(({ curve }) => curve === 'observed');
    expect(drawn.length).to.be.lessThan(4000);
    for (const at of [20, 31.12, 44.44, 60.96, 77.78]) {
      const i = data.observed.reduce((best, y, k) => (Math.abs(data.twoTheta[k] - at) < 0.05 && y > data.observed[best] ? k : best), Math.round((at - 5) / 0.01));
      const shown = Math.max(...drawn.filter(({ x }) => Math.abs((x as number) - at) < 0.1).map(({ y }) => y as number));
      expect(shown).to.be.closeTo((100 * data.observed[i]) / Math.max(...data.observed), 1e-3);
    }
  });

  it('a pattern has its marks, both curves and their difference', () => {
    const all = rows(patternFigure(pattern()));
    expect(all.filter(({ y }) => y === undefined)).to.have.length(5);
    expect(new Set(all.map(({ curve }) => curve))).to.include('calculated');
    expect(all.some(({ curve, y }) => curve === undefined && typeof y === 'number' && y < -20)).to.equal(true);
  });

  it('a history is logarithmic where values span decades, and has a panel per unit', () => {
    const steps = [0, 1, 2, 3];
    const figure = historyFigure({
      series: [
        { name: 'cosine', unit: '1', steps, values: [1, 0.1, 0.001, 1e-6] },
        { name: 'chgnet', unit: 'eV/atom', steps, values: [-3, -3.5, -4, -4.1] },
      ],
    }) as { vconcat: { layer: { encoding: { y: { title: string; scale: { type?: string } } } }[] }[] };
    const lines = figure.vconcat.map(({ layer }) => layer[0].encoding.y);
    expect(lines.map(({ scale }) => scale.type)).to.deep.equal(['log', undefined]);
    expect(lines[1].title).to.contain('eV/atom');
  });

  it('write whole SVG and PNG files, the same each time, and nothing else', async () => {
    await inFolder(async (folder) => {
      const figure = patternFigure(pattern());
      const files = await writeFigure(join(folder, 'one'), figure);
      await writeFigure(join(folder, 'two'), figure);
      expect((await readdir(folder)).sort()).to.deep.equal(['one.png', 'one.svg', 'two.png', 'two.svg']);
      expect(files).to.deep.equal([join(folder, 'one.svg'), join(folder, 'one.png')]);
      const [svg, again] = await Promise.all(['one.svg', 'two.svg'].map((name) => readFile(join(folder, name), 'utf8')));
      expect(svg).to.match(/^<svg/).and.match(/<\/svg>\s*$/);
      expect(svg).to.contain('2θ (degrees)').and.contain('1.5406').and.not.contain('NaN');
      expect(again).to.equal(svg);
      expect(svg.length).to.be.lessThan(500_000);
      const png = await readFile(join(folder, 'one.png'));
      expect([...png.subarray(0, 4)]).to.deep.equal([0x89, 0x50, 0x4e, 0x47]);
      expect(png.readUInt32BE(16)).to.be.greaterThan(1500);
      expect((await readFile(join(folder, 'two.png'))).equals(png)).to.equal(true);
    });
  });
});

describe('writeFileAtomically', () => {
  it('replaces a file', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'a.txt');
      await writeFileAtomically(path, 'first, longer');
      await writeFileAtomically(path, 'second');
      expect(await readFile(path, 'utf8')).to.equal('second');
      expect(await readdir(folder)).to.deep.equal(['a.txt']);
    });
  });

  it('fails with the path and leaves nothing behind', async () => {
    await inFolder(async (folder) => {
      const missing = join(folder, 'none', 'a.txt');
      const failure: unknown = await writeFileAtomically(missing, 'x').catch((error: unknown) => error);
      expect(isBraggscapeError(failure) && failure.report).to.contain(missing);
      // A folder in the file's place: the temporary file is written, the rename fails.
      const taken = join(folder, 'taken');
      await writeFileAtomically(join(folder, 'keep'), 'x');
      const { mkdir } = await import('node:fs/promises');
      await mkdir(join(taken, 'inside'), { recursive: true });
      const refused: unknown = await writeFileAtomically(taken, 'x').catch((error: unknown) => error);
      expect(isBraggscapeError(refused) && refused.code).to.equal('file.unwritable');
      expect((await readdir(folder)).sort()).to.deep.equal(['keep', 'taken']);
    });
  });
});
