import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, readdir, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, withFolder } from './program.js';

interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Run npm or npx; where they are scripts rather than programs, through the shell. */
function run(program: 'npm' | 'npx' | 'node', args: readonly string[], cwd: string): Promise<Finished> {
  const env = { ...process.env, npm_config_loglevel: 'error' };
  const options = { cwd, maxBuffer: 1e8, shell: process.platform === 'win32', env };
  return new Promise((resolve) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, stdout, stderr });
    });
  });
}

interface Packed {
  readonly name: string;
  readonly version: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

type Manifest = Readonly<Record<string, unknown>> & { readonly name: string };
type LockEntry = Readonly<Record<string, unknown>> & { readonly version?: string; readonly link?: boolean; readonly dev?: boolean; readonly devOptional?: boolean; readonly optionalDependencies?: Readonly<Record<string, string>> };

async function readJson<Value>(path: string): Promise<Value> {
  return JSON.parse(await readFile(path, 'utf8')) as Value;
}

/** Folders of what gets published, and the plugin of a stranger. */
async function publishedFolders(): Promise<string[]> {
  const packages = await readdir(join(root, 'packages'));
  return [...packages.map((name) => `packages/${name}`), 'examples/plugin-lion'];
}

async function pack(folders: readonly string[], destination: string): Promise<Packed[]> {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', destination, ...folders.map((folder) => `./${folder}`)];
  const { code, stdout, stderr } = await run('npm', args, root);
  expect(code, stderr).to.equal(0);
  return JSON.parse(stdout) as Packed[];
}

/**
 * A lockfile for the new project with the third-party versions of the repository's own, so that npm finds each in its cache by
 * checksum and needs no network. npm looks there only where an entry says where it came from.
 */
async function lockfile(project: Manifest, packed: readonly Packed[], folders: readonly string[]): Promise<unknown> {
  const { stdout } = await run('npm', ['config', 'get', 'registry'], root);
  const registry = stdout.trim().replace(/\/$/, '');
  const { packages } = await readJson<{ packages: Record<string, LockEntry> }>(join(root, 'package-lock.json'));
  const manifests = await Promise.all(folders.map((folder) => readJson<Manifest>(join(root, folder, 'package.json'))));
  const modules = 'node_modules/';
  const entries: Record<string, unknown> = { '': project };
  // "devOptional" is what the repository has for its tests and users install if they want it; its binaries are marked as optional only.
  const wanted = new Set(Object.values(packages).flatMap(({ devOptional, optionalDependencies }) => (devOptional === true ? Object.keys(optionalDependencies ?? {}).map((name) => `${modules}${name}`) : [])));
  for (const [path, entry] of Object.entries(packages)) {
    const home = folders.findIndex((folder) => path.startsWith(`${folder}/node_modules/`));
    if (entry.link === true || entry.dev === true || entry.devOptional === true || wanted.has(path) || (home < 0 && !path.startsWith('node_modules/'))) continue;
    const place = home < 0 ? path : path.replace(folders[home], `node_modules/${manifests[home].name}`);
    const name = typeof entry.name === 'string' ? entry.name : path.slice(path.lastIndexOf(modules) + modules.length);
    const base = name.slice(name.lastIndexOf('/') + 1);
    entries[place] = { resolved: `${registry}/${name}/-/${base}-${entry.version ?? ''}.tgz`, ...entry };
  }
  for (const { version, dependencies, peerDependencies, peerDependenciesMeta, optionalDependencies, bin, license, engines, name } of manifests) {
    const { filename } = packed.find((one) => one.name === name) as Packed;
    const needs = { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta, engines };
    entries[`node_modules/${name}`] = { version, resolved: `file:../tarballs/${filename}`, license, bin, ...needs };
  }
  return { name: project.name, version: '1.0.0', lockfileVersion: 3, requires: true, packages: entries };
}

/** Install everything packed, and what it depends on, into a new project beside the folder of the tarballs. */
async function install(folder: string, packed: readonly Packed[], folders: readonly string[]): Promise<void> {
  const dependencies = Object.fromEntries(packed.map(({ name, filename }) => [name, `file:../tarballs/${filename}`]));
  const project = { name: 'somebody-elses-project', version: '1.0.0', private: true, dependencies };
  await writeFile(join(folder, 'package.json'), JSON.stringify(project));
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify(await lockfile(project, packed, folders)));
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--omit=dev'];
  const offline = await run('npm', [...args, '--offline'], folder);
  if (offline.code === 0) return;
  // The cache was emptied: fetch what is missing.
  const online = await run('npm', [...args, '--prefer-offline'], folder);
  expect(online.code, `${offline.stderr}\n${online.stderr}`).to.equal(0);
}

const config = `
plugins: [braggscape-plugin-lion]
structure: U2Ti.cif
distort: { lattice: 0.01 }
pattern: { structure: U2Ti.cif }
instrument: { wavelength: 1.5406, w: 0.1 }
twoTheta: { start: 20, stop: 80, count: 1501 }
vary: [cell]
projector: { use: hexagonal }
optimizer: { use: lion/lion, stepSize: 0.005 }
stop: [{ use: max-steps, steps: 20 }]
seed: 1
output: out
`;

interface RunRecord {
  readonly config: { readonly plugins: readonly string[]; readonly optimizer: Readonly<Record<string, unknown>> };
  readonly versions: Readonly<Record<string, string>>;
  readonly steps: number;
}

describe('the published packages', function () {
  this.timeout(300000);

  it('install from their tarballs and run with a plugin of a stranger, outside the repository', () =>
    withFolder(async (temporary) => {
      const folder = await realpath(temporary);
      const [tarballs, project] = [join(folder, 'tarballs'), join(folder, 'project')];
      await Promise.all([mkdir(tarballs), mkdir(project)]);
      const folders = await publishedFolders();
      const packed = await pack(folders, tarballs);
      expect(packed.map(({ name }) => name)).to.include.members(['braggscape', '@braggscape/core', 'braggscape-plugin-lion']);
      for (const { name, files } of packed) {
        const paths = files.map(({ path }) => path);
        expect(paths, name).to.include.members(['package.json', 'README.md', 'LICENSE']);
        expect(paths.filter((path) => /(^|\/)test\/|\.spec\.|\.tsbuildinfo$/.test(path)), name).to.deep.equal([]);
      }
      await install(project, packed, folders);
      for (const { name } of packed) {
        const installed = await realpath(join(project, 'node_modules', name));
        expect(installed.startsWith(project), `${name} is a copy, not a link into the repository`).to.equal(true);
      }
      expect(await readdir(join(project, 'node_modules')), 'large optional packages').to.not.include('@duckdb');
      await copyFile(join(root, 'examples/recover-u2ti/U2Ti.cif'), join(project, 'U2Ti.cif'));
      await writeFile(join(project, 'config.yaml'), config);

      const finished = await run('npx', ['--no-install', 'braggscape', 'run', 'config.yaml', '--json'], project);
      expect(finished.code, finished.stderr).to.be.oneOf([0, 2]);
      const result = JSON.parse(finished.stdout) as { steps: number; objectives: { cosine: { initial: number; value: number } } };
      expect(result.steps).to.equal(20);
      expect(result.objectives.cosine.value).to.be.below(result.objectives.cosine.initial);

      const record = await readJson<RunRecord>(join(project, 'out/record.json'));
      expect(record.versions).to.include({ 'braggscape-plugin-lion': '0.1.0' });
      expect(record.config.plugins).to.deep.equal(['braggscape-plugin-lion']);
      expect(record.config.optimizer).to.deep.equal({ use: 'lion/lion', stepSize: 0.005, beta1: 0.9, beta2: 0.99 });
      expect(record.steps).to.equal(20);

      await everyEntryLoads(packed, project);
    }));
});

/** Imports each package by its name from the new project, as a program of its user would. */
async function everyEntryLoads(packed: readonly Packed[], project: string): Promise<void> {
  const script = join(project, 'imports.mjs');
  const imports = packed.map(({ name }, i) => `import * as package${i} from '${name}';`);
  const counts = packed.map((_, i) => `Object.keys(package${i}).length`);
  await writeFile(script, `${imports.join('\n')}\nprocess.stdout.write(JSON.stringify([${counts.join(', ')}]));\n`);
  const { code, stdout, stderr } = await run('node', [script], project);
  expect(code, `${pathToFileURL(script).href}: ${stderr}`).to.equal(0);
  for (const count of JSON.parse(stdout) as number[]) expect(count).to.be.at.least(1);
}
