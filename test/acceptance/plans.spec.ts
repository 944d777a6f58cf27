import { expect } from 'chai';
import { access, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { braggscape, root, withFolder } from './program.js';

const u2ti = join(root, 'examples/recover-u2ti/U2Ti.cif');
const axis = ['--wavelength', '1.5406', '--two-theta', '15:90:1501', '--no-figures', '--json'];
const distorted = ['--set', 'distort.lattice=0.05', '--set', 'distort.coordinates=0.03', '--seed', '2'];
const json = (text: string): any => JSON.parse(text);
const record = async (folder: string): Promise<any> => json(await readFile(join(folder, 'record.json'), 'utf8'));

describe('plans on the command line', function () {
  this.timeout(60_000);

  it('--plan xrd converges, with the verdict in the JSON and the record; the record repeats it', () =>
    withFolder(async (folder) => {
      const out = join(folder, 'out');
      const { code, stdout, stderr } = await braggscape(['refine', u2ti, '--pattern', u2ti, ...axis, '--set', 'distort.lattice=0.02', '--seed', '2', '--plan', 'xrd', '-o', out]);
      expect(code, stderr).to.equal(0);
      const result = json(stdout);
      expect(result.stopReason).to.equal('converged');
      expect(result.verdict).to.include({ level: 'confident' });
      expect(result.verdict.final).to.include({ match: true, strict: true });
      expect(result.verdict.spaceGroup.number).to.equal(191);
      expect(stderr).to.contain('step 1 of 2 of the plan: anneal from start').and.to.contain('step 2 of 2 of the plan: fit');
      const written = await record(out);
      expect(written.verdict.level).to.equal('confident');
      expect(written.config.plan).to.deep.include({ name: 'xrd' });
      expect(written.config.plan.steps.map((step: any) => step.do)).to.deep.equal(['anneal', 'fit']);
      const again = await braggscape(['run', join(out, 'record.json'), '-o', join(folder, 'again'), '--json']);
      expect(again.code, again.stderr).to.equal(0);
      expect((await record(join(folder, 'again'))).final).to.deep.equal(written.final);
      expect(await readFile(join(folder, 'again/refined.cif'), 'utf8')).to.equal(await readFile(join(out, 'refined.cif'), 'utf8'));
    }));

  it('robust is the default: with energies it recovers strictly and is confident', () =>
    withFolder(async (folder) => {
      const { code, stdout, stderr } = await braggscape(['refine', u2ti, '--pattern', u2ti, ...axis, ...distorted, '-o', folder]);
      expect(code, stderr).to.equal(0);
      const { verdict, objectives, files } = json(stdout);
      expect(verdict.level, verdict.reasons.join()).to.equal('confident');
      expect(verdict.final.strict).to.equal(true);
      expect(verdict.start.strict).to.equal(false);
      expect(verdict.energyAboveBest).to.be.at.most(0.2);
      expect(objectives.chgnet.unit).to.equal('eV/atom');
      expect(verdict.energy).to.be.closeTo(objectives.chgnet.value, 1e-9);
      expect((await record(folder)).config.plan).to.deep.include({ name: 'robust' });
      expect(files.rivals).to.have.length(verdict.rivals.length);
    }));

  it('takes a plan of one’s own from a file, writes its rivals as CIFs, and says what to people', () =>
    withFolder(async (folder) => {
      const truth = join(folder, 'layered.cif');
      await writeFile(truth, `data_layered
_cell_length_a 3.1
_cell_length_b 3.1
_cell_length_c 6.4
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
_symmetry_space_group_name_H-M 'P 1'
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
Fe1 Fe 0 0 0.21
Co1 Co 0 0 0.71
Sr1 Sr 0.5 0.5 0
`);
      await writeFile(join(folder, 'mine.yaml'), 'summary: annealed, with a look for rivals\nsteps:\n  - do: anneal\n    fwhm: [1.5, 0.5]\n  - do: rivals\n    moves: 0\n  - do: fit\n');
      const out = join(folder, 'out');
      const args = ['refine', truth, '--pattern', truth, '--plan', './mine.yaml', '--objective', 'cosine', '--set', 'distort.coordinates=0.01', '--seed', '1', '--set', 'pattern.noise.counts=2000', '--set', 'instrument.use=powder', '--wavelength', '1.5406', '--two-theta', '15:90:1501', '--no-figures', '-o', out];
      const { code, stdout, stderr } = await braggscape(args, { cwd: folder });
      expect(code, stderr).to.equal(0);
      expect(stdout).to.contain('verdict: ambiguous').and.to.contain('explains the pattern alike').and.to.contain('fits alike').and.to.contain('rival-1.cif');
      const { config, verdict } = await record(out);
      expect(config.plan.name).to.equal('mine');
      const cifs = (await readdir(out)).filter((name) => name.startsWith('rival-'));
      expect(cifs.sort()).to.deep.equal(verdict.rivals.map((_: unknown, i: number) => `rival-${i + 1}.cif`));
      const { stdout: compared } = await braggscape(['match', join(out, 'rival-1.cif'), join(out, 'refined.cif'), '--json']);
      expect(json(compared).strict).to.equal(false);
      // The record carries the plan, whatever becomes of the file.
      await writeFile(join(folder, 'mine.yaml'), 'steps: []\n');
      const again = await braggscape(['run', join(out, 'record.json'), '-o', join(folder, 'again'), '--json']);
      expect(again.code, again.stderr).to.equal(0);
      expect((await record(join(folder, 'again'))).final).to.deep.equal((await record(out)).final);
    }));

  for (const [what, plan, says] of [
    ['a misspelled step', 'steps:\n  - do: anneal\n  - do: fitt\n', ['mine.yaml: steps.1.do', 'fitt', 'did you mean "fit"']],
    ['a misspelled option', 'steps:\n  - do: anneal\n    step: 3\n', ['plan.steps.0.step', 'did you mean "steps"']],
    ['a list', '- do: anneal\n', ['mine.yaml', 'must be an object']],
  ] as const) {
    it(`says what is wrong with a plan file that has ${what}, and writes nothing`, () =>
      withFolder(async (folder) => {
        await writeFile(join(folder, 'mine.yaml'), plan);
        const { code, stderr } = await braggscape(['refine', u2ti, '--pattern', u2ti, ...axis, '--plan', './mine.yaml', '-o', 'out'], { cwd: folder });
        expect(code).to.equal(1);
        for (const part of says) expect(stderr).to.contain(part);
        expect(stderr).not.to.contain('fault of the program');
        expect(await readdir(folder)).to.deep.equal(['mine.yaml']);
      }));
  }

  for (const [what, args, says] of [
    ['a plan file that is missing', ['--plan', './none.yaml'], ['none.yaml']],
    ['an optimizer beside a plan', ['--plan', 'xrd', '--optimizer', 'fire'], ['does not heed --optimizer', '--plan descent']],
    ['a step limit beside a plan', ['--plan', 'xrd', '--steps', '40'], ['does not heed --steps']],
  ] as const) {
    it(`says what is wrong with ${what}`, () =>
      withFolder(async (folder) => {
        const { code, stderr } = await braggscape(['refine', u2ti, '--pattern', u2ti, ...axis, ...args, '-o', join(folder, 'out')], { cwd: folder });
        expect(code).to.equal(1);
        for (const part of says) expect(stderr).to.contain(part);
      }));
  }

  it('stops at Ctrl-C with the best structure and a checkpoint, and --resume goes on to where an unbroken run arrives', () =>
    withFolder(async (folder) => {
      // With few counts on an instrument whose background is not fitted there is always something left to explain.
      await writeFile(join(folder, 'long.yaml'), 'steps:\n  - do: anneal\n    fwhm: [3, 1]\n    steps: 10\n  - do: explore\n    moves: 8\n    most: 4\n  - do: fit\n    candidates: 2\n');
      const args = ['refine', u2ti, '--pattern', u2ti, ...axis, '--plan', join(folder, 'long.yaml'), '--objective', 'cosine', ...distorted, '--set', 'pattern.noise.counts=3000', '--set', 'pattern.noise.background=0.2'];
      const out = join(folder, 'out');
      const broken = await braggscape([...args, '-o', out], {
        onStart: (child) => child.stderr?.on('data', (chunk: Buffer) => chunk.toString().includes('explore') && child.kill('SIGINT')),
      });
      expect(broken.code, broken.stderr).to.equal(130);
      expect(json(broken.stdout).stopReason).to.equal('cancelled');
      await access(join(out, 'refined.cif'));
      await access(join(out, 'checkpoint.json'));
      const resumed = await braggscape([...args, '-o', out, '--resume']);
      expect(resumed.stderr).to.contain('resuming at step');
      const whole = await braggscape([...args, '-o', join(folder, 'whole')]);
      expect(resumed.code).to.equal(whole.code);
      expect((await record(out)).final).to.deep.equal((await record(join(folder, 'whole'))).final);
      const other = await braggscape([...args, '--seed', '9', '-o', out, '--resume']);
      expect(other.code).to.equal(1);
      expect(other.stderr).to.contain('checkpoint belongs to another');
    }));
});
