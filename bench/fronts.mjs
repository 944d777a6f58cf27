// Fronts of pattern (cosine) against energy (CHGNet) of two hard structures from seeded distorted starts: are they monotone, reproducible, and do they end where either objective alone ends?
//
//   npm run bench:fronts                       Na3MnCoNiO6 and GaTe, lattice noise 0.05, coordinate noise 0.02, seed 1; each twice
//   npm run bench:fronts -- --points 7 --seed 3 --once --output results/fronts
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { lastValueFrom } from 'rxjs';
import { createBraggscape, drawFront, frontReport, loadStructure } from 'braggscape';
import { chgnet } from '@braggscape/chgnet';
import { asMinimizer, fire } from '@braggscape/optimizers';
import { relax$ } from '@braggscape/pipeline';

const { values: options } = parseArgs({
  options: {
    points: { type: 'string', default: '15' },
    seed: { type: 'string', default: '1' },
    lattice: { type: 'string', default: '0.05' },
    coordinates: { type: 'string', default: '0.02' },
    once: { type: 'boolean', default: false },
    output: { type: 'string' },
  },
});
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const shared = join(root, '../shared/structures');
const own = join(root, 'examples/combine-energy-and-diffraction/rutile.cif');
const wanted = [
  { name: 'Na3MnCoNiO6', file: join(shared, 'Na3MnCoNiO6_mp-1221227.cif') },
  { name: 'GaTe', file: join(shared, 'GaTe_mp-10009.cif') },
];
// Without the reference structures beside the project its own rutile serves.
const structures = wanted.every(({ file }) => existsSync(file)) ? wanted : [{ name: 'rutile', file: own }];

const braggscape = await createBraggscape();
const results = {};
let failures = 0;
for (const { name, file } of structures) {
  const config = {
    structure: file,
    pattern: { structure: file },
    instrument: { wavelength: 1.5406, w: 0.1 },
    distort: { lattice: Number(options.lattice), coordinates: Number(options.coordinates) },
    seed: Number(options.seed),
  };
  const compute = () => braggscape.front(config, { points: Number(options.points) });
  const finished = await compute();
  const again = options.once ? undefined : await compute();
  const { front } = finished;
  const relaxed = await relaxedEnergy(file);
  const [first, last] = [front.points[0], front.points[front.points.length - 1]];
  const checks = {
    monotone: front.points.every(({ objectives }, i) => i === 0 || (objectives.cosine > front.points[i - 1].objectives.cosine && objectives.chgnet < front.points[i - 1].objectives.chgnet)),
    // The pattern is simulated from the structure, so its loss has the minimum 0; the energy's is what relaxing the undistorted structure leads to.
    patternEnd: first.method.kind === 'single' && first.objectives.cosine < 1e-8 && finished.verdicts[0].strict,
    energyEnd: last.method.kind === 'single' && Math.abs(last.objectives.chgnet - relaxed) < 1e-5,
    ...(again === undefined ? {} : { reproducible: JSON.stringify({ ...again.front, seconds: 0 }) === JSON.stringify({ ...front, seconds: 0 }) }),
  };
  failures += Object.values(checks).filter((fine) => !fine).length;
  results[name] = {
    points: front.points.length,
    ...checks,
    patternDifference: first.objectives.cosine,
    energyDifference: last.objectives.chgnet - relaxed,
    hypervolume: front.hypervolume,
    knee: front.points[front.knee].objectives,
    evaluations: front.evaluations,
    remembered: front.remembered,
    seconds: Math.min(front.seconds, again?.front.seconds ?? Infinity),
    stopReason: front.stopReason,
  };
  console.log(`${name}, lattice noise ${options.lattice}, coordinate noise ${options.coordinates}, seed ${options.seed}\n`);
  console.log(frontReport(finished, { front: '', structures: [], figures: [] }).split('\n').slice(0, -1).join('\n'));
  console.log(`relaxing the undistorted structure: ${relaxed.toFixed(7)} eV/atom; the front's end differs by ${(last.objectives.chgnet - relaxed).toExponential(1)} eV/atom`);
  console.log(`the pattern's minimum is 0; the front's end has ${first.objectives.cosine.toExponential(1)}`);
  console.log(`${Object.entries(checks).map(([check, fine]) => `${check}: ${fine ? 'yes' : 'NO'}`).join(', ')}\n`);
  if (options.output !== undefined) {
    const folder = join(options.output, name);
    await mkdir(folder, { recursive: true });
    await braggscape.writeFront(finished, folder);
    await drawFront(finished, folder, `${name}: powder pattern against CHGNet’s energy`);
  }
}
if (failures > 0) process.exitCode = 1;
console.log(JSON.stringify({ fronts: results }));

/** Energy per atom of a structure relaxed by other means than the front's: by FIRE. */
async function relaxedEnergy(file) {
  const { structure } = await loadStructure(file, braggscape.host);
  const potential = await chgnet();
  const minimizer = asMinimizer(fire({ timeStep: 0.1, maxTimeStep: 1, maxStep: 0.2 }));
  const stopped = await lastValueFrom(relax$(structure, potential, { minimizer, forceTolerance: 1e-3, maxSteps: 2000 }));
  potential.dispose?.();
  return stopped.final.energy / structure.numbers.length;
}
