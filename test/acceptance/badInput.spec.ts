import { expect } from 'chai';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { braggscape, root, withFolder } from './program.js';

const goodCif = await readFile(join(root, 'examples/recover-u2ti/U2Ti.cif'), 'utf8');
const goodPattern = Array.from({ length: 50 }, (_, i) => `${20 + i} ${100 + (i % 7)}`).join('\n');
const instrument = ['--wavelength', '1.5406', '--two-theta', '20:60:200'];
const config = {
  structure: 'start.cif',
  pattern: { structure: 'start.cif' },
  instrument: { wavelength: 1.5406 },
  twoTheta: { start: 20, stop: 60, count: 200 },
  stop: [{ use: 'max-steps', steps: 2 }],
  figures: false,
};

interface Case {
  readonly title: string;
  /** Files beside start.cif and scan.xy, which are good unless replaced here. */
  readonly files?: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  /** The message must contain all of these. */
  readonly says: readonly (string | RegExp)[];
}

const refine = (...more: string[]): string[] => ['refine', 'start.cif', '--pattern', 'scan.xy', ...instrument, '-o', 'out', ...more];
const withCif = (title: string, from: string | RegExp, to: string, says: Case['says']): Case => ({
  title,
  files: { 'start.cif': goodCif.replace(from, to) },
  args: refine(),
  says: ['start.cif', ...says],
});

const cases: readonly Case[] = [
  { title: 'missing file', args: ['refine', 'nowhere.cif', '--pattern', 'scan.xy', ...instrument, '-o', 'out'], says: ['nowhere.cif', 'no such file'] },
  { title: 'empty structure file', files: { 'start.cif': '' }, args: refine(), says: ['start.cif', 'empty'] },
  { title: 'empty pattern file', files: { 'scan.xy': '' }, args: refine(), says: ['scan.xy', 'empty'] },
  { title: 'truncated CIF', files: { 'start.cif': goodCif.slice(0, goodCif.indexOf('U1 U') + 12) }, args: refine(), says: [/start\.cif:\d+/] },
  { title: 'optimizer beside a plan, be it the usual one', args: refine('--plan', 'robust', '--optimizer', 'adam'), says: ['--optimizer', 'robust', '--plan descent'] },
  { title: 'gap in a list of constraints', args: refine('--project', 'auto,,bounds'), says: ['--project', 'auto,,bounds', 'one comma'] },
  { title: 'typo in a plan file', files: { 'mine.yaml': 'steps:\n  - do: aneal\n' }, args: refine('--plan', './mine.yaml'), says: ['mine.yaml: steps.0.do', 'aneal', 'anneal'] },
  withCif('unknown element', 'U1 U 0', 'U1 Xx 0', [/start\.cif:\d+/, 'Xx']),
  withCif('cell of zero volume', '_cell_length_c                   2.847', '_cell_length_c 0', [/:\d+/, 'cell']),
  withCif('impossible angles', '_cell_angle_gamma                120', '_cell_angle_gamma 190', ['gamma']),
  withCif('angles that enclose no volume', /_cell_angle_alpha +90/, '_cell_angle_alpha 20', ['volume']),
  withCif('coordinate that is not a number', '0.333333333333 0.666666666667', 'nan 0.666666666667', [/start\.cif:\d+/]),
  { title: 'pattern with text', files: { 'scan.xy': `${goodPattern}\n70 abc\n71 5` }, args: refine(), says: ['scan.xy:51', 'abc'] },
  { title: 'pattern cut off in a line', files: { 'scan.xy': `${goodPattern}\n70` }, args: refine(), says: ['scan.xy:51', '1 columns'] },
  { title: 'unsorted pattern', files: { 'scan.xy': `${goodPattern}\n30 5` }, args: refine(), says: ['scan.xy:51', 'ascend'] },
  { title: 'pattern with NaN', files: { 'scan.xy': `${goodPattern}\n70 nan` }, args: refine(), says: ['scan.xy:51', 'NaN'] },
  { title: 'negative-only pattern', files: { 'scan.xy': '20 -1\n21 -2\n22 -3\n23 -1' }, args: refine(), says: ['scan.xy', 'positive'] },
  { title: 'pattern of zeros', files: { 'scan.xy': '20 0\n21 0\n22 0\n23 0' }, args: refine(), says: ['scan.xy', 'positive'] },
  { title: 'wavelength missing', args: ['refine', 'start.cif', '--pattern', 'scan.xy', '-o', 'out'], says: ['wavelength', 'CuKa1', '1.54056'] },
  { title: 'wavelength name with a slip', args: ['simulate', 'start.cif', '--wavelength', 'CuKa11'], says: ['CuKa11', 'CuKa1'] },
  { title: 'unknown option', args: refine('--optimiser', 'adam'), says: ['--optimiser', '--optimizer'] },
  { title: 'unknown verb', args: ['refin', 'start.cif'], says: ['refin', 'refine'] },
  { title: 'unknown optimizer', args: refine('--optimizer', 'adan'), says: ['adan', 'adam'] },
  { title: 'unknown objective', args: refine('--objective', 'cosin'), says: ['cosin', 'cosine'] },
  { title: 'unknown projector', args: refine('--project', 'hexagonale'), says: ['hexagonale', 'hexagonal'] },
  { title: 'unknown block to vary', args: refine('--vary', 'cell,coord'), says: ['coord', 'coords'] },
  { title: 'weight that is no number', args: refine('--objective', 'cosine=x'), says: ['cosine=x'] },
  { title: 'bad 2θ range', args: ['simulate', 'start.cif', '--wavelength', '1.5406', '--two-theta', '90:5:100'], says: ['--two-theta'] },
  { title: 'unknown plugin', args: refine('--plugin', 'braggscape-plugin-nowhere'), says: ['braggscape-plugin-nowhere', 'npm install'] },
  { title: 'plugin that is none', files: { 'notPlugin.mjs': 'export default 3;\n' }, args: refine('--plugin', './notPlugin.mjs'), says: ['notPlugin.mjs', 'definePlugin'] },
  { title: 'plugin with a syntax error', files: { 'broken.mjs': 'export default {;\n' }, args: refine('--plugin', './broken.mjs'), says: ['broken.mjs', 'fails to load'] },
  { title: 'structure name not in the file', args: ['refine', 'start.cif#U3Ti', '--pattern', 'scan.xy', ...instrument], says: ['U3Ti', 'U2Ti'] },
  {
    title: 'misspelled config key',
    files: { 'run.json': JSON.stringify({ ...config, optimiser: { use: 'adam' } }) },
    args: ['run', 'run.json'],
    says: ['optimiser', 'optimizer'],
  },
  {
    title: 'misspelled option of a chosen optimizer',
    files: { 'run.json': JSON.stringify({ ...config, optimizer: { use: 'adam', learningRte: 1 } }) },
    args: ['run', 'run.json'],
    says: ['optimizer.learningRte', 'learningRate'],
  },
  { title: 'config that is no JSON or YAML', files: { 'run.yaml': 'structure: [a\nb: }' }, args: ['run', 'run.yaml'], says: [/run\.yaml:\d/] },
  { title: 'config value of a wrong type', files: { 'run.json': JSON.stringify({ ...config, seed: 'one' }) }, args: ['run', 'run.json'], says: ['seed', 'integer', 'one'] },
  { title: 'unknown potential', args: ['energy', 'start.cif', '--potential', 'chgnett'], says: ['chgnett', 'chgnet'] },
  { title: 'backend that is not installed', args: ['energy', 'start.cif', '--backend', 'node'], says: ['npm install @tensorflow/tfjs-node'] },
  { title: 'backend that does not exist', args: ['relax', 'start.cif', '--backend', 'gpu'], says: ['--backend', 'webgpu'] },
  { title: 'backend of a potential that has none', args: ['energy', 'start.cif', '--potential', 'morse', '--backend', 'cpu'], says: ['--backend', 'graph models'] },
  { title: 'misspelled option of a potential', args: ['energy', 'start.cif', '--potential', 'morse', '--set', 'dept=1'], says: ['dept', 'depth'] },
  { title: 'option of which of several potentials', args: ['energy', 'start.cif', '--potential', 'morse', '--potential', 'chgnet', '--set', 'depth=1'], says: ['depth=1', 'morse.depth=1'] },
  { title: 'element outside the potential', files: { 'start.cif': goodCif.replace('U1 U 0', 'U1 Es 0') }, args: ['relax', 'start.cif', '-o', 'out'], says: ['chgnet', 'Es'] },
  { title: 'isolated atoms', files: { 'start.cif': goodCif.replace(/(_cell_length_[abc] +)[\d.]+/g, '$130') }, args: ['energy', 'start.cif'], says: ['no neighbour within 6 Å'] },
  { title: 'atoms on top of each other', files: { 'start.cif': goodCif.replace('Ti1 Ti 0 0 0 1', 'Ti1 Ti 0.3335 0.6667 0.5 1') }, args: ['energy', 'start.cif'], says: ['start.cif:21', 'U1', 'shares'] },
  { title: 'cell too small for a potential', files: { 'start.cif': goodCif.replace(/(_cell_length_[abc] +)[\d.]+/g, '$10.05') }, args: ['energy', 'start.cif'], says: ['too small'] },
  { title: 'energy of a start that a potential cannot take', files: { 'start.cif': goodCif.replace('U1 U 0', 'U1 Es 0') }, args: refine('--objective', 'chgnet'), says: ['chgnet', 'Es'] },
  { title: 'folder without a graph model', args: ['energy', 'start.cif', '--potential', '.'], says: ['signature.json'] },
  { title: 'metric without a pattern', args: ['evaluate', 'start.cif'], says: ['cosine', '--pattern'] },
  { title: 'resume without a checkpoint', args: refine('--resume'), says: ['checkpoint'] },
];

describe('bad input ends in one clear message and exit code 1', function () {
  this.timeout(30000);
  for (const { title, files = {}, args, says } of cases) {
    it(title, () =>
      withFolder(async (folder) => {
        const all: Record<string, string> = { 'start.cif': goodCif, 'scan.xy': goodPattern, ...files };
        for (const [name, text] of Object.entries(all)) await writeFile(join(folder, name), text);
        const { code, stdout, stderr } = await braggscape(args, { cwd: folder });
        expect(code, stderr).to.equal(1);
        expect(stdout).to.equal('');
        for (const part of says) {
          if (typeof part === 'string') expect(stderr).to.contain(part);
          else expect(stderr).to.match(part);
        }
        expect(stderr, 'no stack trace').not.to.match(/\n\s+at /);
        expect(stderr.trim().split('\n').length, stderr).to.be.at.most(2);
        expect((await readdir(folder)).sort(), 'nothing half-written').to.deep.equal(Object.keys(all).sort());
      }),
    );
  }

  it('unwritable output folder', () =>
    withFolder(async (folder) => {
      await writeFile(join(folder, 'start.cif'), goodCif);
      await writeFile(join(folder, 'scan.xy'), goodPattern);
      // A file where the folder should be: root may write anywhere, so permissions alone prove nothing.
      await writeFile(join(folder, 'out'), 'occupied');
      const { code, stderr } = await braggscape(refine(), { cwd: folder });
      expect(code).to.equal(1);
      expect(stderr).to.contain('out').and.to.contain('--output');
      expect(await readFile(join(folder, 'out'), 'utf8')).to.equal('occupied');
    }));

  it('output file in a folder that does not exist, or is read-only', () =>
    withFolder(async (folder) => {
      await writeFile(join(folder, 'start.cif'), goodCif);
      const missing = await braggscape(['simulate', 'start.cif', ...instrument, '-o', 'no/where.xy'], { cwd: folder });
      expect(missing.code).to.equal(1);
      expect(missing.stderr).to.contain('no/where.xy');
      expect(await readdir(folder)).to.deep.equal(['start.cif']);
      if (process.getuid?.() === 0) return;
      await mkdir(join(folder, 'locked'));
      await chmod(join(folder, 'locked'), 0o500);
      const locked = await braggscape(['simulate', 'start.cif', ...instrument, '-o', 'locked/a.xy'], { cwd: folder });
      expect(locked.code).to.equal(1);
      await chmod(join(folder, 'locked'), 0o700);
    }));
});
