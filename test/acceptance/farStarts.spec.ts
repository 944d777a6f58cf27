import { expect } from 'chai';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createBraggscape } from 'braggscape';
import { root } from './program.js';

interface FarStart {
  readonly optimizer: string;
  readonly result: { readonly reason?: string; readonly error?: string; readonly notFinite: number; readonly outside: number };
}

type Descend = (braggscape: Awaited<ReturnType<typeof createBraggscape>>, files: readonly string[], run: number, steps: number) => Promise<FarStart>;

/** A few of the starts of `npm run bench:starts`. */
describe('descents from far away', function () {
  this.timeout(60000);

  it('end in a typed stop reason, with every optimizer and every kind of constraint, without a number that is not finite or a cell outside its bounds', async () => {
    const { descendFarStart } = (await import(pathToFileURL(join(root, 'bench/farStarts.mjs')).href)) as { descendFarStart: Descend };
    const braggscape = await createBraggscape();
    const reasons = new Set<string>();
    const optimizers = new Set<string>();
    for (let run = 0; run < 36; run++) {
      const { optimizer, result } = await descendFarStart(braggscape, [join(root, 'examples/recover-u2ti/U2Ti.cif')], run, 12);
      expect(result, `run ${run}`).to.include({ notFinite: 0, outside: 0 });
      expect(result.error, `run ${run}`).to.equal(undefined);
      reasons.add(result.reason ?? '');
      optimizers.add(optimizer);
    }
    expect(['converged', 'stalled', 'maxSteps', 'diverged', 'nonFinite', 'boundHit']).to.include.members([...reasons]);
    expect(optimizers.size).to.be.greaterThan(5);
  });
});
