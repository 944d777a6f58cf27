import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './program.js';

/** The plugin of the tests: an optimizer that is slow if it is told to, and a broken one. */
export const slowPlugin = join(root, 'test/acceptance/slowPlugin.mjs');

/** Arguments of a benchmark of cheap tasks, one for each noise model, level and sample, in a folder of one structure that is made here. */
export async function cheapBenchmark(folder: string, { samples, noise = 'lattice,coords', levels = '0.02,0.05', optimizer = 'test/slow' }: { readonly samples: number; readonly noise?: string; readonly levels?: string; readonly optimizer?: string }): Promise<string[]> {
  const structures = join(folder, 'structures');
  await mkdir(structures, { recursive: true });
  await copyFile(join(root, 'examples/recover-u2ti/U2Ti.cif'), join(structures, 'U2Ti.cif'));
  const work = ['--settings', 'cosine', '--optimizer', optimizer, '--steps', '60', '--energies', 'none', '--plugin', slowPlugin];
  return ['benchmark', 'paper', '--structures', structures, '--noise', noise, '--levels', levels, '--samples', String(samples), '--two-theta', '20:80:1501', '--no-figures', ...work];
}

/** Results of a folder, ordered by key, without what the clock says. */
export function rows(output: string): unknown[] {
  return lines(output)
    .map((line) => JSON.parse(line) as { key: string; seconds?: number })
    .map(({ seconds: _seconds, ...row }) => row)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** How many results there are. */
export function countRows(output: string): number {
  return lines(output).length;
}

function lines(output: string): string[] {
  const file = join(output, 'journal/results.jsonl');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
}
