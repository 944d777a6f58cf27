// Every registered optimizer, with its default options, on the joint objective (cosine loss and CHGNet's energy) from the same seeded starts: one word of the configuration is swapped. Arrived is a run whose sharp value comes within
// a margin of the joint minimum, which L-BFGS finds from the true structure beforehand; evaluations and seconds are medians over the runs that arrive.
//
//   npm run bench:optimizers                          U2Ti, lattice noise 0.1 and coordinate noise 0.05, ten starts, 300 evaluations at most
//   npm run bench:optimizers -- --seeds 3 --only adam --options '{"learningRate": 0.05}' --budget 200
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createBraggscape } from 'braggscape';
import { median, row } from './measure.mjs';

const { values: options } = parseArgs({
  options: {
    structure: { type: 'string', default: join(dirname(fileURLToPath(import.meta.url)), '../examples/recover-u2ti/U2Ti.cif') },
    seeds: { type: 'string', default: '10' },
    lattice: { type: 'string', default: '0.1' },
    coordinates: { type: 'string', default: '0.05' },
    budget: { type: 'string', default: '300' },
    margin: { type: 'string', default: '0.001' },
    only: { type: 'string' },
    options: { type: 'string', default: '{}' },
  },
});
const [seeds, lattice, coordinates, evaluations, margin] = ['seeds', 'lattice', 'coordinates', 'budget', 'margin'].map((key) => Number(options[key]));

const given = JSON.parse(options.options);

const braggscape = await createBraggscape();
const joint = {
  structure: options.structure,
  pattern: { structure: options.structure },
  instrument: { wavelength: 1.5406, u: 0, v: 0, w: 0.1 },
  twoTheta: { count: 4250 },
  objectives: [{ use: 'cosine' }, { use: 'chgnet' }],
};
const { stopped: ideal } = await braggscape.refine({ ...joint, optimizer: { use: 'lbfgs' }, stop: [{ use: 'max-steps', steps: 200 }] });
const target = ideal.best.value + margin;
console.log(`joint minimum ${ideal.best.value.toFixed(5)}: loss ${ideal.best.objectives.cosine.toExponential(2)}, ${ideal.best.objectives.chgnet.toFixed(4)} eV/atom; arrived is below ${target.toFixed(5)}\n`);

const ids = braggscape.host.registry('optimizers').list().map(({ id }) => id);
const chosen = options.only === undefined ? ids : options.only.split(',');
console.log(row(['optimizer', 'arrived', 'match', 'strict', 'evaluations', 'seconds', 'left (median)'], 14));
const results = {};
for (const use of chosen) {
  const runs = [];
  let refused;
  for (let seed = 0; seed < seeds && refused === undefined; seed++) {
    try {
      runs.push(await measure(use, seed));
    } catch (error) {
      if (error.code !== 'option.invalid') throw error;
      refused = error.message;
    }
  }
  results[use] = refused === undefined ? summary(runs) : { refused };
  const { arrived, match, strict, evaluations: cost, seconds, left } = results[use];
  console.log(refused === undefined ? row([use, ...[arrived, match, strict].map((n) => `${n}/${seeds}`), cost ?? '–', seconds?.toFixed(1) ?? '–', left.toExponential(1)], 14) : `${use.padEnd(24)}${refused}`);
}
console.log(JSON.stringify({ target, seeds, lattice, coordinates, budget: evaluations, results }));

async function measure(use, seed) {
  const began = performance.now();
  const { stopped, verdict } = await braggscape.refine({
    ...joint,
    distort: { lattice, coordinates },
    broadening: { fwhm: [10, 5, 2.5, 1.2], steps: 40 },
    optimizer: { use, ...given },
    seed,
    stop: [{ use: 'budget', evaluations }, { use: 'target-value', value: target }],
  });
  const { best } = stopped;
  return { arrived: best.value <= target, match: verdict.final.match, strict: verdict.final.strict, evaluations: stopped.evaluations, seconds: (performance.now() - began) / 1000, left: best.value - ideal.best.value };
}

function summary(runs) {
  const home = runs.filter(({ arrived }) => arrived);
  const number = (key) => runs.filter((run) => run[key]).length;
  return {
    arrived: home.length,
    match: number('match'),
    strict: number('strict'),
    ...(home.length > 0 ? { evaluations: median(home.map((run) => run.evaluations)), seconds: median(home.map((run) => run.seconds)) } : {}),
    left: median(runs.map(({ left }) => left)),
  };
}
