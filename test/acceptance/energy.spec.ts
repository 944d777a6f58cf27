import { expect } from 'chai';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { structureFrom } from '@braggscape/core';
import type { Plugin } from '@braggscape/core';
import { writeCif } from '@braggscape/crystal';
import { checkPlugin } from '@braggscape/testing';
import { braggscape, root, withFolder } from './program.js';

const u2ti = join(root, 'examples/recover-u2ti/U2Ti.cif');

function json(text: string): any {
  return JSON.parse(text);
}

/** U2Ti with every atom and the cell a little off. */
async function writeDistorted(folder: string): Promise<string> {
  const path = join(folder, 'start.cif');
  await writeFile(
    path,
    `data_start
_cell_length_a 4.95
_cell_length_b 4.75
_cell_length_c 2.9
_cell_angle_alpha 91
_cell_angle_beta 89
_cell_angle_gamma 121
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
U1 U 0.34 0.66 0.49
U2 U 0.66 0.34 0.51
Ti1 Ti 0.01 0 0
`,
  );
  return path;
}

describe('energies on the command line', function () {
  this.timeout(90_000);

  it('have help with examples', async () => {
    for (const verb of ['energy', 'relax']) {
      const { code, stdout } = await braggscape([verb, '--help']);
      expect(code).to.equal(0);
      expect(stdout).to.contain('Examples:').and.to.contain(`braggscape ${verb}`).and.to.contain('--backend').and.to.contain('--json');
    }
  });

  it('energy gives energy, forces and stress, the same on wasm and on cpu', async () => {
    const results = [];
    for (const backend of ['wasm', 'cpu']) {
      const { code, stdout, stderr } = await braggscape(['energy', u2ti, '--potential', 'chgnet', '--backend', backend, '--json']);
      expect(code, stderr).to.equal(0);
      results.push(json(stdout));
    }
    const [a, b] = results;
    expect(a.energyPerAtom).to.be.closeTo(-10.0665, 1e-3);
    expect(a.energy).to.be.closeTo(3 * a.energyPerAtom, 1e-9);
    expect(a.forces).to.have.length(3);
    expect(a.potential).to.equal('chgnet');
    expect([a.backend, b.backend]).to.deep.equal(['wasm', 'cpu (TensorFlow.js)']);
    expect(b.energyPerAtom).to.be.closeTo(a.energyPerAtom, 1e-5);
    a.stress.flat().forEach((value: number, k: number) => expect(b.stress.flat()[k]).to.be.closeTo(value, 5e-3));
  });

  it('evaluate needs no pattern for a potential, and its gradient fits a finite difference of the cell', () =>
    withFolder(async (folder) => {
      const text = await readFile(u2ti, 'utf8');
      const at = async (c: number): Promise<any> => {
        const file = join(folder, 'start.cif');
        await writeFile(file, text.replace('2.847', String(c)));
        return json((await braggscape(['evaluate', file, '--objective', 'chgnet', '--gradient', '--json'])).stdout).objectives.chgnet;
      };
      const [low, mid, high] = [await at(2.86), await at(2.87), await at(2.88)];
      expect(mid.unit).to.equal('eV/atom');
      expect(mid.gradient.cell.c).to.be.closeTo((high.value - low.value) / 0.02, 1e-3);
      const both = await braggscape(['evaluate', u2ti, '--objective', 'chgnet', '--objective', 'cosine']);
      expect([both.code, both.stderr.includes('--pattern')]).to.deep.equal([1, true]);
    }));

  it('relax brings a distorted crystal to the minimum, with trajectory, record and figure', () =>
    withFolder(async (folder) => {
      const start = await writeDistorted(folder);
      const out = join(folder, 'out');
      const { code, stdout, stderr } = await braggscape(['relax', start, '--reference', u2ti, '-o', out, '--json']);
      expect(code, stderr).to.equal(0);
      const result = json(stdout);
      expect(result.stopReason).to.equal('converged');
      expect(result.maxForce.value).to.be.at.most(0.05);
      expect(result.energyPerAtom.value).to.be.closeTo(-10.077, 2e-3);
      expect(result.verdict.match).to.equal(true);
      const frames = (await readFile(join(out, 'trajectory.extxyz'), 'utf8')).match(/energy=/g);
      expect(frames).to.have.length(result.steps + 1);
      const record = json(await readFile(join(out, 'record.json'), 'utf8'));
      expect(record.history).to.have.length(result.steps + 1);
      expect(record.final.structure.lattice).to.have.length(3);
      expect((await braggscape(['energy', join(out, 'relaxed.cif'), '--json'])).stdout).to.contain('energyPerAtom');
      expect((await readFile(join(out, 'relaxation.svg'), 'utf8')).length).to.be.greaterThan(1000);
      const again = json((await braggscape(['relax', start, '-o', join(folder, 'again'), '--no-figures', '--json'])).stdout);
      expect(again.energyPerAtom).to.deep.equal(result.energyPerAtom);
    }));

  it('relax keeps a space group, stands pressure, and stops with the reason', () =>
    withFolder(async (folder) => {
      const out = join(folder, 'out');
      const pressed = json((await braggscape(['relax', u2ti, '--fix-symmetry', '--pressure', '20', '--optimizer', 'lbfgs', '-o', out, '--no-figures', '--json'])).stdout);
      expect(pressed.cell.a).to.be.closeTo(pressed.cell.b, 1e-9);
      expect(pressed.cell.gamma).to.be.closeTo(120, 1e-9);
      expect(pressed.cell.a).to.be.lessThan(4.8);
      const short = await braggscape(['relax', await writeDistorted(folder), '--steps', '1', '-o', join(folder, 'short'), '--no-figures', '--json']);
      expect([short.code, json(short.stdout).stopReason]).to.deep.equal([2, 'maxSteps']);
    }));

  it('relax stops at Ctrl-C with what it has', () =>
    withFolder(async (folder) => {
      const out = join(folder, 'out');
      const args = ['relax', await writeDistorted(folder), '--fmax', '0', '--smax', '0', '--steps', '1000000', '-o', out, '--no-figures', '--json'];
      const { code, stdout, stderr } = await braggscape(args, { onStart: (child) => child.stderr?.once('data', () => setTimeout(() => child.kill('SIGINT'), 400)) });
      expect(code, stderr).to.equal(130);
      expect(json(stdout).stopReason).to.equal('cancelled');
      expect(await readFile(join(out, 'relaxed.cif'), 'utf8')).to.contain('_cell_length_a');
    }));

  it('refine descends pattern and energy together, and run repeats it from the record', () =>
    withFolder(async (folder) => {
      const out = join(folder, 'out');
      const common = ['--set', 'distort.lattice=0.1', '--seed', '1', '--wavelength', '1.5406', '--no-figures'];
      const { stdout, stderr } = await braggscape(['refine', u2ti, '--pattern', u2ti, '--objective', 'cosine', '--objective', 'chgnet=5', ...common, '-o', out, '--json']);
      const result = json(stdout);
      expect(Object.keys(result.objectives), stderr).to.deep.equal(['cosine', 'chgnet']);
      expect(result.objectives.chgnet.unit).to.equal('eV/atom');
      // The pattern alone ends at a loss of 0.37 from here.
      expect(result.objectives.cosine.value).to.be.lessThan(1e-2);
      expect(result.verdict.final.strict).to.equal(true);
      const again = await braggscape(['run', join(out, 'record.json'), '-o', join(folder, 'again'), '--json']);
      expect(json(again.stdout).objectives).to.deep.equal(result.objectives);
    }));

  it('take options of potentials, and sums of them', async () => {
    const soft = json((await braggscape(['energy', u2ti, '--potential', 'lennard-jones', '--set', 'epsilon=0.01', '--set', 'sigma=2.5', '--json'])).stdout);
    const sum = json((await braggscape(['energy', u2ti, '--potential', 'lennard-jones', '--potential', 'short-range-repulsion', '--set', 'lennard-jones.epsilon=0.01', '--set', 'lennard-jones.sigma=2.5', '--json'])).stdout);
    expect(sum.potential).to.equal('lennard-jones+short-range-repulsion');
    // The repulsion ends well below these distances.
    expect(sum.energy).to.be.closeTo(soft.energy, 1e-9);
  });

  it('come from a folder with a graph model, named in a configuration, whose record repeats from elsewhere', () =>
    withFolder(async (folder) => {
      const example = join(root, 'examples/custom-potential');
      const trained = json((await braggscape(['energy', join(example, 'argon.cif'), '--potential', join(example, 'model'), '--json'])).stdout);
      expect(trained.potential).to.equal('neural argon');
      expect(trained.energyPerAtom).to.be.closeTo(-0.08, 2e-3);
      const out = join(folder, 'out');
      const { stdout, stderr } = await braggscape(['run', join(example, 'recover.yaml'), '-o', out, '--set', 'figures=false', '--json']);
      const result = json(stdout);
      expect(Object.keys(result.objectives), stderr).to.deep.equal(['cosine', 'neural-argon']);
      expect(result.verdict.final.strict).to.equal(true);
      const record = json(await readFile(join(out, 'record.json'), 'utf8'));
      expect(record.inputs.some(({ role }: { role: string }) => role === 'potential')).to.equal(true);
      const again = await braggscape(['run', join(out, 'record.json'), '-o', join(folder, 'again'), '--json'], { cwd: folder });
      expect(json(again.stdout).objectives, again.stderr).to.deep.equal(result.objectives);
    }));

  it('come from a plugin in TypeScript, which keeps the laws', async () => {
    const path = join(root, 'examples/custom-potential/dist/stillingerWeber.js');
    const { default: plugin } = (await import(pathToFileURL(path).href)) as { default: Plugin };
    const edge = 5.431;
    const diamond = structureFrom([[0, edge / 2, edge / 2], [edge / 2, 0, edge / 2], [edge / 2, edge / 2, 0]], [14, 14], [[0, 0, 0], [0.25, 0.25, 0.25]]);
    const moved = { ...diamond, frac: diamond.frac.map((x, i) => x + 0.01 * ((i * 5) % 3)), lattice: diamond.lattice.map((x, i) => x + 0.03 * ((i * 7) % 4)) };
    await checkPlugin(plugin, { structures: [diamond, moved] });
    await withFolder(async (folder) => {
      await writeFile(join(folder, 'silicon.cif'), writeCif([{ name: 'silicon', structure: diamond }]));
      const { stdout, stderr } = await braggscape(['energy', join(folder, 'silicon.cif'), '--plugin', path, '--potential', 'silicon/stillinger-weber', '--json']);
      // The cohesive energy that ε was made for: 2 ε.
      expect(json(stdout).energyPerAtom, stderr).to.be.closeTo(-4.3366, 1e-3);
    });
  });
});
