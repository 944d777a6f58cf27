import { latticeFromCell } from '@braggscape/crystal';
import { boundsPresets, boundsProjector } from '@braggscape/projectors';

/** Constraints in turn, with the bounds that the cells are checked against. */
const constraints = [
  { preset: 'wide', projector: { use: 'bounds' } },
  { preset: 'tight', projector: { use: 'bounds', preset: 'tight' } },
  { preset: 'wide', projector: { use: 'compose', of: [{ use: 'auto', distance: 0.8, strain: 0.3 }, { use: 'bounds' }] } },
  { preset: 'wide', projector: { use: 'compose', of: [{ use: 'ramp', of: { use: 'auto', distance: 1.5, strain: 0.3 }, strengths: [0.3, 1] }, { use: 'bounds' }] } },
  { preset: 'wide', projector: { use: 'bounds', minimumDistance: 0.3 } },
  { preset: undefined, projector: { use: 'none' } },
];

/**
 * One descent from a start with lattice and coordinate noise 0.3; structure, optimizer and constraint follow from its number.
 * @param braggscape of `createBraggscape`
 * @returns the optimizer, and the result: stop reason, or the code of a typed error; how many numbers were not finite, and how many cells outside their bounds
 */
export async function descendFarStart(braggscape, files, run, steps) {
  const entries = braggscape.host.registry('optimizers').list();
  const { id: optimizer, schema } = entries[run % entries.length];
  // Every third run takes steps that are far too long, where the optimizer has a length of step.
  const reckless = run % 3 === 0 && schema.properties?.learningRate !== undefined ? { learningRate: 1 } : {};
  const { preset, projector } = constraints[run % constraints.length];
  const structure = files[run % files.length];
  try {
    const { stopped, plan } = await braggscape.refine({
      structure,
      pattern: { structure },
      instrument: { wavelength: 1.5406, u: 0, v: 0, w: 0.1 },
      twoTheta: { start: 10, stop: 80, count: 1401 },
      distort: { lattice: 0.3, coordinates: 0.3 },
      broadening: run % 2 === 0 ? { fwhm: [5], steps } : {},
      seed: run,
      projector,
      optimizer: { use: optimizer, ...reckless },
      stop: [{ use: 'max-steps', steps }, { use: 'gradient-tolerance' }, { use: 'stalled' }, { use: 'diverged' }],
    });
    const bounds = preset === undefined ? undefined : boundsProjector(plan.start, boundsPresets[preset]);
    const cells = stopped.history.map(({ cell }) => cell);
    const numbers = [...stopped.history.map(({ value }) => value), ...cells.flatMap(Object.values), ...[stopped.best, stopped.last].flatMap(({ structure: s }) => [...s.lattice.flat(), ...s.frac.flat()])];
    const outside = cells.filter((cell) => bounds !== undefined && bounds.violation({ ...plan.start, lattice: latticeFromCell([cell.a, cell.b, cell.c, cell.alpha, cell.beta, cell.gamma]) }) > 1e-6);
    return { optimizer, result: { reason: stopped.reason, notFinite: numbers.filter((x) => !Number.isFinite(x)).length, outside: outside.length } };
  } catch (error) {
    if (error?.name !== 'BraggscapeError') throw error;
    return { optimizer, result: { error: `${error.code}: ${error.message}`, notFinite: 0, outside: 0 } };
  }
}
