// How the throughput of a benchmark grows with workers: the same tasks (descents on the pattern, relaxations by CHGNet) by one and two processes of this machine, and by one and two workers of a queue.
// Rates are of the whole run, with the start of processes and the loading of models. The last line is JSON.
//
//   npm run bench:benchmark                    some minutes; needs redis-server for the queue
//   npm run bench:benchmark -- --samples 3     shorter, and less fair to two workers: the start and the last task weigh more
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { structuresFolder } from '@braggscape/benchmark';
import { row } from './measure.mjs';

const { values: options } = parseArgs({ options: { samples: { type: 'string', default: '60' } } });
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const program = join(root, 'packages/cli/bin/braggscape.js');
const folder = mkdtempSync(join(tmpdir(), 'braggscape-bench-'));
const structures = join(folder, 'structures');
mkdirSync(structures);
for (const name of ['Au2S', 'MgZn2', 'SrTiO3', 'U2Ti']) copyFileSync(join(structuresFolder, `${name}.cif`), join(structures, `${name}.cif`));
// As the only shard of one it makes no tables and figures at the end.
const work = ['--shard', '1/1', '--structures', structures, '--noise', 'lattice', '--levels', '0.05', '--samples', options.samples, '--settings', 'cosine,energy', '--json'];

try {
  const result = { tasks: 0, local: {}, queue: {} };
  for (const workers of [1, 2]) result.local[workers] = await measure(`${workers} local`, ['--workers', String(workers)]);
  result.tasks = result.local[1].done;
  if (spawnSync('redis-server', ['--version']).status === 0) {
    for (const workers of [1, 2]) result.queue[workers] = await onQueue(workers);
  } else console.log('no redis-server here: the queue is left out');
  console.log(row(['workers', 'tasks', 'seconds', 'tasks a second', 'CPU seconds']));
  const rates = { local: result.local, queue: result.queue };
  for (const [kind, runs] of Object.entries(rates)) for (const [workers, run] of Object.entries(runs)) console.log(row([`${workers} ${kind}`, run.done, run.seconds.toFixed(1), run.rate.toFixed(3), run.cpu.toFixed(1)]));
  result.ratios = Object.fromEntries(Object.entries(rates).filter(([, runs]) => runs[2] !== undefined).map(([kind, runs]) => [kind, runs[2].rate / runs[1].rate]));
  if (result.queue[1] !== undefined) result.ratios.queueToLocal = result.queue[1].rate / result.local[1].rate;
  for (const [kind, ratio] of Object.entries(result.ratios)) console.log(kind === 'queueToLocal' ? `one queue worker to one local: ${ratio.toFixed(2)}` : `two workers to one, ${kind}: ${ratio.toFixed(2)} (asked: 1.8)`);
  console.log(JSON.stringify(result));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Run the benchmark once. CPU seconds are those of the recoveries: if they grow with the workers, these are in each other's way. */
async function measure(name, args) {
  const output = join(folder, name.replace(' ', '-'));
  const began = performance.now();
  const child = spawn(process.execPath, [program, 'benchmark', 'paper', ...work, ...args, '-o', output], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk) => (text += chunk));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${name}: exit code ${code}`);
  const seconds = (performance.now() - began) / 1000;
  const { done } = JSON.parse(text);
  const results = readFileSync(join(output, 'journal/results.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  return { done, seconds, rate: done / seconds, cpu: results.reduce((sum, result) => sum + result.seconds, 0) };
}

/** The same with workers of a queue on a server of its own. */
async function onQueue(count) {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  const url = `redis://127.0.0.1:${port}`;
  const server = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder], { stdio: 'ignore' });
  await pause(500);
  const workers = Array.from({ length: count }, () => spawn(process.execPath, [program, 'worker', '--redis', url, '--concurrency', '1'], { stdio: 'ignore' }));
  try {
    return await measure(`${count} queue`, ['--redis', url]);
  } finally {
    for (const child of [...workers, server]) {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    }
  }
}
