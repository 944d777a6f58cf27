import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { isBraggscapeError, structureFrom } from '@braggscape/core';
import { frontFigure, historyFigure, patternFigure, structureDrawing, writeFigure, writeFileAtomically } from 'braggscape';
import type { FrontFigure } from 'braggscape';

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

const cell = structureFrom([[3, 0, 0], [0, 4, 0], [-1, 0, 6]], [11, 17], [[0, 0, 0], [0.5, 0.5, 0.5]]);

/** A front of five points between an energy and a loss that spans decades. */
function front(losses: readonly number[]): FrontFigure {
  const energies = [-1.99, -1.993, -1.995, -1.9992, -2];
  return {
    axes: [{ name: 'cosine', unit: '1' }, { name: 'chgnet', unit: 'eV/atom' }],
    points: losses.map((loss, i) => ({ values: [loss, energies[i]], kind: i === 0 || i === 4 ? 'single' : i === 2 ? 'epsilon' : 'weights' })),
    others: [[losses[4] / 2, -1.991], [1e6, 0]],
    examples: [0, 2, 4].map((index) => ({ index, name: index === 2 ? 'knee' : 'end', structure: cell, pattern: pattern() })),
  };
}

describe('the figure of a front', () => {
  it('shows energies above the lowest in meV, and labels three structures', async () => {
    await inFolder(async (folder) => {
      const figure = frontFigure(front([0, 0.1, 0.2, 0.3, 0.5]));
      const drawn = rows(figure).filter(({ kind }) => kind !== undefined);
      expect(new Set(drawn.map(({ kind }) => kind))).to.deep.equal(new Set(['one objective alone', 'weighted sum', 'ε-constraint']));
      expect(Math.min(...drawn.map(({ y }) => y as number))).to.equal(0);
      expect(Math.max(...drawn.map(({ y }) => y as number))).to.be.closeTo(10, 1e-9);
      // What lies far off the front does not squeeze it.
      expect(rows(figure).every(({ x }) => x !== 1e6)).to.equal(true);
      await writeFigure(join(folder, 'front'), figure);
      const svg = await readFile(join(folder, 'front.svg'), 'utf8');
      expect(svg).to.contain('A: end').and.contain('B: knee').and.contain('C: end').and.contain('chgnet energy above the lowest (meV/atom)').and.contain('cosine loss');
      expect(svg).to.contain('a, b, c = 3.000, 4.000, 6.083 Å').and.contain('−1.9950 eV/atom (lowest + 5.0 meV)').and.not.contain('NaN');
      expect(svg).to.contain('>Na<').and.contain('>Cl<');
    });
  });

  it('bends an axis on which the points crowd at zero', () => {
    const scaleOf = (figure: unknown): unknown => (figure as { vconcat: { layer: { encoding: { x: { scale: { type?: string } } } }[] }[] }).vconcat[0].layer[0].encoding.x.scale.type;
    expect(scaleOf(frontFigure(front([0, 0.1, 0.2, 0.3, 0.5])))).to.equal(undefined);
    expect(scaleOf(frontFigure(front([0, 1e-5, 1e-4, 1e-3, 0.5])))).to.equal('symlog');
  });

  it('draws a cell along an axis, with the copies of atoms on its faces', () => {
    // Along b, c to the right: the plane of a and c, in which the sides are 3 and √37 with −1 of overlap.
    const { atoms, edges, extent } = structureDrawing(cell, [1, 2]);
    expect(atoms.filter(({ symbol }) => symbol === 'Na')).to.have.length(8);
    expect(atoms.filter(({ symbol }) => symbol === 'Cl').map(({ x, y }) => [x, y].map(Math.abs))).to.deep.equal([[0, 0]]);
    expect(edges).to.have.length(24);
    const lengths = Array.from({ length: 12 }, (_, i) => Math.hypot(edges[2 * i].x - edges[2 * i + 1].x, edges[2 * i].y - edges[2 * i + 1].y)).sort((a, b) => a - b);
    [0, 0, 0, 0, 3, 3, 3, 3].forEach((length, i) => expect(lengths[i]).to.be.closeTo(length, 1e-12));
    lengths.slice(8).forEach((length) => expect(length).to.be.closeTo(Math.sqrt(37), 1e-12));
    expect(extent[0]).to.be.closeTo((Math.sqrt(37) + 3 / Math.sqrt(37)) / 2, 1e-9);
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
