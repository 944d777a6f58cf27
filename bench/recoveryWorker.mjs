// Runs the tasks of the recovery table that its parent sends, one after the other.
import { lastValueFrom } from 'rxjs';
import { B_PER_U, randomFromSeed, structureFromJson, twoThetaAxis } from '@braggscape/core';
import { distortCoordinates, distortLattice, findSymmetry } from '@braggscape/crystal';
import { instrumentModel, noisyPattern, powderPatternModel } from '@braggscape/diffraction';
import { makePlan, normalizeConfig, run$ } from '@braggscape/pipeline';
import { compareStructures, createHost, loadStructure } from 'braggscape';
import { columns, rows } from './recoveryTasks.mjs';

const host = await createHost();
const radiation = { wavelength: 1.5406 };
const ideal = { ...radiation, u: 0, v: 0, w: 0.1 };
const axis = twoThetaAxis({ start: 5, stop: 90, count: 8500 });

process.on('message', (task) => {
  run(task).then(
    (result) => process.send(result),
    (error) => {
      console.error(JSON.stringify(task), error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit(0));
process.send({ ready: true });

async function run({ row, column, structure: name, path, sample }) {
  const { structure: truth } = await loadStructure(path, host);
  const { realistic = false } = columns[column];
  const config = normalizeConfig(
    {
      structure: name,
      pattern: { file: 'in memory' },
      seed: sample,
      figures: false,
      ...rows[row](familyOf(truth)),
      ...(realistic ? fittedInstrument(row) : { instrument: ideal }),
    },
    host,
  );
  const pattern = realistic ? realisticPattern(truth, randomFromSeed(sample).derive(`experiment ${name}`)) : { twoTheta: axis, intensity: powderPatternModel(ideal).on(axis).simulate(truth), wavelength: radiation.wavelength };
  const before = process.cpuUsage();
  const plan = await makePlan(config, { start: distorted(truth, column, sample), observed: { pattern } }, host);
  const stopped = await lastValueFrom(run$(plan));
  const { user, system } = process.cpuUsage(before);
  plan.dispose();
  const { match, strict, rms } = await compareStructures(truth, structureFromJson(stopped.best.structure));
  const { verdict } = stopped;
  return {
    row,
    column,
    structure: name,
    sample,
    match,
    strict,
    rms,
    reason: stopped.reason,
    loss: stopped.best.objectives.cosine,
    evaluations: stopped.evaluations,
    seconds: (user + system) / 1e6,
    ...(verdict === undefined ? {} : { level: verdict.level, chiSquare: verdict.chiSquare, rivals: verdict.rivals.length, spaceGroup: verdict.spaceGroup?.symbol }),
  };
}

/** The instrument as a user would describe it before anything was fitted. Single descents draw Gaussians, without background, as pseudo-Voigt peaks would take them hours. */
function fittedInstrument(row) {
  const common = { use: 'powder', ...radiation, scattering: 'pymatgen', dispersion: false };
  return row.startsWith('sharp')
    ? { instrument: { ...common, profile: 'gaussian', w: 0.1 }, pattern: { file: 'in memory', subtractBackground: { width: 3 } }, vary: ['cell', 'coords', 'zero', 'w'] }
    : { instrument: { ...common, profile: 'pseudo-voigt', w: 0.1, eta0: 0.5 } };
}

function distorted(truth, column, sample) {
  const { lattice, coordinates } = columns[column];
  const random = randomFromSeed(sample).derive('distort');
  const strained = lattice > 0 ? distortLattice(truth, lattice, random.derive('lattice')) : truth;
  return coordinates > 0 ? distortCoordinates(strained, coordinates, random.derive('coordinates')) : strained;
}

function realisticPattern(truth, random) {
  const model = instrumentModel({ ...radiation, scattering: 'pymatgen', dispersion: false, profile: 'pseudo-voigt', w: random.between(0.08, 0.2), eta0: random.between(0.2, 0.6), zero: random.between(-0.05, 0.05) });
  const u = random.between(0.3, 1.5) / B_PER_U;
  return noisyPattern(model, { ...truth, uIso: truth.uIso.map(() => u) }, axis, { counts: 10000, background: 0.03, zeroShift: 0, texture: 0 }, random.derive('noise'));
}

/** The projector for a crystal whose cell is the conventional one. */
function familyOf(truth) {
  const { crystalSystem, latticeFamily } = findSymmetry(truth);
  return { use: latticeFamily ?? (crystalSystem === 'trigonal' ? 'hexagonal' : crystalSystem) };
}
