// Builds every package and test with project references; the crystal package also takes in its WebAssembly matcher.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dirname, join } from 'node:path';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const run = (script, args) => {
  const { status } = spawnSync(process.execPath, [join(root, script), ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
};
if (existsSync(join(root, 'scripts/vendor-matcher.mjs'))) run('scripts/vendor-matcher.mjs', []);
run('node_modules/typescript/bin/tsc', ['-b', ...process.argv.slice(2)]);
