import { spawn } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { braggscape, root, withFolder } from './program.js';

const example = join(root, 'examples/custom-potential');
const argon = join(example, 'argon.cif');
const quick = ['--pattern', argon, '--wavelength', 'CuKa1', '--two-theta', '10:90:1500', '--objective', 'cosine', '--objective', 'lennard-jones', '--vary', 'cell', '--set', 'distort.lattice=0.03'];
const json = (text: string): any => JSON.parse(text);

/** Run an example's script. */
async function script(args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, args, { cwd: root });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, stdout, stderr };
}

function expectFront(points: readonly { objectives: Record<string, number>; method: { kind: string; objective?: string } }[], ids: readonly [string, string]): void {
  points.slice(1).forEach(({ objectives }, i) => {
    expect(objectives[ids[0]]).to.be.greaterThan(points[i].objectives[ids[0]]);
    expect(objectives[ids[1]]).to.be.lessThan(points[i].objectives[ids[1]]);
  });
  expect(points[0].method).to.deep.equal({ kind: 'single', objective: ids[0] });
  expect(points[points.length - 1].method).to.deep.equal({ kind: 'single', objective: ids[1] });
}

describe('braggscape front', () => {
  it('writes the front, a structure for each point and a figure, and repeats it from its record', () =>
    withFolder(async (folder) => {
      const out = join(folder, 'front');
      const { code, stdout, stderr } = await braggscape(['front', argon, ...quick, '--points', '5', '--seed', '2', '-o', out, '--json']);
      expect(code, stderr).to.equal(0);
      const result = json(stdout);
      expectFront(result.points, ['cosine', 'lennard-jones']);
      expect(result.points.length).to.be.at.least(5);
      expect(result.points[0].verdict.strict).to.equal(true);
      expect(result.points[0].objectives.cosine).to.be.below(1e-9);
      expect(result.hypervolume).to.be.within(0, 1);
      const written = (await readdir(out)).sort();
      expect(written).to.deep.equal(['front.json', 'front.png', 'front.svg', ...result.points.map((_: unknown, i: number) => `point-${String(i + 1).padStart(2, '0')}.cif`)]);
      const svg = await readFile(join(out, 'front.svg'), 'utf8');
      expect(svg).to.contain('knee').and.contain('meV/atom').and.contain('2θ (degrees)').and.not.contain('NaN').and.not.contain('undefined');
      const again = await braggscape(['front', join(out, 'front.json'), '-o', join(folder, 'again'), '--no-figures', '--json'], { cwd: folder });
      expect(again.code, again.stderr).to.equal(0);
      const strip = (points: readonly { file: string }[]) => points.map(({ file: _file, ...point }) => point);
      expect(strip(json(again.stdout).points)).to.deep.equal(strip(result.points));
      expect((await braggscape(['match', result.points[0].file, argon, '--json'])).stdout).to.contain('"match":true');
    }));

  it('keeps the front so far when it is interrupted', () =>
    withFolder(async (folder) => {
      const { code, stdout } = await braggscape(['front', argon, ...quick, '--points', '500', '-o', folder, '--no-figures', '--json'], {
        onStart: (child) => child.stderr?.on('data', (chunk: Buffer) => chunk.toString().includes('weighted sums') && child.kill('SIGINT')),
      });
      expect(code).to.equal(130);
      expect(json(stdout).stopReason).to.equal('cancelled');
      expect(json(await readFile(join(folder, 'front.json'), 'utf8')).points).to.have.length.within(2, 400);
    })).timeout(60_000);

  for (const [what, args, message] of [
    ['a weight', ['front', argon, '--pattern', argon, '--wavelength', 'CuKa1', '--objective', 'cosine=2', '--objective', 'mse'], 'sweeps the weights (write cosine)'],
    ['a pattern besides a configuration', ['front', join(example, 'recover.yaml'), '--pattern', argon], '--pattern is part of the configuration'],
    ['a further start of other atoms', ['front', argon, ...quick, '--from', join(root, 'examples/recover-u2ti/U2Ti.cif')], 'same elements in the same order'],
  ] as const) {
    it(`says what is wrong with ${what}`, async () => {
      const { code, stderr } = await braggscape(args);
      expect(code).to.equal(1);
      expect(stderr).to.contain(message).and.not.contain('fault of the program');
    });
  }
});

describe('examples', () => {
  it('combine-energy-and-diffraction: rutile’s front from the recovered cell to CHGNet’s', () =>
    withFolder(async (folder) => {
      const { code, stdout, stderr } = await script([join(root, 'examples/combine-energy-and-diffraction/run.mjs'), '--points', '3', '--output', folder]);
      expect(code, stderr).to.equal(0);
      const { points, verdicts } = json(await readFile(join(folder, 'front.json'), 'utf8'));
      expectFront(points, ['cosine', 'chgnet']);
      expect(verdicts[0].strict).to.equal(true);
      expect(points[0].objectives.cosine).to.be.below(1e-9);
      // CHGNet's own rutile is larger than the measured one; the energies are those of the undistorted crystal, measured and relaxed.
      expect(points[0].objectives.chgnet).to.be.closeTo(-9.3834, 1e-3);
      expect(points[points.length - 1].objectives.chgnet).to.be.closeTo(-9.3892, 1e-3);
      expect(stdout).to.contain('hypervolume');
      expect(await readFile(join(folder, 'front.svg'), 'utf8')).to.contain('Rutile');
    })).timeout(60_000);

  it('swap-optimizers: one word changes the optimizer, and each lowers the loss', () =>
    withFolder(async (folder) => {
      const { code, stdout, stderr } = await script([join(root, 'examples/swap-optimizers/run.mjs'), '--steps', '60', '--output', folder]);
      expect(code, stderr).to.equal(0);
      const rows = stdout.split('\n').slice(1, 6).map((line) => line.trim().split(/\s+/));
      expect(rows.map(([name]) => name)).to.deep.equal(['gradient-descent', 'momentum', 'adam', 'fire', 'lbfgs']);
      for (const [name, loss] of rows) expect(Number(loss), name).to.be.below(2e-3);
      expect(Number(rows[4][1])).to.be.below(Number(rows[0][1]) / 100);
      expect((await readdir(folder)).sort()).to.deep.equal(['optimizers.png', 'optimizers.svg', 'table.txt']);
    }));
});
