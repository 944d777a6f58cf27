// How the throughput of a benchmark grows with workers: the same tasks (descents on the pattern, relaxations by CHGNet) by one and two processes of this machine, and by one and two workers of a queue.
// Two rates: of the whole run, with the start of the program and its processes, the loading of models and the last files; and steady, from the tenth part of the results to the last one,
// which is that of a run that takes longer than these. The last line is JSON; its ratios are the steady ones.
//
//   npm run bench:benchmark                    some minutes; needs redis-server for the queue
//   npm run bench:benchmark -- --samples 3     shorter, and less fair to two workers: the start and the last task weigh more
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
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
  console.log(row(['workers', 'tasks', 'seconds', 'tasks a second', 'steady', 'CPU seconds']));
  const rates = { local: result.local, queue: result.queue };
  for (const [kind, runs] of Object.entries(rates)) for (const [workers, run] of Object.entries(runs)) console.log(row([`${workers} ${kind}`, run.done, run.seconds.toFixed(1), run.rate.toFixed(2), run.steady.toFixed(2), run.cpu.toFixed(1)]));
  result.ratios = Object.fromEntries(Object.entries(rates).filter(([, runs]) => runs[2] !== undefined).map(([kind, runs]) => [kind, runs[2].steady / runs[1].steady]));
  if (result.queue[1] !== undefined) result.ratios.queueToLocal = result.queue[1].steady / result.local[1].steady;
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
  const closed = once(child, 'close');
  const journal = join(output, 'journal/results.jsonl');
  // Sizes only, now and then: reading along would take a share of the cores.
  const seen = [];
  let ended = false;
  void closed.then(() => (ended = true));
  for (; !ended; await pause(100)) {
    const size = existsSync(journal) ? statSync(journal).size : 0;
    if (size !== (seen.at(-1)?.size ?? 0)) seen.push({ size, at: performance.now() });
  }
  const [code] = await closed;
  if (code !== 0) throw new Error(`${name}: exit code ${code}`);
  const seconds = (performance.now() - began) / 1000;
  const { done } = JSON.parse(text);
  const content = readFileSync(journal);
  const results = content.toString().trim().split('\n').map((line) => JSON.parse(line));
  const countOf = ({ size }) => content.subarray(0, size).toString().split('\n').length - 1;
  const [from, to] = [seen.find((look) => countOf(look) >= results.length / 10), seen.at(-1)];
  const steady = (1000 * (countOf(to) - countOf(from))) / (to.at - from.at);
  return { done, seconds, rate: done / seconds, steady, cpu: results.reduce((sum, result) => sum + result.seconds, 0) };
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
