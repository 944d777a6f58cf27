// Does anything diverge? Random starts far from home (lattice and coordinate noise 0.3) through the descent of `braggscape refine`, with every optimizer that there is and several constraints in turn, within bounds.
// Reported: how runs ended, numbers that are not finite, and cells outside their bounds. The last two must be 0.
//
//   npm run bench:starts                 1000 starts
//   npm run bench:starts -- --runs 100 --steps 50
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createBraggscape } from 'braggscape';
import { descendFarStart } from './farStarts.mjs';

const { values: options } = parseArgs({ options: { runs: { type: 'string', default: '1000' }, steps: { type: 'string', default: '40' } } });
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const shared = join(root, '../shared/structures');
const files = existsSync(shared)
  ? readdirSync(shared).filter((name) => name.endsWith('.cif')).map((name) => join(shared, name))
  : readdirSync(join(root, 'examples'), { recursive: true }).filter((name) => name.endsWith('.cif')).map((name) => join(root, 'examples', name));

const braggscape = await createBraggscape();
const sum = { reasons: {}, notFinite: 0, outside: 0, thrown: 0 };
const byOptimizer = {};
const began = performance.now();
for (let run = 0; run < Number(options.runs); run++) {
  const { optimizer, result } = await descendFarStart(braggscape, files, run, Number(options.steps));
  byOptimizer[optimizer] ??= {};
  const reason = result.reason ?? `error ${result.error}`;
  byOptimizer[optimizer][reason] = (byOptimizer[optimizer][reason] ?? 0) + 1;
  sum.reasons[reason] = (sum.reasons[reason] ?? 0) + 1;
  sum.notFinite += result.notFinite;
  sum.outside += result.outside;
  if (result.error !== undefined) sum.thrown++;
}
const seconds = (performance.now() - began) / 1000;
const list = (counts) => Object.entries(counts).map(([name, count]) => `${name} ${count}`).join(', ');
for (const [id, reasons] of Object.entries(byOptimizer)) console.log(`${id.padEnd(24)} ${list(reasons)}`);
console.log(`\n${options.runs} starts, ${files.length} structures: ${list(sum.reasons)}`);
console.log(`numbers that are not finite: ${sum.notFinite}; cells outside their bounds: ${sum.outside}; ${seconds.toFixed(0)} s`);
console.log(JSON.stringify({ ...sum, seconds }));
process.exitCode = sum.notFinite + sum.outside + sum.thrown === 0 ? 0 : 1;
