import { expect } from 'chai';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { braggscape, root, withFolder } from './program.js';

const u2ti = join(root, 'examples/recover-u2ti/U2Ti.cif');
const instrument = ['--wavelength', '1.5406', '--two-theta', '20:80:1501'];

function json(text: string): any {
  return JSON.parse(text);
}

describe('the command line', function () {
  this.timeout(60000);

  it('has help with examples for every verb', async () => {
    for (const verb of ['simulate', 'evaluate', 'match', 'refine', 'run', 'scan', 'plugins']) {
      const { code, stdout } = await braggscape([verb, '--help']);
      expect(code).to.equal(0);
      expect(stdout).to.contain('Examples:').and.to.contain(`braggscape ${verb}`).and.to.contain('--json');
    }
  });

  it('simulates: reflections in JSON, and a pattern file that reads back', () =>
    withFolder(async (folder) => {
      const out = join(folder, 'u2ti.xye');
      const { code, stdout } = await braggscape(['simulate', u2ti, ...instrument, '-o', out, '--json']);
      expect(code).to.equal(0);
      const result = json(stdout);
      expect(result.twoTheta).to.have.length(1501);
      expect(result.intensity).to.have.length(1501);
      // d(001) = c for this hexagonal cell.
      const basal = result.reflections.find((line: any) => line.h === 0 && line.k === 0 && Math.abs(line.l) === 1);
      expect(basal.dSpacing).to.be.closeTo(2.847, 1e-9);
      expect(basal.multiplicity).to.equal(2);
      const again = await braggscape(['evaluate', u2ti, '--pattern', out, ...instrument, '--json']);
      expect(json(again.stdout).objectives.cosine.value).to.be.closeTo(0, 1e-12);
    }));

  it('evaluates several objectives with gradients that fit a finite difference of the cell', () =>
    withFolder(async (folder) => {
      const text = await readFile(u2ti, 'utf8');
      const at = async (c: number): Promise<any> => {
        const file = join(folder, 'start.cif');
        await writeFile(file, text.replace('2.847', String(c)));
        const args = ['evaluate', file, '--pattern', u2ti, ...instrument, '--objective', 'cosine', '--objective', 'mse', '--gradient', '--json'];
        return json((await braggscape(args)).stdout).objectives;
      };
      const [low, mid, high] = [await at(2.8499), await at(2.85), await at(2.8501)];
      for (const id of ['cosine', 'mse']) {
        const slope = (high[id].value - low[id].value) / 2e-4;
        expect(mid[id].gradient.cell.c).to.be.closeTo(slope, 1e-4 * Math.abs(slope));
        expect(mid[id].gradient.lattice).to.have.length(3);
        expect(mid[id].gradient.frac).to.have.length(3);
        expect(mid[id].unit).to.equal('1');
      }
    }));

  it('looks for the symmetry that a start nearly has, says what it found, and keeps it within bounds', () =>
    withFolder(async (folder) => {
      const out = join(folder, 'out');
      const args = ['refine', u2ti, '--pattern', u2ti, ...instrument, '--steps', '10', '--project', 'auto,bounds', '--set', 'distort.lattice=0.02', '--set', 'distort.coordinates=0.005', '--no-figures', '-o', out];
      const { stdout, stderr } = await braggscape([...args, '--json']);
      expect(stderr).to.match(/symmetry: P6\/mmm \(191\), found within 0\.\d+ Å: sites move by/);
      const { finding, cell } = json(stdout);
      expect(finding).to.contain('P6/mmm');
      expect(cell.a).to.be.closeTo(cell.b, 1e-9);
      expect(cell.gamma).to.be.closeTo(120, 1e-9);
      expect(json(await readFile(join(out, 'record.json'), 'utf8')).config.projector).to.deep.include({ use: 'compose' });
    }));

  it('simulates a scan with its noise, and comes home against it from a start that sharp peaks leave stuck', () =>
    withFolder(async (folder) => {
      const scan = join(folder, 'scan.xye');
      const made = await braggscape(['simulate', u2ti, '--wavelength', 'CuKa1', '--counts', '20000', '--background', '0.02', '--seed', '3', '-o', scan]);
      expect(made.code, made.stderr).to.equal(0);
      // The wavelength comes from the file.
      const args = ['refine', u2ti, '--pattern', scan, '--subtract-background', '2', '--vary', 'cell', '--set', 'distort.lattice=0.08', '--seed', '1', '--steps', '300', '--reference', u2ti, '--no-figures', '--json'];
      const sharp = await braggscape([...args, '-o', join(folder, 'sharp')]);
      expect(json(sharp.stdout).verdict.final.strict, sharp.stderr).to.equal(false);
      const broad = await braggscape([...args, '--broaden', '5,3.5,2.5,1.8,1.2,0.8,0.5', '-o', join(folder, 'broad')]);
      expect(json(broad.stdout).verdict.final.strict, broad.stderr).to.equal(true);
      expect(broad.stderr).to.contain('stage 1 of 8').and.to.contain('sharp peaks');
      const again = await braggscape(['run', join(folder, 'broad/record.json'), '-o', join(folder, 'again'), '--json']);
      expect(json(again.stdout).cell).to.deep.equal(json(broad.stdout).cell);
    }));

  it('matches a structure with itself and not with another', async () => {
    const same = json((await braggscape(['match', u2ti, u2ti, '--json'])).stdout);
    expect(same).to.include({ match: true, strict: true });
    expect(same.rms).to.be.closeTo(0, 1e-8);
    expect(same.amdDistance).to.equal(0);
    expect(same.spacegroups).to.deep.equal(['P6/mmm', 'P6/mmm']);
  });

  it('lists plugins and prints a JSON Schema of configurations', async () => {
    const { entries, plugins } = json((await braggscape(['plugins', '--json'])).stdout);
    expect(entries.map((entry: any) => entry.id)).to.include.members(['adam', 'cosine', 'hexagonal', 'max-steps', 'weighted-sum', 'cif']);
    expect(plugins.map((plugin: any) => plugin.name)).to.include('@braggscape/metrics');
    const schema = json((await braggscape(['plugins', '--schema'])).stdout);
    expect(schema.properties.optimizer.oneOf.map((option: any) => option.properties.use.const)).to.include('adam');
  });

  it('refines to a record, a structure, figures and a table; run repeats it exactly from the record', () =>
    withFolder(async (folder) => {
      const out = join(folder, 'out');
      const args = ['refine', u2ti, '--pattern', u2ti, ...instrument, '--set', 'distort.lattice=0.02', '--seed', '3', '--steps', '40', '--vary', 'cell', '-o', out];
      const first = await braggscape([...args, '--json']);
      expect(first.code, first.stderr).to.be.oneOf([0, 2]);
      const result = json(first.stdout);
      expect(result.stopReason).to.be.oneOf(['converged', 'stalled', 'maxSteps']);
      expect(result.objectives.cosine.value).to.be.at.most(result.objectives.cosine.initial);
      expect((await readdir(out)).sort()).to.deep.equal(
        ['checkpoint.json', 'history.png', 'history.svg', 'pattern.png', 'pattern.svg', 'record.json', 'refined.cif'].sort(),
      );
      const record = json(await readFile(join(out, 'record.json'), 'utf8'));
      expect(record.config.optimizer.learningRate).to.not.equal(undefined);
      expect(record.inputs[0].sha256).to.match(/^[0-9a-f]{64}$/);
      expect(record.history).to.have.length(record.steps + 1);
      const recordFile = join(folder, 'again.json');
      await writeFile(recordFile, JSON.stringify(record));
      const second = await braggscape(['run', recordFile, '-o', join(folder, 'out2'), '--json']);
      const again = json(await readFile(join(folder, 'out2/record.json'), 'utf8'));
      expect(second.code).to.equal(first.code);
      expect(again.history).to.deep.equal(record.history);
      expect(again.final).to.deep.equal(record.final);
      expect(await readFile(join(folder, 'out2/refined.cif'), 'utf8')).to.equal(await readFile(join(out, 'refined.cif'), 'utf8'));
    }));

  it('stops at Ctrl-C with the best structure kept, and resumes to where an unbroken run arrives', () =>
    withFolder(async (folder) => {
      const common = ['refine', u2ti, '--pattern', u2ti, '--wavelength', '1.5406', '--set', 'distort.lattice=0.05', '--seed', '1', '--vary', 'cell', '--no-figures'];
      // Only the step limit may end these runs.
      const steps = (n: number): string[] => ['--set', `stop=[{"use":"max-steps","steps":${n}}]`];
      const out = join(folder, 'out');
      const broken = await braggscape([...common, ...steps(1000000), '-o', out, '--json'], {
        onStart: (child) => {
          // The start line on standard error says that the loop is running.
          child.stderr?.once('data', () => setTimeout(() => child.kill('SIGINT'), 300));
        },
      });
      expect(broken.code, broken.stderr).to.equal(130);
      const stopped = json(broken.stdout);
      expect(stopped.stopReason).to.equal('cancelled');
      expect(await readFile(join(out, 'refined.cif'), 'utf8')).to.contain('_cell_length_a');
      const target = stopped.steps + 50;
      const resumed = await braggscape([...common, ...steps(target), '-o', out, '--resume', '--json']);
      expect(json(resumed.stdout).steps).to.equal(target);
      await braggscape([...common, ...steps(target), '-o', join(folder, 'whole'), '--json']);
      const history = async (path: string): Promise<unknown> => json(await readFile(join(path, 'record.json'), 'utf8')).history;
      expect(await history(out)).to.deep.equal(await history(join(folder, 'whole')));
      const other = await braggscape([...common, ...steps(target), '--set', 'distort.lattice=0.04', '-o', out, '--resume']);
      expect(other.code).to.equal(1);
      expect(other.stderr).to.contain('checkpoint belongs to another');
    }));
});
