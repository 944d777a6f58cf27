// The landscapes of Segal et al., Digital Discovery 2026 (DOI 10.1039/D6DD00017G), each by one command of the program, and what the numbers say about them.
//
//   node examples/landscapes/paper.mjs                     all of them, into results/landscapes
//   node examples/landscapes/paper.mjs fig2 fig6           some of them
//   node examples/landscapes/paper.mjs fig2 --structures FOLDER     with U2Ti, Au2S and Na3MnCoNiO6 from a folder of CIFs, such as those of the Materials Project
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const { values: options, positionals } = parseArgs({ allowPositionals: true, options: { structures: { type: 'string' }, output: { type: 'string', default: join(root, 'results/landscapes') } } });

const copper = ['--wavelength', '1.5406'];
/** Starts of descents around the truth, as factors of the length and degrees from the angle. */
const starts = [0.85, 0.9, 0.95, 0.98, 1.02, 1.05, 1.1, 1.15].flatMap((length) => [75, 83, 87, 93, 97, 105].flatMap((angle) => ['--from', `${length},${angle}`]));
/** Closer to the truth than the starts, so that the ways are seen. */
const close = ['--range', '0.9:1.1,80:100', '--grid', '81x81', ...copper];
const onAngle = ['--range', '0.8:1.2,70:110', '--grid', '61x61', ...copper];

const figures = {
  fig2: { title: 'Fig. 2: U2Ti, cosine, a and c', structure: 'U2Ti', args: ['--axes', 'a,c', '--grid', '101x101', '--objective', 'cosine', ...copper], check: roughnessOf('cosine') },
  fig3a: { title: 'Fig. 3: Au2S, cosine, a and α, three ways', structure: 'Au2S', args: ['--axes', 'a,alpha', ...close, '--descend', '--project', 'cubic', '--from', '1.05,97'], check: waysOf },
  fig3b: { title: 'Fig. 3: Na3MnCoNiO6, cosine, a and γ, three ways', structure: 'Na3MnCoNiO6', args: ['--axes', 'a,gamma', ...close, '--descend', '--project', 'monoclinic', '--from', '1.02,95'], check: waysOf },
  'fig3a-starts': { title: 'Fig. 3, from 48 starts: Au2S', structure: 'Au2S', args: ['--axes', 'a,alpha', ...onAngle, '--descend', '--project', 'cubic', ...starts, '--no-figures'], check: arrivalsOf },
  'fig3b-starts': { title: 'Fig. 3, from 48 starts: Na3MnCoNiO6', structure: 'Na3MnCoNiO6', args: ['--axes', 'a,gamma', ...onAngle, '--descend', '--project', 'monoclinic', ...starts, '--no-figures'], check: arrivalsOf },
  fig6: { title: 'Fig. 6, bottom, and S5: U2Ti, energy, a and c', structure: 'U2Ti', args: ['--axes', 'a,c', '--grid', '41x41', '--objective', 'chgnet'], check: roughnessOf('chgnet') },
  figS2a: { title: 'Fig. S2: along a = b (U2Ti)', structure: 'U2Ti', args: ['--axes', 'a=b', '--grid', '2001', '--objective', 'cosine', ...copper], check: roughnessOf('cosine') },
  figS2b: { title: 'Fig. S2: along α = 90° (Au2S, a = b = c)', structure: 'Au2S', args: ['--axes', 'a=b=c', '--grid', '2001', '--objective', 'cosine', ...copper], check: roughnessOf('cosine') },
  contrast: { title: 'pattern, energy and both: U2Ti', structure: 'U2Ti', args: ['--axes', 'a,c', '--grid', '41x41', '--objective', 'cosine', '--objective', 'chgnet', '--weights', '0.1,0.3,1,3,10', ...copper], check: roughnessOf('cosine', 'chgnet', 'combined') },
  widths: { title: 'why annealing works: U2Ti, a and c', structure: 'U2Ti', args: ['--axes', 'a,c', '--grid', '61x61', '--broaden', ...copper], check: roughnessOf('cosine', 'cosine@10') },
  atom: { title: 'annealing and one atom: an oxygen of Na3MnCoNiO6', structure: 'Na3MnCoNiO6', args: ['--axes', 'O1.x,O1.z', '--grid', '61x61', '--broaden', ...copper], check: roughnessOf('cosine', 'cosine@10') },
};

const files = Object.fromEntries(['U2Ti', 'Au2S', 'Na3MnCoNiO6'].map((name) => [name, fileOf(name)]));
const chosen = positionals.length === 0 ? Object.keys(figures) : positionals;
const unknown = chosen.find((name) => !(name in figures));
if (unknown !== undefined) {
  console.error(`no figure is called "${unknown}": choose of ${Object.keys(figures).join(', ')}`);
  process.exit(1);
}
for (const name of chosen) {
  const { title, structure, args, check } = figures[name];
  const output = join(options.output, name);
  mkdirSync(output, { recursive: true });
  const all = ['scan', relative(process.cwd(), files[structure]), ...args, '-o', relative(process.cwd(), output)];
  console.log(`\n${title}\n  npx braggscape ${shortened(all).join(' ')}`);
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'packages/cli/bin/braggscape.js'), ...all, '--json'], { encoding: 'utf8', maxBuffer: 1e9 });
  if (status !== 0) {
    console.error(stderr);
    process.exit(status ?? 1);
  }
  for (const line of check(JSON.parse(readFileSync(join(output, 'landscape.json'), 'utf8')))) console.log(`  ${line}`);
}

function fileOf(name) {
  if (options.structures !== undefined) {
    const found = readdirSync(options.structures).find((file) => file.startsWith(name) && file.endsWith('.cif'));
    if (found !== undefined) return join(options.structures, found);
  }
  return join(root, 'packages/benchmark/structures', `${name}.cif`);
}

/** A command line with its many starts left out. */
function shortened(args) {
  const first = args.indexOf('--from');
  const kept = args.filter((arg, i) => !((arg === '--from' && i > first) || (args[i - 1] === '--from' && i > first + 1)));
  return kept.length === args.length ? kept : [...kept.slice(0, first + 2), '…', ...kept.slice(first + 2)];
}

function percent(value) {
  return value === null ? '–' : `${(100 * value).toFixed(1)} %`;
}

/** Minima and roughness of some surfaces. */
function roughnessOf(...ids) {
  return ({ roughness, minima, curvature, axes }) =>
    ids.flatMap((id) => {
      const { localMinima, basinFraction, deepestFalseMinimum, totalVariation, straightDownhillFraction, gradientTowardsTruth, convexFraction, offset } = roughness[id];
      const false_ = minima[id].filter(({ onEdge, holdsTruth }) => !onEdge && !holdsTruth).sort((a, b) => b.depth - a.depth).slice(0, 3);
      const numbers = `${localMinima} local minima, true basin ${percent(basinFraction)}, deepest false minimum ${deepestFalseMinimum.toPrecision(3)}, total variation ${totalVariation.toPrecision(3)}`;
      const ways = `straight way home downhill from ${percent(straightDownhillFraction)}, downhill within 90° of home on ${percent(gradientTowardsTruth)}, convex on ${percent(convexFraction)}; minimum ${percent(offset)} of the span off the truth`;
      const curved = curvature[id] === undefined ? [] : [`curvature at the truth: ${curvature[id].flat} of ${curvature[id].eigenvalues.length} directions flat, condition number ${curvature[id].conditionNumber.toPrecision(3)}, ${percent(curvature[id].negativeFraction)} negative`];
      const places = false_.map(({ at, value, depth }) => `false minimum at ${at.map((x, k) => `${axes[k].name} ${x.toFixed(3)}`).join(', ')}: value ${value.toFixed(3)}, depth ${depth.toFixed(3)}`);
      return [`${id}: ${numbers}`, `${id}: ${ways}`, ...curved, ...places];
    });
}

/** Where the ways of a descent end. */
function waysOf({ paths }) {
  return paths.map(({ setting, points, values, end }) => {
    const [first, last] = [points[0], points.at(-1)].map((point) => point.map((x) => x.toFixed(3)).join(', '));
    return `${setting}: (${first}) → (${last}), loss ${values.at(-1).toExponential(1)} after ${points.length - 1} steps (${end})`;
  });
}

/** How many descents of each setting arrive at a loss below 1e-3. */
function arrivalsOf({ paths }) {
  return [...new Set(paths.map(({ setting }) => setting))].map((setting) => {
    const own = paths.filter((path) => path.setting === setting);
    const arrived = own.filter(({ values }) => Math.min(...values) < 1e-3).length;
    return `${setting}: ${arrived} of ${own.length} arrive`;
  });
}
