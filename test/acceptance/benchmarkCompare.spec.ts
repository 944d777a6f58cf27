import { expect } from 'chai';
import { copyFile, mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { braggscape, root, withFolder } from './program.js';
import type { Outcome } from './program.js';

/** Small benchmarks of one crystal in folders beside each other. */
async function benchmarks(folder: string): Promise<(...args: readonly string[]) => Promise<Outcome>> {
  await mkdir(join(folder, 'crystals'));
  await copyFile(join(root, 'examples/recover-u2ti/U2Ti.cif'), join(folder, 'crystals/U2Ti.cif'));
  const common = ['--structures', 'crystals', '--noise', 'lattice', '--levels', '0.05', '--settings', 'cosine', '--steps', '50', '--energies', 'none', '--two-theta', '20:80:1501', '--workers', '1', '--no-figures'];
  return (...args) => braggscape(['benchmark', 'paper', ...common, ...args], { cwd: folder });
}

describe('the verb benchmark compare', function () {
  this.timeout(60000);

  it('ranks two runs on their common starts, for people, as JSON and in files, and refuses a single entry', () =>
    withFolder(async (folder) => {
      const bench = await benchmarks(folder);
      for (const args of [['-o', 'adam', '--samples', '4'], ['-o', 'lbfgs', '--samples', '3', '--optimizer', 'lbfgs']]) {
        const { code, stderr } = await bench(...args);
        expect(code, stderr).to.equal(0);
      }
      const compare = (...args: readonly string[]): Promise<Outcome> => braggscape(['benchmark', 'compare', ...args], { cwd: folder });
      const json = await compare('adam', 'lbfgs', '--by', 'evaluations', '--detail', '--json', '-o', 'leaderboard');
      expect(json.code, json.stderr).to.equal(0);
      const { sections, runs, files } = JSON.parse(json.stdout);
      expect(runs.map(({ name, starts }: any) => [name, starts])).to.deep.equal([['adam', 4], ['lbfgs', 3]]);
      expect(sections.map(({ noise, level, starts }: any) => [noise, level, starts])).to.deep.equal([[null, null, 3], ['lattice', 0.05, 3]]);
      const [{ rows, pairs }] = sections;
      expect(rows.map(({ entry }: any) => entry)).to.have.members(['adam/cosine', 'lbfgs/cosine']);
      // What the journals hold, counted by hand: starts of the same sample are the same.
      const journal = async (name: string): Promise<any[]> => (await readFile(join(folder, name, 'journal/results.jsonl'), 'utf8')).trim().split('\n').map((line) => JSON.parse(line));
      const [adam, lbfgs] = [await journal('adam'), await journal('lbfgs')];
      const value = ({ final, evaluations }: any): number => (final.match ? evaluations : Infinity);
      let wins = 0;
      for (const one of lbfgs) {
        const other = adam.find(({ sample }) => sample === one.sample);
        expect(one.initial).to.deep.equal(other.initial);
        if (value(one) < value(other)) wins++;
      }
      const [pair] = pairs;
      expect(pair.a === 'lbfgs/cosine' ? pair.betterA : pair.betterB).to.equal(wins);
      expect((await readdir(join(folder, 'leaderboard'))).sort()).to.deep.equal(['comparison.json', 'comparison.md', 'comparison.png', 'comparison.svg', 'leaderboard.csv', 'pairs.csv']);
      expect(files).to.have.length(6);
      const people = await compare('adam', 'lbfgs', '--settings', 'cosine');
      expect(people.stdout).to.match(/all starts: 3 that all entries share\nentry +rank +group +match/).and.match(/\nadam\/cosine +\d=? +\d/);
      expect(people.stderr).to.match(/on the 3 starts that they share; they have 3 to 4 each/);
      const alone = await compare('adam');
      expect(alone.code).to.equal(1);
      expect(alone.stderr).to.match(/nothing to compare "cosine" with/);
    }));
});
