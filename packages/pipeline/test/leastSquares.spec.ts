import { expect } from 'chai';
import { lastValueFrom, toArray } from 'rxjs';
import type { StoppedEvent } from '@braggscape/core';
import { makePlan, normalizeConfig, run$ } from '@braggscape/pipeline';
import { crystals, rejectionOf } from '@braggscape/testing';
import { testConfig, testHost } from './quadratic.js';

const host = testHost();

async function run(more: Readonly<Record<string, unknown>>): Promise<StoppedEvent> {
  const config = testConfig({
    twoTheta: { start: 20, stop: 90, count: 1401 },
    instrument: { wavelength: 1.5406, w: 0.1 },
    distort: { lattice: 0.002, coordinates: 0.004 },
    vary: ['cell', 'coords'],
    stop: [{ use: 'max-steps', steps: 40 }, { use: 'target-value', value: 1e-14 }],
    ...more,
  });
  const plan = await makePlan(normalizeConfig(config, host), { start: crystals.rutile, observed: { structure: crystals.rutile } }, host);
  const events = await lastValueFrom(run$(plan).pipe(toArray()));
  const stopped = events[events.length - 1];
  if (stopped.kind !== 'stopped') throw new Error('no end');
  return stopped;
}

describe('least squares on a pattern', () => {
  for (const metric of ['cosine', 'mse', 'rwp']) {
    it(`Levenberg–Marquardt brings ${metric} to rounding in a few steps, all evaluations counted`, async () => {
      const { best, steps, evaluations } = await run({ objectives: [{ use: metric }], optimizer: { use: 'levenberg-marquardt' }, stop: [{ use: 'max-steps', steps: 60 }, { use: 'target-value', value: metric === 'rwp' ? 1e-7 : 1e-14 }] });
      expect(best.value).to.be.at.most(metric === 'rwp' ? 1e-7 : 1e-14);
      // Not five: at a symmetric crystal the pattern is stationary along displacements that break the symmetry, and the Jacobian loses rank.
      expect(steps).to.be.below(60);
      // Residuals at the point, at a step in each of the 24 components, at the trial, and the gradient there.
      expect(evaluations).to.be.at.least(1 + 27 * steps);
    });
  }

  it('Gauss–Newton finds a cell too', async () => {
    const { best } = await run({ objectives: [{ use: 'cosine' }], vary: ['cell'], distort: { lattice: 0.002 }, optimizer: { use: 'gauss-newton' } });
    expect(best.value).to.be.at.most(1e-14);
  });

  it('is refused with the remedy for two objectives, and for one that is no sum of squares', async () => {
    for (const objectives of [[{ use: 'cosine' }, { use: 'mse' }], [{ use: 'entropy' }]]) {
      const error = await rejectionOf(run({ objectives, optimizer: { use: 'levenberg-marquardt' } }));
      expect(error.path).to.equal('optimizer.use');
      expect(error.hint).to.contain('lbfgs');
    }
  });

  it('preconditioning sees the cell and the coordinates as two blocks', async () => {
    const { best, evaluations, steps } = await run({ objectives: [{ use: 'cosine' }], optimizer: { use: 'preconditioned', of: { use: 'lbfgs', firstStep: 1 } }, stop: [{ use: 'max-steps', steps: 200 }, { use: 'target-value', value: 1e-10 }] });
    expect(best.value).to.be.at.most(1e-10);
    // One evaluation at the start and one for each block, and then hardly more than steps.
    expect(evaluations).to.be.within(steps + 3, 1.5 * steps + 3);
  });
});
