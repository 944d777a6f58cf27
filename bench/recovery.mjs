// How often plain descent on sharp peaks recovers a structure from lattice noise: match and strict-match rates before,
// after unconstrained and after projected descent. Every run goes through the same code as `braggscape refine` with its defaults.
//
//   npm run bench:recovery                 ten structures, noise 0.05 and 0.10, five seeds
//   npm run bench:recovery -- --seeds 2 --steps 200
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createBraggscape, loadStructure } from 'braggscape';
import { findSymmetry } from '@braggscape/crystal';

const { values: options } = parseArgs({
  options: { seeds: { type: 'string', default: '5' }, steps: { type: 'string', default: '500' }, levels: { type: 'string', default: '0.05,0.10' } },
});
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const shared = join(root, '../shared/structures');
const files = existsSync(shared)
  ? readdirSync(shared).filter((name) => name.endsWith('.cif')).map((name) => join(shared, name))
  : readdirSync(join(root, 'examples'), { recursive: true }).filter((name) => name.endsWith('.cif')).map((name) => join(root, 'examples', name));

const braggscape = await createBraggscape();
const seeds = Array.from({ length: Number(options.seeds) }, (_, i) => i);
const levels = options.levels.split(',').map(Number);
const columns = ['before', 'unconstrained', 'projected'];
const tally = new Map(levels.map((level) => [level, Object.fromEntries(columns.map((column) => [column, { runs: 0, match: 0, strict: 0 }]))]));
const reasons = {};
let notFinite = 0;
const began = performance.now();

for (const file of files) {
  const { structure, name } = await loadStructure(file, braggscape.host);
  const family = familyOf(findSymmetry(structure));
  const perStructure = Object.fromEntries(columns.map((column) => [column, { runs: 0, match: 0, strict: 0 }]));
  for (const level of levels) {
    for (const seed of seeds) {
      for (const [column, projector] of [['unconstrained', { use: 'none' }], ['projected', family]]) {
        const run = await braggscape.refine({
          structure: file,
          pattern: { structure: file },
          instrument: { wavelength: 1.5406, u: 0, v: 0, w: 0.1 },
          distort: { lattice: level },
          projector,
          seed,
          stop: [{ use: 'max-steps', steps: Number(options.steps) }, { use: 'gradient-tolerance' }, { use: 'stalled' }, { use: 'diverged' }],
        });
        reasons[run.stopped.reason] = (reasons[run.stopped.reason] ?? 0) + 1;
        notFinite += run.stopped.history.filter(({ value, cell }) => ![value, ...Object.values(cell)].every(Number.isFinite)).length;
        for (const into of [tally.get(level), perStructure]) {
          count(into[column], run.verdict.final);
          // The start of the unconstrained run is the distorted structure itself; a projected run starts on its constraint.
          if (column === 'unconstrained') count(into.before, run.verdict.start);
        }
      }
    }
  }
  console.log(`${name.padEnd(14)} ${family.use.padEnd(13)} ${columns.map((column) => `${column} ${rate(perStructure[column])}`).join('   ')}`);
}

console.log(`\nmatch / strict match in %, ${files.length} structures × ${seeds.length} seeds, ${options.steps} steps`);
console.log(['lattice noise', ...columns].map((text) => text.padStart(15)).join(''));
for (const [level, row] of tally) console.log([String(level), ...columns.map((column) => rate(row[column]))].map((text) => text.padStart(15)).join(''));
console.log(`\nstop reasons: ${Object.entries(reasons).map(([reason, n]) => `${reason} ${n}`).join(', ')}; history entries that are not finite: ${notFinite}`);
console.log(`${((performance.now() - began) / 1000).toFixed(0)} s`);
console.log(JSON.stringify({ rates: Object.fromEntries(tally), reasons, notFinite }));

function count(into, comparison) {
  into.runs++;
  if (comparison.match) into.match++;
  if (comparison.strict) into.strict++;
}

function rate({ runs, match, strict }) {
  return `${Math.round((100 * match) / runs)} / ${Math.round((100 * strict) / runs)}`;
}

/** The projector for a crystal whose cell is the conventional one. */
function familyOf({ crystalSystem, latticeFamily }) {
  return { use: latticeFamily ?? (crystalSystem === 'trigonal' ? 'hexagonal' : crystalSystem) };
}
