// Sets the peers up in a temporary folder: a virtual environment with the Python codes, and one npm package. Nothing of it is a dependency of the project.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const windows = process.platform === 'win32';

/**
 * The Python to run, and matterviz-wasm.
 * @param keep leave the folder, and say where it is
 * @throws Error whose message says what to do
 */
export function setUpPeers({ keep }) {
  const folder = temporaryFolder(keep);
  const python =
    pythonFrom('BRAGGSCAPE_PEERS_PYTHON', 'torch, braggcalculator, pymatgen') ??
    createPython(join(folder, 'python'), 'torch, braggcalculator, pymatgen', [
      ['numpy>=2.3.2', 'spglib>=2.6,<3', 'pymatgen'],
      // It declares Python 3.12, and runs on 3.11.
      ['--no-deps', '--ignore-requires-python', 'braggcalculator==0.4.1'],
    ]);
  return { python, folder, matterviz: installMatterviz(folder) };
}

/**
 * The Python to run CHGNet with.
 * @param keep leave the folder, and say where it is
 * @throws Error whose message says what to do
 */
export function setUpChgnet({ keep }) {
  const folder = temporaryFolder(keep);
  return { folder, python: pythonFrom('BRAGGSCAPE_CHGNET_PYTHON', 'torch, chgnet') ?? createPython(join(folder, 'python'), 'torch, chgnet', [['chgnet==0.4.2']]) };
}

function temporaryFolder(keep) {
  const folder = mkdtempSync(join(tmpdir(), 'braggscape-peers-'));
  process.on('exit', () => {
    if (keep) console.error(`The peers stay in ${folder}.`);
    else rmSync(folder, { recursive: true, force: true });
  });
  // An interrupted run takes the folder (a few GB) away too.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
  return folder;
}

function pythonFrom(variable, modules) {
  const python = process.env[variable];
  if (!python) return undefined;
  if (!run(python, ['-c', `import ${modules}`])) throw new Error(`${variable} (${python}) cannot import ${modules}: install them there, or unset it to have them set up.`);
  return python;
}

/** @param packages what to install after torch, one call of pip each */
function createPython(folder, modules, packages) {
  const candidates = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python'];
  const found = candidates.map((command) => ({ command, minor: minorVersion(command) })).find(({ minor }) => minor >= 11 && minor <= 13);
  if (found === undefined) throw new Error('No Python 3.11 to 3.13 was found: install one, or name a Python with ' + modules + ' by an environment variable (docs/benchmarks.md).');
  console.error(`Installing the Python peers with ${found.command} (some minutes) …`);
  if (!run(found.command, ['-m', 'venv', folder])) throw new Error('Python could not create a virtual environment: install its venv module (Debian: python3-venv).');
  const python = join(folder, windows ? 'Scripts/python.exe' : 'bin/python');
  const install = (...packages) => run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]);
  // torch first and alone, so that a CPU build that pip is configured to find is taken.
  const installed = install('torch==2.13.0') && packages.every((names) => install(...names)) && run(python, ['-c', `import ${modules}`]);
  if (!installed) throw new Error(`pip could not install the Python side: check the network, or name a Python with ${modules} by an environment variable (docs/benchmarks.md).`);
  return python;
}

/** y of Python 3.y; NaN if the command is no Python 3. */
function minorVersion(command) {
  const { stdout } = spawnSync(command, ['-c', 'import sys; print(sys.version_info[1] if sys.version_info[0] == 3 else "")'], { encoding: 'utf8' });
  return stdout ? parseInt(stdout, 10) : NaN;
}

function installMatterviz(folder) {
  // Its peer dependency is a viewer that the calculation does not use.
  const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', '--legacy-peer-deps', '--loglevel=error', 'matterviz-wasm@0.0.10'];
  if (!run('npm', args, { shell: windows })) throw new Error('npm could not install matterviz-wasm 0.0.10: check the network and the registry that npm is configured for.');
  const home = join(folder, 'node_modules/matterviz-wasm');
  return { module: pathToFileURL(join(home, 'index.js')).href, wasm: join(home, 'pkg/ferrox_bg.wasm') };
}

/** Run a command with its output on stderr; whether it succeeded. */
function run(command, args, options = {}) {
  return spawnSync(command, args, { stdio: ['ignore', process.stderr, process.stderr], ...options }).status === 0;
}
