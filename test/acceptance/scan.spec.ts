import { expect } from 'chai';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { braggscape, root, withFolder } from './program.js';

const u2ti = join(root, 'examples/recover-u2ti/U2Ti.cif');
const instrument = ['--wavelength', '1.5406', '--two-theta', '20:80:1501'];

describe('the verb scan', function () {
  this.timeout(60000);

  it('maps several objectives, with minima, roughness, paths and files', () =>
    withFolder(async (folder) => {
      const objectives = ['--objective', 'cosine', '--objective', 'lennard-jones=0.5'];
      const args = ['scan', u2ti, '--axes', 'a,c', '--range', '0.9:1.1', '--grid', '15x13', ...objectives, '--broaden', '3', '--weights', '0.1,1', '--descend', 'lbfgs', '--project', 'hexagonal', '--from', '1.02,1.01', ...instrument, '-o', folder, '--json'];
      const { code, stdout, stderr } = await braggscape(args);
      expect(code, stderr).to.equal(0);
      const result = JSON.parse(stdout);
      expect(result.axes.map(({ name, count }: any) => [name, count])).to.deep.equal([['a', 15], ['c', 13]]);
      expect(result.axes[0].from).to.be.closeTo(0.9 * 4.828, 1e-9);
      const ids = ['cosine', 'lennard-jones', 'cosine@3', 'combined', 'cosine+0.1*lennard-jones', 'cosine+1*lennard-jones'];
      expect(Object.keys(result.minima)).to.deep.equal(ids);
      const [lowest] = result.minima.cosine;
      expect(lowest.at[0]).to.be.closeTo(4.828, 1e-9);
      expect(lowest.at[1]).to.be.closeTo(2.847, 1e-9);
      expect(lowest.value).to.be.closeTo(0, 1e-9);
      for (const id of ids) expect(result.roughness[id]).to.include.keys('localMinima', 'basinFraction', 'totalVariation', 'straightDownhillFraction', 'gradientMeanCosine');
      expect(result.curvature.cosine.flat).to.equal(13);
      expect(result.paths.map(({ setting }: any) => setting)).to.deep.equal(['unconstrained', 'unconstrained from projected start', 'projected']);
      const landscape = JSON.parse(await readFile(join(folder, 'landscape.json'), 'utf8'));
      expect(landscape.surfaces.map(({ id }: any) => id)).to.deep.equal(ids);
      expect(landscape.surfaces[0].values).to.have.length(195);
      const names = await readdir(folder);
      expect(names).to.include.members(['landscape.json', 'landscape.parquet', 'landscape.svg', 'landscape.png', 'widths-cosine.svg', 'frames-cosine', 'weights.png']);
      expect(names).to.not.include('scan-stretches');
      for (const file of result.files.figures as string[]) expect(existsSync(file), file).to.equal(true);
    }));

  it('loses nothing to Ctrl-C, nor to being killed: resumed, it writes the same landscape.json', () =>
    withFolder(async (folder) => {
      const args = ['scan', u2ti, '--axes', 'a,c', '--grid', '81x80', '--objective', 'cosine', '--objective', 'mse', ...instrument, '--no-figures', '--no-curvature', '--workers', '1'];
      const [whole, cut] = [join(folder, 'whole'), join(folder, 'cut')];
      expect((await braggscape([...args, '-o', whole])).code).to.equal(0);
      const stretches = async (): Promise<number> => (await readdir(join(cut, 'scan-stretches'))).filter((name) => name.endsWith('.json')).length;
      const interrupted = await braggscape([...args, '-o', cut], { onStart: (child) => void stopEarly(child, join(cut, 'scan-stretches'), 1, 'SIGINT') });
      expect(interrupted.code).to.equal(130);
      const first = await stretches();
      expect(first).to.be.within(1, 12);
      const killed = await braggscape([...args, '-o', cut, '--resume'], { onStart: (child) => void stopEarly(child, join(cut, 'scan-stretches'), first + 1, 'SIGKILL') });
      if (killed.code === null) expect(await stretches()).to.be.above(first);
      const resumed = await braggscape([...args, '-o', cut, '--resume']);
      expect(resumed.code, resumed.stderr).to.equal(0);
      if (killed.code === null) expect(resumed.stderr).to.match(/\d+ points were there already/);
      expect(await readFile(join(cut, 'landscape.json'), 'utf8')).to.equal(await readFile(join(whole, 'landscape.json'), 'utf8'));
    }));

  it('says what is wrong with its options', async () => {
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [['--axes', 'q,c'], /"q" is no axis.*forms: a, b, c/],
      [['--axes', 'a', '--range', '1.2:0.8'], /FROM:TO/],
      [['--axes', 'a,c', '--from', '1', '--descend'], /--from gives 1 numbers for 2 axes/],
    ];
    for (const [args, message] of cases) {
      const { code, stderr } = await braggscape(['scan', u2ti, ...args, ...instrument, '-o', '/nonexistent/never']);
      expect(code, stderr).to.equal(1);
      expect(stderr).to.match(message);
    }
  });
});

/** Send a signal as soon as so many parts of the scan are written. */
async function stopEarly(child: ChildProcess, folder: string, parts: number, signal: NodeJS.Signals): Promise<void> {
  while (child.exitCode === null) {
    if (existsSync(folder) && (await readdir(folder)).filter((name) => name.endsWith('.json')).length >= parts) break;
    await setTimeout(3);
  }
  child.kill(signal);
}
