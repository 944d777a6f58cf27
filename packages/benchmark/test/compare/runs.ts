import { collectRun, taskKeys, tasksOf } from '@braggscape/benchmark';
import type { BenchmarkRun, Outcome, Protocol, Setting, Task, TaskResult } from '@braggscape/benchmark';

/** A refinement by a metric with options of its own, so that its results have keys of their own. */
export function setting(name: string, more: Partial<Setting> = {}): Setting {
  return { kind: 'refinement', name, noise: ['lattice', 'coords'], samples: null, similarity: 'cosine', config: { plan: 'descent', tag: name }, constraint: 'none', vary: 'noise', ...more } as Setting;
}

/** A protocol of one cubic crystal. */
export function protocol(settings: readonly Setting[], more: Partial<Protocol> = {}): Protocol {
  const structure = { lattice: [[4, 0, 0], [0, 4, 0], [0, 0, 4]], frac: [[0, 0, 0]], numbers: [29], occupancy: [1], uIso: [0], labels: ['Cu'] } as unknown as Protocol['structures'][number]['structure'];
  return {
    format: 'braggscape-benchmark/1',
    version: '0.1.0',
    structures: [{ name: 'Cu', structure }],
    levels: { lattice: [0.05] },
    distribution: 'uniform',
    samples: 10,
    seed: 0,
    settings,
    instrument: { use: 'ideal', wavelength: 1.54 },
    twoTheta: { start: 20, stop: 80, count: 100 },
    energies: null,
    plugins: [],
    ...more,
  };
}

/** What the tests say of a result; a match is strict unless they say otherwise. */
export type Said = Partial<Outcome>;

/** A result of every task, as `say` has it. */
export function results(of: Protocol, say: (task: Task) => Said): readonly TaskResult[] {
  const keyOf = taskKeys(of);
  return tasksOf(of).map((task) => {
    const { match = true, strict = match, rms = match ? 0.01 : null, evaluations = 100, seconds = 1 } = say(task);
    const { structure, noise, level, sample } = task;
    const judged = { match, strict, rms, maxDist: rms, amd: match ? 0.001 : 1, losses: { cosine: 0.1, mse: 0.1, entropy: 0.1, 'cross-correlation': 0.1 }, energyPerAtom: null, structure: structure.structure };
    return { key: keyOf(task), structure: structure.name, noise, level, sample, setting: task.setting.name, stopReason: 'stalled', message: '', steps: evaluations, evaluations, seconds, initial: judged, final: judged, objectives: {}, verdict: null };
  });
}

/** A run of a protocol. */
export function run(name: string, of: Protocol, say: (task: Task) => Said = () => ({})): Promise<BenchmarkRun> {
  return collectRun(name, of, results(of, say));
}
