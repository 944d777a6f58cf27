// Which loss is smoothest? Every metric on the same slices of each structure, ranked by the part of the slice from which descent reaches the truth: along a and c by ±20 %, and along
// two random displacements of all atoms, by up to 1 Å each (root mean square); along a and c also against a counted target (10,000 counts at the strongest point, a background of 2 % that is estimated and
// subtracted). Broadened peaks stand beside for comparison.
//
//   npm run bench:losses                              the structures of ../shared, or else the examples
//   npm run bench:losses -- --structures FOLDER --grid 41
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { randomFromSeed, twoThetaAxis } from '@braggscape/core';
import { noisyPattern, withoutBackground } from '@braggscape/diffraction';
import { analyseSurfaces, computedSurfaces, optionsOf } from '@braggscape/pipeline';
import { computeScan, createHost, loadStructure, prepareScan } from 'braggscape';
import { mean, row } from './measure.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values: options } = parseArgs({ options: { structures: { type: 'string' }, grid: { type: 'string', default: '41' }, wavelength: { type: 'string', default: '1.5406' } } });
const folder = options.structures ?? join(root, '../shared/structures');
const cifs = (at) => readdirSync(at, { recursive: true }).filter((name) => name.endsWith('.cif')).map((name) => join(at, name));
const files = existsSync(folder) ? cifs(folder) : cifs(join(root, 'examples'));
const count = Number(options.grid);
const slices = { cell: { axes: ['a', 'c'] }, 'cell, counted': { axes: ['a', 'c'], counted: true }, coordinates: { axes: ['random-coords:1', 'random-coords:2'] } };
const widths = [10, 2];
const twoTheta = { start: 5, stop: 90, count: 8500 };

const host = await createHost();
const choice = (kind, use, given = {}) => ({ use, weight: 1, ...host.registry(kind).get(use).normalize(given, use) });
const objectives = host.registry('metrics').list().map(({ id }) => choice('metrics', id));
const instrument = choice('patternModels', 'ideal', { wavelength: Number(options.wavelength), w: 0.1 });
const found = {};
const began = performance.now();
for (const file of files) {
  const { structure, name } = await loadStructure(file, host);
  for (const [slice, { counted, ...request }] of Object.entries(slices)) {
    const reach = Math.sqrt(structure.numbers.length);
    const ranges = slice === 'coordinates' ? { ranges: Array(2).fill({ from: -reach, to: reach, offsets: false }) } : {};
    const prepared = await prepareScan({ structure, objectives, instrument, twoTheta, widths, seed: 0, grid: [count, count], ...request, ...ranges }, host);
    const setup = counted ? { ...prepared.setup, target: { pattern: await countedTarget(structure) } } : prepared.setup;
    const output = mkdtempSync(join(tmpdir(), 'bench-losses-'));
    const { values, units } = await computeScan({ setup, plugins: [], directory: process.cwd(), key: prepared.key, output, resume: false, size: 256 }, host, () => undefined, new AbortController().signal);
    rmSync(output, { recursive: true, force: true });
    for (const [id, { roughness }] of analyseSurfaces(setup, computedSurfaces(setup, units, values))) {
      if (id.includes('@') && !id.startsWith('cosine@')) continue;
      const { basinFraction, localMinima, straightDownhillFraction, gradientTowardsTruth } = roughness;
      ((found[id] ??= {})[slice] ??= []).push({ name, basinFraction, localMinima, straightDownhillFraction, gradientTowardsTruth });
    }
  }
  console.error(`${name}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
}

/** A target as a diffractometer would count it, less its estimated background. */
async function countedTarget(structure) {
  const model = await host.registry('patternModels').get(instrument.use).create(optionsOf(instrument), {});
  const noise = { counts: 10000, background: 0.02, zeroShift: 0, texture: 0 };
  return withoutBackground(noisyPattern(model, structure, twoThetaAxis(twoTheta), noise, randomFromSeed(0)), { width: 3 });
}

const average = (id, slice, key) => mean(found[id][slice].map((one) => one[key]));
const ranked = Object.keys(found).sort((a, b) => average(b, 'cell', 'basinFraction') - average(a, 'cell', 'basinFraction'));
const percent = (value) => `${(100 * value).toFixed(1)} %`;
console.log(`\nmeans over ${files.length} structures, ${count} × ${count} points; true basin: part of the slice from which steepest descent reaches the truth\n`);
for (const slice of Object.keys(slices)) {
  console.log(row([slice, 'true basin', 'local minima', 'straight down', 'towards truth']));
  for (const id of ranked.toSorted((a, b) => average(b, slice, 'basinFraction') - average(a, slice, 'basinFraction'))) {
    console.log(row([id, percent(average(id, slice, 'basinFraction')), average(id, slice, 'localMinima').toFixed(1), percent(average(id, slice, 'straightDownhillFraction')), percent(average(id, slice, 'gradientTowardsTruth'))]));
  }
  console.log('');
}
console.log('true basin by structure, cell');
const names = found[ranked[0]].cell.map(({ name }) => name);
console.log(row(['', ...names.map((name) => name.slice(0, 11))], 12));
for (const id of ranked) console.log(row([id, ...found[id].cell.map(({ basinFraction }) => percent(basinFraction))], 12));
console.log(JSON.stringify({ ranked, found }));
