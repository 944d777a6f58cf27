import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { braggscape, root, withFolder } from './program.js';

const u2ti = join(root, 'examples/recover-u2ti/U2Ti.cif');
const short = ['--wavelength', 'CuKa1', '--two-theta', '20:60:401', '--steps', '5', '--vary', 'cell', '--set', 'distort.lattice=0.02', '--no-figures'];
const refine = (folder: string, out: string, ...more: string[]): string[] => ['refine', join(folder, 'start.cif'), '--pattern', join(folder, 'truth.cif'), ...short, '-o', join(folder, out), ...more];

async function withStart(use: (folder: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    await copyFile(u2ti, join(folder, 'start.cif'));
    await copyFile(u2ti, join(folder, 'truth.cif'));
    await use(folder);
  });
}

describe('the command line keeps what users have', function () {
  this.timeout(60000);

  it('repeats a record from any folder, also after the whole tree has moved', () =>
    withStart(async (folder) => {
      await mkdir(join(folder, 'tree'));
      for (const name of ['start.cif', 'truth.cif']) await rename(join(folder, name), join(folder, 'tree', name));
      const relative = ['refine', 'start.cif', '--pattern', 'truth.cif', ...short, '-o', 'out'];
      const first = await braggscape(relative, { cwd: join(folder, 'tree') });
      expect(first.code, first.stderr).to.equal(2);
      await rename(join(folder, 'tree'), join(folder, 'moved'));
      const again = await braggscape(['run', join(folder, 'moved/out/record.json'), '-o', join(folder, 'again')]);
      expect(again.code, again.stderr).to.equal(2);
      expect(await readFile(join(folder, 'again/refined.cif'), 'utf8')).to.equal(await readFile(join(folder, 'moved/out/refined.cif'), 'utf8'));
    }));

  it('says that an input has changed since the record was made', () =>
    withStart(async (folder) => {
      await braggscape(refine(folder, 'out'));
      await writeFile(join(folder, 'start.cif'), `# edited\n${await readFile(u2ti, 'utf8')}`);
      const { stderr } = await braggscape(['run', join(folder, 'out/record.json'), '-o', join(folder, 'again')]);
      expect(stderr).to.contain('start.cif').and.to.contain('changed');
    }));

  it('sets keys inside what only defaults had, and refuses names of the language', () =>
    withStart(async (folder) => {
      const { code, stderr } = await braggscape(refine(folder, 'out', '--set', 'stop.0.steps=1', '--set', 'optimizer.use=adam', '--set', 'optimizer.learningRate=0.001'));
      expect(code, stderr).to.equal(2);
      const { config } = JSON.parse(await readFile(join(folder, 'out/record.json'), 'utf8')) as { config: { stop: { steps: number }[]; optimizer: { learningRate: number } } };
      expect(config.stop[0].steps).to.equal(1);
      expect(config.optimizer.learningRate).to.equal(0.001);
      const bad = await braggscape(refine(folder, 'out2', '--set', '__proto__.polluted=1'));
      expect(bad.code).to.equal(1);
      expect(bad.stderr).to.contain('__proto__');
    }));

  it('does not write over a file that it reads', () =>
    withStart(async (folder) => {
      await rename(join(folder, 'start.cif'), join(folder, 'refined.cif'));
      const before = await readFile(join(folder, 'refined.cif'), 'utf8');
      const { code, stderr } = await braggscape(['refine', join(folder, 'refined.cif'), '--pattern', join(folder, 'truth.cif'), ...short, '-o', folder]);
      expect(code).to.equal(1);
      expect(stderr).to.contain('refined.cif').and.to.contain('--output');
      expect(await readFile(join(folder, 'refined.cif'), 'utf8')).to.equal(before);
    }));

  it('refuses a damaged checkpoint with one sentence and leaves the results alone', () =>
    withStart(async (folder) => {
      await braggscape(refine(folder, 'out'));
      const refined = await readFile(join(folder, 'out/refined.cif'), 'utf8');
      const whole = await readFile(join(folder, 'out/checkpoint.json'), 'utf8');
      for (const text of ['null', whole.slice(0, 200), whole.replace(/"step":\d+/, '"step":-3')]) {
        await writeFile(join(folder, 'out/checkpoint.json'), text);
        const { code, stderr } = await braggscape(refine(folder, 'out', '--resume'));
        expect(code).to.equal(1);
        expect(stderr.trim().split('\n')).to.have.length.at.most(2);
        expect(stderr).to.contain('checkpoint').and.to.contain('resum');
        expect(await readFile(join(folder, 'out/refined.cif'), 'utf8')).to.equal(refined);
      }
    }));

  it('ends with 130 and writes nothing if interrupted before the run begins', () =>
    withStart(async (folder) => {
      const { code } = await braggscape(refine(folder, 'out'), { onStart: (child) => setTimeout(() => child.kill('SIGINT'), 60) });
      // Before the program's first line runs, the system itself ends it, and there is no code.
      expect(code).to.be.oneOf([130, null]);
      expect(existsSync(join(folder, 'out', 'record.json'))).to.equal(false);
    }));

  it('says that standard output is full instead of printing a stack', async function () {
    if (!existsSync('/dev/full')) this.skip();
    const { spawn } = await import('node:child_process');
    const { openSync } = await import('node:fs');
    const child = spawn(process.execPath, [join(root, 'packages/cli/bin/braggscape.js'), 'plugins', '--json'], { stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'] });
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code).to.equal(1);
    expect(stderr).to.contain('standard output').and.to.contain('ENOSPC');
  });

  it('takes an instrument from a file, with other phases whose files lie beside it', () =>
    withStart(async (folder) => {
      await mkdir(join(folder, 'lab'));
      await rename(join(folder, 'truth.cif'), join(folder, 'lab/other.cif'));
      await writeFile(join(folder, 'lab/diffractometer.yaml'), 'wavelength: CuKa1+2\nw: 0.02\ny: 0.05\nbackground: [20]\nphases:\n  - { name: other, structure: other.cif, scale: 0.1 }\n');
      const out = join(folder, 'scan.xye');
      const made = await braggscape(['simulate', join(folder, 'start.cif'), '--instrument', join(folder, 'lab/diffractometer.yaml'), '--two-theta', '20:60:801', '-o', out]);
      expect(made.code, made.stderr).to.equal(0);
      const { code, stdout, stderr } = await braggscape(
        ['refine', join(folder, 'start.cif'), '--pattern', out, '--instrument', join(folder, 'lab/diffractometer.yaml'), '--set', 'instrument.zero=0.02', '--vary', 'zero,phases.other.scale', '--objective', 'rwp', '-o', join(folder, 'fit'), '--json', '--no-figures'],
      );
      expect(code, stderr).to.be.oneOf([0, 2]);
      const { parameters } = JSON.parse(stdout) as { parameters: Record<string, { value: number }> };
      expect(parameters.zero.value).to.be.closeTo(0, 1e-3);
      expect(await readdir(join(folder, 'fit'))).to.include('record.json');
    }));
});
