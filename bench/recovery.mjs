// How often each way of recovering a structure succeeds, and at what cost: rows are methods, columns distortions, cells match rate and strict match rate with
// 95 % Jeffreys intervals, median evaluations and seconds of one core. Every row begins from the same seeded starts and is told the pattern, never the structure.
//
//   npm run bench:recovery                                    the whole table: hours
//   npm run bench:recovery -- --samples 2 --rows robust       one row, two samples a structure
//   npm run bench:recovery -- --columns X20,B10 --structures GaTe,BaP3
//   npm run bench:recovery -- --journal table.jsonl           remember finished runs in a file, and go on from it
//
// Ideal patterns are exact. Realistic ones have pseudo-Voigt peaks of unknown width and shape, a zero shift, thermal motion, a background and Poisson counts, all drawn from
// the seed: W 0.08–0.20 deg², η 0.2–0.6, zero ±0.05°, B 0.3–1.5 Å², background 3 % of the strongest point, 10,000 counts there. They are fitted, not given.
import { fork } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { jeffreysInterval, median } from '@braggscape/benchmark';
import { columns, families, rows, structureFiles } from './recoveryTasks.mjs';

const { values: options } = parseArgs({
  options: {
    samples: { type: 'string', default: '10' },
    rows: { type: 'string', default: Object.keys(rows).join(',') },
    columns: { type: 'string', default: Object.keys(columns).join(',') },
    structures: { type: 'string' },
    workers: { type: 'string', default: String(availableParallelism()) },
    journal: { type: 'string' },
    detail: { type: 'boolean', default: false },
  },
});
const samples = Array.from({ length: Number(options.samples) }, (_, i) => i);
const chosenRows = known(options.rows, rows, 'row');
const chosenColumns = known(options.columns, columns, 'column');
const files = structureFiles().filter(({ name }) => options.structures === undefined || options.structures.split(',').some((part) => name.startsWith(part)));
const journal = options.journal !== undefined && existsSync(options.journal) ? readFileSync(options.journal, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line)) : [];
const keyOf = ({ row, column, structure, sample }) => [row, column, structure, sample].join('|');
const results = new Map(journal.map((result) => [keyOf(result), result]));
const wanted = chosenRows.flatMap((row) => samples.flatMap((sample) => chosenColumns.flatMap((column) => files.map(({ name, path }) => ({ row, column, structure: name, path, sample })))));
const queue = wanted.filter((task) => !results.has(keyOf(task)));
const began = performance.now();
let finished = 0;

if (queue.length > 0) await Promise.all(Array.from({ length: Math.min(Number(options.workers), queue.length) }, work));
report();

/** One process that takes tasks from the queue: its own clock counts the seconds of one core, whatever else the machine does. */
function work() {
  return new Promise((resolve, reject) => {
    const worker = fork(fileURLToPath(new URL('./recoveryWorker.mjs', import.meta.url)), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const next = () => {
      const task = queue.shift();
      if (task === undefined) worker.disconnect();
      else worker.send(task);
    };
    worker.on('message', (message) => {
      if (message.ready !== true) {
        results.set(keyOf(message), message);
        if (options.journal !== undefined) appendFileSync(options.journal, `${JSON.stringify(message)}\n`);
        finished++;
        const rate = finished / ((performance.now() - began) / 1000);
        if (process.stderr.isTTY) process.stderr.write(`\r${finished} of ${finished + queue.length} runs, ${(queue.length / rate / 60).toFixed(0)} min left   `);
      }
      next();
    });
    worker.on('error', reject);
    worker.on('exit', (code) => (code === 0 || code === null ? resolve() : reject(new Error(`a worker ended with code ${code}`))));
  });
}

function report() {
  const done = wanted.map((task) => results.get(keyOf(task))).filter(Boolean);
  console.log(`\n${files.length} structures × ${samples.length} samples; match / strict in % with 95 % Jeffreys intervals; median evaluations; median seconds of one core`);
  for (const [title, of] of [['all structures', () => true], ['chosen on', ({ structure }) => families.chosenOn.some((name) => structure.startsWith(name))], ['held out', ({ structure }) => !families.chosenOn.some((name) => structure.startsWith(name))]]) {
    const some = done.filter(of);
    if (some.length === 0) continue;
    console.log(`\n== ${title}`);
    for (const row of chosenRows) {
      console.log(row);
      for (const column of chosenColumns) {
        const cell = some.filter((result) => result.row === row && result.column === column);
        if (cell.length === 0) continue;
        console.log(`  ${column.padEnd(8)} ${String(cell.length).padStart(4)} runs  match ${rate(cell, 'match')}  strict ${rate(cell, 'strict')}  ${String(median(cell.map(({ evaluations }) => evaluations))).padStart(7)} ev  ${median(cell.map(({ seconds }) => seconds)).toFixed(2).padStart(6)} s`);
      }
    }
  }
  if (options.detail) {
    for (const result of done.filter(({ strict, row }) => !strict && row === 'robust')) console.log(`  ${keyOf(result)}: ${result.match ? 'match' : 'no match'}, ${result.level ?? ''} ${result.reason}, loss ${result.loss?.toExponential(1)}, χ² ${result.chiSquare?.toFixed(3) ?? '-'}, ${result.seconds.toFixed(1)} s`);
  }
  const robust = done.filter(({ row }) => row === 'robust');
  const levels = {};
  for (const { level, match } of robust) (levels[level ?? 'none'] ??= { match: 0, noMatch: 0 })[match ? 'match' : 'noMatch']++;
  if (robust.length > 0) console.log(`\nverdicts of robust: ${Object.entries(levels).map(([level, { match, noMatch }]) => `${level} ${match} that match, ${noMatch} that do not`).join('; ')}`);
  const reasons = {};
  for (const { reason } of done) reasons[reason] = (reasons[reason] ?? 0) + 1;
  console.log(`stop reasons: ${Object.entries(reasons).map(([reason, n]) => `${reason} ${n}`).join(', ')}; ${((performance.now() - began) / 60000).toFixed(1)} min`);
  const table = chosenRows.map((row) => [row, Object.fromEntries(chosenColumns.map((column) => [column, summary(done.filter((result) => result.row === row && result.column === column))]))]);
  console.log(JSON.stringify({ samples: samples.length, rates: Object.fromEntries(table), verdicts: levels }));
}

function summary(cell) {
  const share = (key) => cell.filter((result) => result[key]).length;
  return { runs: cell.length, match: share('match'), strict: share('strict'), evaluations: median(cell.map(({ evaluations }) => evaluations)), seconds: median(cell.map(({ seconds }) => seconds)) };
}

function rate(cell, key) {
  const k = cell.filter((result) => result[key]).length;
  const { low, high } = jeffreysInterval(k, cell.length);
  return `${String(Math.round((100 * k) / cell.length)).padStart(3)} [${(100 * low).toFixed(0).padStart(3)}–${(100 * high).toFixed(0).padStart(3)}]`;
}

function known(list, table, what) {
  const names = list.split(',');
  const unknown = names.find((name) => !Object.hasOwn(table, name));
  if (unknown === undefined) return names;
  console.error(`no ${what} "${unknown}": there are ${Object.keys(table).join(', ')}`);
  process.exit(1);
}
