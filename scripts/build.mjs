// Builds every package and test with project references. Arguments go to the compiler, such as --watch.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { dirname, join } from 'node:path';
import { buildKernel } from './buildKernel.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const compiler = join(root, 'node_modules/typescript/bin/tsc');
process.exitCode = buildKernel();
if (process.exitCode === 0) {
  const { status } = spawnSync(process.execPath, [compiler, '-b', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
  process.exitCode = status ?? 1;
}
