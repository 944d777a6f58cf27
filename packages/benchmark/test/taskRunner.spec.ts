import { expect } from 'chai';
import { structureFrom, structureFromJson, structureToJson } from '@braggscape/core';
import { cellFromLattice } from '@braggscape/crystal';
import { distortedStart, taskRunner, tasksOf } from '@braggscape/benchmark';
import type { Protocol, TaskResult } from '@braggscape/benchmark';
import { host, smallProtocol } from './smallProtocol.js';

async function results(protocol: Protocol, order: (count: number) => readonly number[] = (count) => [...Array(count).keys()]): Promise<readonly TaskResult[]> {
  const runner = taskRunner(protocol, host);
  const tasks = tasksOf(protocol);
  const found: TaskResult[] = [];
  for (const index of order(tasks.length)) found[index] = await runner.run(tasks[index]);
  runner.dispose();
  return found;
}

const withoutTime = ({ seconds, ...rest }: TaskResult): Omit<TaskResult, 'seconds'> => {
  expect(seconds).to.be.greaterThan(0);
  return rest;
};

describe('running tasks', function () {
  this.timeout(60000);

  it('refines what the noise moved, and judges start and result against the truth', async () => {
    const protocol = smallProtocol(['cosine', 'cosine+constraint'], { samples: 1 });
    const truth = protocol.structures.map(({ structure }) => structure);
    for (const result of await results(protocol)) {
      const { initial, final } = result;
      const given = truth[result.structure === 'CsCl' ? 0 : 1];
      const kept = result.noise === 'lattice' ? 'frac' : 'lattice';
      expect(final.structure[kept], `${result.noise} ${kept}`).to.deep.equal(initial.structure[kept]);
      expect(initial.structure[kept === 'frac' ? 'lattice' : 'frac']).to.not.deep.equal(given[kept === 'frac' ? 'lattice' : 'frac']);
      expect(final.losses.cosine).to.be.lessThan(initial.losses.cosine as number);
      expect(result.objectives.cosine).to.be.closeTo(final.losses.cosine as number, 1e-12);
      expect(final.energyPerAtom).to.equal(null);
      expect(final.amd).to.be.a('number');
      if (result.setting === 'cosine+constraint') {
        const [a, b, c, alpha, beta, gamma] = cellFromLattice(structureFromJson(final.structure).lattice);
        expect([b, c, alpha, beta, gamma].map((value, i) => value - (i < 2 ? a : 90)).every((difference) => Math.abs(difference) < 1e-9)).to.equal(true);
      }
    }
  });

  it('gives every setting the same starts, and every order and every runner the same numbers', async () => {
    const protocol = smallProtocol(['cosine', 'energy'], { samples: 1, energies: { use: 'chgnet', backend: 'auto' } });
    const forward = await results(protocol);
    const backward = await results(protocol, (count) => [...Array(count).keys()].reverse());
    expect(backward.map(withoutTime)).to.deep.equal(forward.map(withoutTime));
    for (let i = 0; i < forward.length; i += 2) expect(forward[i].initial).to.deep.equal(forward[i + 1].initial);
    for (const [i, task] of tasksOf(protocol).entries()) expect(forward[i].initial.structure).to.deep.equal(structureToJson(distortedStart(protocol, task)));
    const energies = forward.filter(({ setting }) => setting === 'energy');
    for (const { initial, final, objectives, stopReason } of energies) {
      expect(stopReason).to.equal('converged');
      expect(final.energyPerAtom).to.be.lessThan(initial.energyPerAtom as number);
      expect(objectives.chgnet).to.be.closeTo(final.energyPerAtom as number, 1e-5);
    }
  });

  it('makes a result of a start that a potential cannot take', async () => {
    // Atoms on top of each other in the truth stay there under lattice noise.
    const overlapping = structureToJson(structureFrom([[4, 0, 0], [0, 4, 0], [0, 0, 4]], [55, 17], [[0, 0, 0], [0, 0, 0.001]]));
    const [result] = await results(smallProtocol(['energy'], { samples: 1, levels: { lattice: [0.01] }, structures: [{ name: 'overlap', structure: overlapping }] }));
    expect(result.stopReason).to.equal('refused');
    expect(result.message).to.match(/Å|apart|distance|close/);
    expect(result.final.structure).to.deep.equal(result.initial.structure);
    expect(result.final.energyPerAtom).to.equal(null);
  });
});
