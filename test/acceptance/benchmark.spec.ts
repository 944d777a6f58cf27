import { DuckDBInstance } from '@duckdb/node-api';
import { expect } from 'chai';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parquetReadObjects } from 'hyparquet';
import { braggscape, root, withFolder } from './program.js';
import type { Outcome } from './program.js';

const tables = ['table.csv', 'tables.md', 'tables.tex', 'summary.json'];
const files = [...tables, 'results.parquet', 'results.duckdb', 'failures.json', 'protocol.json', 'journal'];

/** A folder with one crystal, and a small benchmark of it in folders beside. */
async function smallBenchmark(folder: string, env: Readonly<Record<string, string>> = {}): Promise<(...args: readonly string[]) => Promise<Outcome>> {
  await mkdir(join(folder, 'crystals'), { recursive: true });
  await copyFile(join(root, 'examples/recover-u2ti/U2Ti.cif'), join(folder, 'crystals/U2Ti.cif'));
  return (...args) => braggscape(['benchmark', 'paper', ...['--structures', 'crystals', '--noise', 'lattice', '--levels', '0.05', '--samples', '2', '--settings', 'cosine,mse+constraint', '--steps', '50', '--energies', 'none', '--no-figures', '--two-theta', '20:80:1501'], ...args], { cwd: folder, env });
}

const read = (...path: readonly string[]): Promise<string> => readFile(join(...path), 'utf8');

async function keysOf(...path: readonly string[]): Promise<readonly string[]> {
  return (await read(...path, 'journal/results.jsonl')).trim().split('\n').map((line) => JSON.parse(line).key);
}

async function parquetRows(path: string): Promise<readonly Record<string, unknown>[]> {
  const file = await readFile(path);
  return parquetReadObjects({ file: file.buffer.slice(file.byteOffset, file.byteOffset + file.length) });
}

async function duckDbRows(path: string): Promise<readonly Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  const rows = (await connection.runAndReadAll('SELECT * FROM results')).getRowObjectsJS();
  connection.closeSync();
  instance.closeSync();
  return rows;
}

describe('the verb benchmark', function () {
  this.timeout(60000);

  it('writes the same tables in one go, with samples added later, with two processes and without DuckDB, and from shards merged in any order', () =>
    withFolder(async (folder) => {
      const bench = await smallBenchmark(folder);
      const first = await bench('-o', 'one', '--samples', '1', '--workers', '1');
      expect(first.code, first.stderr).to.equal(0);
      const journal = await read(folder, 'one/journal/results.jsonl');
      const [refused, one] = [await bench('-o', 'one'), await bench('-o', 'one', '--resume', '--workers', '1', '--json')];
      expect(refused.code).to.equal(1);
      expect(refused.stderr).to.match(/one: the folder holds results of an earlier run .*--resume/);
      expect(one.code, one.stderr).to.equal(0);
      const result = JSON.parse(one.stdout);
      expect(result).to.deep.include({ state: 'complete', total: 4, before: 2, done: 2, failed: [] });
      expect((await read(folder, 'one/journal/results.jsonl')).startsWith(journal)).to.equal(true);
      expect(result.cells.map(({ setting, runs }: any) => [setting, runs])).to.deep.equal([['cosine', 2], ['mse+constraint', 2]]);
      expect((await readdir(join(folder, 'one'))).sort()).to.deep.equal(files.sort());
      expect(result.files).to.have.members(files.filter((name) => name !== 'journal' && name !== 'protocol.json').map((name) => join('one', name)));
      const rows = await parquetRows(join(folder, 'one/results.parquet'));
      expect(rows.map(({ sample, setting }) => [sample, setting])).to.deep.equal([[0, 'cosine'], [0, 'mse+constraint'], [1, 'cosine'], [1, 'mse+constraint']]);
      for (const row of rows) expect(row.final_cosine).to.be.below(row.initial_cosine as number);
      expect(await duckDbRows(join(folder, 'one/results.duckdb'))).to.deep.equal(rows);

      const withoutDuckDb = await smallBenchmark(folder, await hidingDuckDb(folder));
      const [two, ...shards] = await Promise.all([
        withoutDuckDb('-o', 'two', '--workers', '2'),
        bench('-o', 'shard-1', '--shard', '1/2', '--workers', '1'),
        bench('-o', 'shard-2', '--shard', '2/2', '--workers', '1'),
      ]);
      expect(two.code, two.stderr).to.equal(0);
      expect(two.stderr.match(/results\.duckdb will be left out: .*npm install @duckdb\/node-api/g)).to.have.length(1);
      expect(two.stdout).to.match(/ cosine +mse\+constraint\n/).and.match(/lattice +0\.05 .*\d+\.\d \[/);
      expect((await readdir(join(folder, 'two'))).sort()).to.deep.equal(files.filter((name) => name !== 'results.duckdb'));
      for (const { code, stderr } of shards) {
        expect(code, stderr).to.equal(0);
        expect(stderr).to.include('benchmark merge');
      }
      expect(await readdir(join(folder, 'shard-1'))).to.have.members(['failures.json', 'journal', 'protocol.json', 'results.parquet']);
      const [done, missing] = [await keysOf(folder, 'shard-2'), (await keysOf(folder, 'shard-1'))[0]];
      const failure = { key: missing, task: 'lattice 0.05 #0 U2Ti cosine', error: 'died', attempts: 5 };
      await writeFile(join(folder, 'shard-2/failures.json'), JSON.stringify([failure, { ...failure, key: done[0] }]));
      const merge = (...args: readonly string[]): Promise<Outcome> => braggscape(['benchmark', 'merge', ...args, '-o', 'merged'], { cwd: folder });
      const half = await merge('shard-2', '--no-figures', '--json');
      expect(half.code, half.stderr).to.equal(2);
      expect(JSON.parse(half.stdout)).to.deep.include({ state: 'incomplete', total: 4, added: 2, missing: 2, failed: [failure] });
      const merged = await merge('shard-1', 'shard-2', '--resume');
      expect(merged.code, merged.stderr).to.equal(0);
      expect(merged.stdout).to.include('4 of 4 tasks have results; 2 of them are new');
      expect(JSON.parse(await read(folder, 'merged/failures.json'))).to.deep.equal([]);
      expect(await readdir(join(folder, 'merged/figures'))).to.include.members(['match-rates.svg', 'match-rates.png', 'similarity.png', 'cost.png']);
      expect(await readdir(join(folder, 'merged'))).to.include.members(files);
      for (const name of tables) {
        const expected = await read(folder, 'one', name);
        for (const other of ['two', 'merged']) expect(await read(folder, other, name), `${other} ${name}`).to.equal(expected);
      }
    }));

  it('writes what there is when it is interrupted', () =>
    withFolder(async (folder) => {
      await smallBenchmark(folder);
      const journal = join(folder, 'out/journal/results.jsonl');
      const args = ['benchmark', 'paper', '--structures', 'crystals', '--noise', 'lattice', '--samples', '4000', '--settings', 'cosine', '--steps', '50', '--energies', 'none', '--workers', '1', '-o', 'out'];
      const { code, stdout, stderr } = await braggscape(args, { cwd: folder, onStart: (child) => void interruptOnce(child, journal) });
      expect(code, stderr).to.equal(130);
      expect(stderr).to.match(/interrupted; \d+ of 20000 results are kept/);
      expect(stdout).to.include('Match rates');
      const lines = (await read(journal)).trim().split('\n');
      expect(await parquetRows(join(folder, 'out/results.parquet'))).to.have.length(lines.length);
      expect(await read(folder, 'out/tables.md')).to.include(`${lines.length} of 20000 runs`);
    }));

  it('takes plans from beside the file that names them, notes results of other protocols, and does tasks again when a plugin has changed', () =>
    withFolder(async (folder) => {
      const bench = await smallBenchmark(folder);
      await mkdir(join(folder, 'settings'));
      await writeFile(join(folder, 'settings/mine.yaml'), 'plan: ./short.yaml\n');
      await writeFile(join(folder, 'settings/short.yaml'), 'steps: [{ do: descend, steps: 3 }]\n');
      // A plugin finds the program's packages where it lies.
      await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
      const plugin = join(folder, 'plugin.mjs');
      await copyFile(join(root, 'test/acceptance/slowPlugin.mjs'), plugin);
      const args = ['--samples', '1', '--settings', 'settings/mine.yaml@3,cosine', '--optimizer', 'test/slow', '--plugin', './plugin.mjs', '--workers', '1', '-o', 'out'];
      const first = await bench(...args);
      expect(first.code, first.stderr).to.equal(0);
      const again = await bench(...args, '--resume', '--json');
      expect(JSON.parse(again.stdout)).to.deep.include({ before: 2, done: 0 });
      expect(again.stderr).to.not.include('belong to no task');
      await writeFile(plugin, `${await read(plugin)}\n// changed\n`);
      const changed = await bench(...args, '--resume', '--json');
      expect(changed.code, changed.stderr).to.equal(0);
      expect(JSON.parse(changed.stdout)).to.deep.include({ before: 0, done: 2 });
      expect(changed.stderr).to.include('2 results in the folder belong to no task of this protocol');
    }));

  it('says what is wrong with its input before it begins', () =>
    withFolder(async (folder) => {
      const bench = await smallBenchmark(folder);
      await Promise.all(['empty', 'broken', 'partial'].map((name) => mkdir(join(folder, name))));
      await writeFile(join(folder, 'broken/oops.cif'), 'data_x\n_cell_length_a 4\nloop_\n_atom_site_label\n');
      const cif = await read(folder, 'crystals/U2Ti.cif');
      await writeFile(join(folder, 'partial/half.cif'), cif.replace('Ti1 Ti 0 0 0 1', 'Ti1 Ti 0 0 0 0.5'));
      await mkdir(join(folder, 'settings'));
      await writeFile(join(folder, 'settings/typo.yaml'), 'optimiser: { use: adam }\n');
      await writeFile(join(folder, 'settings/model.yaml'), 'objectives: [{ use: cosine }, { use: graph-model, folder: nomodel }]\n');
      await mkdir(join(folder, 'primitive'));
      await writeFile(join(folder, 'primitive/copper.cif'), primitiveCopper);
      const faults = [
        [['--settings', 'cosin'], /there is no setting "cosin".*cosine/],
        [['--structures', 'empty'], /empty: there is no structure file/],
        [['--structures', 'nowhere'], /nowhere: the folder cannot be read \(ENOENT\)/],
        [['--structures', 'broken'], /broken\/oops\.cif/],
        [['--structures', 'primitive', '--settings', 'cosine+constraint'], /copper: the lattice is cubic, and the cell is not its conventional one.*conventional cell/],
        [['--noise', 'coords', '--settings', 'cosine,cosine+constraint'], /"cosine\+constraint" is benched on lattice noise only/],
        [['--settings', 'settings/typo.yaml'], /settings\/typo\.yaml: .*optimiser.*optimizer/],
        [['--settings', 'settings/model.yaml'], /settings\/nomodel/],
        [['--structures', 'partial', '--energies', 'chgnet'], /half: --energies cannot take half: .*--energies none/],
      ] as const;
      await Promise.all(
        faults.map(async ([args, says]) => {
          const { code, stderr } = await bench(...args, '-o', 'out');
          expect(code, stderr).to.equal(1);
          expect(stderr).to.match(says);
        }),
      );
      expect(existsSync(join(folder, 'out'))).to.equal(false);
      const merge = await braggscape(['benchmark', 'merge', 'empty', '-o', 'out'], { cwd: folder });
      expect(merge.code).to.equal(1);
      expect(merge.stderr).to.match(/empty\/protocol\.json: the protocol cannot be read/);
      expect(existsSync(join(folder, 'out'))).to.equal(false);
    }));
});

/** Face-centred copper in its rhombohedral primitive cell. */
const primitiveCopper = `data_copper
_cell_length_a 2.556
_cell_length_b 2.556
_cell_length_c 2.556
_cell_angle_alpha 60
_cell_angle_beta 60
_cell_angle_gamma 60
_symmetry_space_group_name_H-M 'P 1'
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
Cu1 Cu 0 0 0
`;

/** Interrupt a run once it has results. */
async function interruptOnce(child: ChildProcess, journal: string): Promise<void> {
  while (child.exitCode === null) {
    await setTimeout(50);
    const lines = existsSync(journal) ? (await readFile(journal, 'utf8')).split('\n').length : 0;
    if (lines > 4) {
      child.kill('SIGINT');
      return;
    }
  }
}

/** An environment in which the program does not find DuckDB, as where it is not installed. */
async function hidingDuckDb(folder: string): Promise<Readonly<Record<string, string>>> {
  const [hook, register] = [join(folder, 'hook.mjs'), join(folder, 'register.mjs')];
  const refuse = "if (name.startsWith('@duckdb/')) throw Object.assign(new Error('not found'), { code: 'ERR_MODULE_NOT_FOUND' });";
  await writeFile(hook, `export async function resolve(name, context, next) {\n  ${refuse}\n  return next(name, context);\n}\n`);
  await writeFile(register, `import { register } from 'node:module';\nregister(${JSON.stringify(pathToFileURL(hook).href)});\n`);
  return { NODE_OPTIONS: `--import ${pathToFileURL(register).href}` };
}
