// Compiles the WebAssembly kernel of the diffraction package into a module of the package's source, unless it is up to date.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, 'packages/diffraction/assembly');
const target = join(root, 'packages/diffraction/src/wasm/kernelBytes.ts');
const compilerOptions = ['-O3', '--enable', 'simd', '--runtime', 'stub', '--noAssert'];

/** @returns exit code */
export function buildKernel() {
  const hash = createHash('sha256').update(compilerOptions.join(' '));
  for (const name of readdirSync(source).filter((file) => file.endsWith('.ts')).sort()) hash.update(readFileSync(join(source, name)));
  const mark = `// Compiled from assembly/ (sha256 ${hash.digest('hex')}). Made by the build; do not edit.`;
  if (existsSync(target) && readFileSync(target, 'utf8').startsWith(mark)) return 0;
  const folder = mkdtempSync(join(tmpdir(), 'braggscape-kernel-'));
  try {
    const binary = join(folder, 'kernel.wasm');
    const compiler = join(root, 'node_modules/assemblyscript/bin/asc.js');
    const { status } = spawnSync(process.execPath, [compiler, join(source, 'index.ts'), ...compilerOptions, '-o', binary], { cwd: source, stdio: 'inherit' });
    if (status !== 0) return status ?? 1;
    const text = `${mark}\n\n/** The kernel as WebAssembly, in base 64. */\nexport const kernelBase64 =\n  '${readFileSync(binary).toString('base64')}';\n`;
    writeFileSync(`${target}.new`, text);
    renameSync(`${target}.new`, target);
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
