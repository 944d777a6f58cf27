// One start, five optimizers, one word each: how fast does the pattern loss of a slightly distorted cell fall?
//
//   node examples/swap-optimizers/run.mjs [--steps 400] [--output folder]
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createBraggscape, historyFigure, loadConfig, writeFigure } from 'braggscape';

const here = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: { steps: { type: 'string', default: '400' }, output: { type: 'string', default: join(here, '../../results/swap-optimizers') } },
});
const optimizers = ['gradient-descent', 'momentum', 'adam', 'fire', 'lbfgs'];

const braggscape = await createBraggscape({ directory: here });
const { config } = await loadConfig(join(here, 'swap.yaml'));
const stop = config.stop.map((rule) => (rule.use === 'max-steps' ? { ...rule, steps: Number(options.steps) } : rule));

const runs = [];
for (const use of optimizers) {
  const curve = { evaluations: [], loss: [] };
  const finished = await braggscape.refine(
    { ...config, stop, optimizer: { use } },
    {
      onEvent(event) {
        // The best loss so far against what it has cost: a step with trials that were rejected counts them all.
        if (event.kind === 'started') add(1, event.initial.value);
        else if (event.kind === 'stepped') add(event.evaluations, event.bestValue);
      },
    },
  );
  runs.push({ use, finished, curve });

  function add(evaluations, loss) {
    curve.evaluations.push(evaluations);
    curve.loss.push(loss);
  }
}

await mkdir(options.output, { recursive: true });
const table = resultTable();
await writeFile(join(options.output, 'table.txt'), `${table}\n`);
const figures = await writeFigure(
  join(options.output, 'optimizers'),
  historyFigure({
    title: 'Rutile, one start: best cosine loss against evaluations of the pattern and its gradient',
    along: 'evaluations',
    series: runs.map(({ use, curve }) => ({ name: use, unit: '1', steps: curve.evaluations, values: curve.loss })),
  }),
);
console.log(table);
console.log(`\nResults: ${[join(options.output, 'table.txt'), ...figures].map((path) => relative(process.cwd(), path)).join(', ')}`);

/** Loss, cost and verdict of each run. */
function resultTable() {
  const rows = [['optimizer', 'loss', 'steps', 'evaluations', 'to 1e-3', 'stopped', 'strict match']];
  for (const { use, finished: { stopped, verdict }, curve } of runs) {
    const reached = curve.loss.findIndex((loss) => loss <= 1e-3);
    rows.push([use, stopped.best.value.toExponential(2), stopped.steps, stopped.evaluations, reached < 0 ? '–' : curve.evaluations[reached], stopped.reason, verdict.final.strict ? 'yes' : 'no'].map(String));
  }
  const widths = rows[0].map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
  return rows.map((cells) => cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  ')).join('\n');
}
