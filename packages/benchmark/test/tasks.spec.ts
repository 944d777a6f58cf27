import { expect } from 'chai';
import { shardOf, taskKeys, taskName, tasksOf } from '@braggscape/benchmark';
import { smallProtocol } from './smallProtocol.js';

const protocol = smallProtocol(['cosine', 'mse+constraint', 'xrd@1']);
const tasks = tasksOf(protocol);
const keyOf = taskKeys(protocol);
const keys = tasks.map(keyOf);

describe('tasks of a benchmark', () => {
  it('are every start in every setting, sample by sample', () => {
    // Per sample: lattice 2 levels × 2 structures × 2 settings, coords 1 × 2 × 1; the plan on the first sample's 6 starts.
    expect(tasks).to.have.length(2 * (8 + 2) + 6);
    expect(tasks.map(({ sample }) => sample)).to.deep.equal(tasks.map(({ sample }) => sample).sort());
    expect(taskName(tasks[0])).to.equal('lattice 0.02 #0 CsCl cosine');
    expect(new Set(keys).size).to.equal(tasks.length);
  });

  it('keep their keys when samples, levels, structures or settings are added', () => {
    const larger = smallProtocol(['energy', 'cosine', 'mse+constraint', 'xrd@2'], { samples: 5, levels: { coords: [0.01, 0.02], lattice: [0.02, 0.05, 0.1] } });
    const others = new Set(tasksOf(larger).map(taskKeys(larger)));
    for (const key of keys) expect(others.has(key)).to.equal(true);
  });

  it('change their keys with whatever changes results', () => {
    const changed = [
      smallProtocol(['cosine', 'mse+constraint', 'xrd@1'], { seed: 4 }),
      smallProtocol(['cosine', 'mse+constraint', 'xrd@1'], { version: '0.2.0' }),
      smallProtocol(['cosine', 'mse+constraint', 'xrd@1'], { distribution: 'normal' }),
      smallProtocol(['cosine', 'mse+constraint', 'xrd@1'], { twoTheta: { start: 10, stop: 71, count: 1201 } }),
      smallProtocol(['cosine', 'mse+constraint', 'xrd@1'], { energies: { use: 'chgnet' } }),
    ];
    for (const other of changed) expect(tasksOf(other).map(taskKeys(other)).filter((key) => keys.includes(key))).to.deep.equal([]);
  });

  for (const count of [1, 2, 5, 40]) {
    it(`fall into ${count} shards without overlap or gap, settings of a start together`, () => {
      const shards = Array.from({ length: count }, (_, i) => shardOf(tasks, i + 1, count));
      expect(shards.flat()).to.have.length(tasks.length);
      expect(new Set(shards.flat()).size).to.equal(tasks.length);
      const startOf = ({ noise, level, sample, structure }: (typeof tasks)[number]): string => `${noise} ${level} ${sample} ${structure.name}`;
      const homes = new Map<string, Set<number>>();
      shards.forEach((shard, i) => {
        for (const task of shard) homes.set(startOf(task), (homes.get(startOf(task)) ?? new Set()).add(i));
      });
      for (const home of homes.values()) expect(home.size).to.equal(1);
    });
  }
});
