// The main job on real input: one distorted U2Ti cell, brought home by its powder pattern, by an energy, and by both.
// The pattern alone is a rough landscape, in which the descent gets stuck. The energy alone is smooth and leads near the truth, to its own idea of the cell. Both in one descent find it.
// The seed is chosen to illustrate that; docs and benches give rates over many seeds.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chgnet } from '@braggscape/chgnet';
import { structureFromJson } from '@braggscape/core';
import { cellFromArray, cellFromLattice } from '@braggscape/crystal';
import { cosine } from '@braggscape/metrics';
import { createBraggscape, loadConfig, solutionCell } from 'braggscape';
import { drawComparison } from './figures.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const results = join(here, '../../results/recover-u2ti');
const settings = [
  { name: 'pattern', objectives: [{ use: 'cosine' }] },
  { name: 'energy', objectives: [{ use: 'chgnet' }] },
  { name: 'both', objectives: [{ use: 'cosine' }, { use: 'chgnet', weight: 5 }] },
];

const braggscape = await createBraggscape({ directory: here });
const { config } = await loadConfig(join(here, 'recover.yaml'));
const controller = new AbortController();
process.once('SIGINT', () => controller.abort());

const runs = [];
for (const { name, objectives } of settings) {
  const began = performance.now();
  const finished = await braggscape.refine({ ...config, objectives }, { signal: controller.signal, onEvent: progress(name) });
  const folder = join(results, name);
  await mkdir(folder, { recursive: true });
  await braggscape.write(finished, folder);
  runs.push({ name, finished, seconds: (performance.now() - began) / 1000 });
}
const values = await evaluateAll(runs);
const table = resultTable(runs);
await writeFile(join(results, 'table.txt'), `${table}\n`);
const figures = await drawComparison(runs, values, results);

console.log(`\nU2Ti (P6/mmm), lattice noise ${config.distort.lattice}, seed ${config.seed}, cosine loss on 5–90° 2θ, energy by CHGNet, weight 5 in both\n`);
console.log(table);
console.log('\nThe seed and the weight are chosen to illustrate; how often descents come home is measured by npm run bench:recovery.');
console.log('\nResults:');
for (const path of [join(results, 'table.txt'), ...figures.filter((file) => file.endsWith('.png')), ...runs.map(({ name }) => join(results, name))]) {
  console.log(`  ${relative(process.cwd(), path)}`);
}

/** One live line per run on standard error. */
function progress(name) {
  return (event) => {
    if (event.kind === 'stopped') process.stderr.write(`\r\u001b[2K${name}: ${event.message}\n`);
    else if (event.kind === 'stepped' && event.step % 50 === 0 && process.stderr.isTTY) {
      process.stderr.write(`\r\u001b[2K${name}: step ${event.step}, value ${event.value.toPrecision(4)}`);
    }
  };
}

/** Loss, energy, cell, match, stop reason and time: the truth, the start, and each run. */
function resultTable(all) {
  const [first] = all;
  const angle = (value) => value.toFixed(2);
  const length = (value) => value.toFixed(4);
  const row = (name, { loss, energy }, cell, judged, stop, seconds) => [
    name,
    loss,
    energy,
    ...[cell.a, cell.b, cell.c].map(length),
    ...[cell.alpha, cell.beta, cell.gamma].map(angle),
    judged === undefined ? '' : judged.match ? 'yes' : 'no',
    judged === undefined ? '' : judged.strict ? 'yes' : 'no',
    stop,
    seconds,
  ];
  const truth = cellFromArray(cellFromLattice(first.finished.truth.lattice));
  const rows = [
    ['', 'loss', 'eV/atom', 'a (Å)', 'b (Å)', 'c (Å)', 'α (°)', 'β (°)', 'γ (°)', 'match', 'strict', 'stopped', 'time (s)'],
    row('truth', values.truth, truth, undefined, '', ''),
    row('start', values.start, solutionCell(first.finished.stopped.initial), first.finished.verdict.start, '', ''),
    ...all.map(({ name, finished, seconds }) => row(name, values[name], solutionCell(finished.stopped.best), finished.verdict.final, finished.stopped.reason, seconds.toFixed(1))),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
  return rows.map((cells) => cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  ')).join('\n');
}

/** Cosine loss and energy of the truth, the start and each result, whatever was minimized. */
async function evaluateAll(all) {
  const { plan, truth, stopped } = all[0].finished;
  const potential = await chgnet();
  const compare = cosine.against(plan.observed);
  const calculator = plan.model.on(plan.observed.twoTheta);
  const structures = { truth, start: structureFromJson(stopped.initial.structure), ...Object.fromEntries(all.map(({ name, finished }) => [name, structureFromJson(finished.stopped.best.structure)])) };
  const found = {};
  for (const [name, structure] of Object.entries(structures)) {
    const { value } = compare(calculator.simulate(structure), 'value');
    found[name] = { loss: value < 1e-9 ? '0' : value.toPrecision(3), energy: ((await potential.compute(structure)).energy / structure.numbers.length).toFixed(4) };
  }
  potential.dispose();
  return found;
}
