import { lastValueFrom } from 'rxjs';
import { isBraggscapeError, randomFromSeed, structureFromJson, twoThetaAxis } from '@braggscape/core';
import type { CreateContext, Pattern, PatternModel, PluginHost, Potential, Structure } from '@braggscape/core';
import { distortCoordinates, distortLattice } from '@braggscape/crystal';
import { asMinimizer } from '@braggscape/optimizers';
import { makePlan, normalizeConfig, optionsOf, relax$, run$ } from '@braggscape/pipeline';
import type { RelaxEvent } from '@braggscape/pipeline';
import type { Protocol } from '../protocol/protocol.js';
import type { RefinementSetting, RelaxationSetting } from '../protocol/setting.js';
import type { Judgement, TaskResult } from '../results/taskResult.js';
import type { Task } from '../tasks/task.js';
import { taskKeys } from '../tasks/taskKey.js';
import { latticeFamily } from './latticeFamily.js';
import { judge } from './judge.js';
import type { Judge } from './judge.js';
import { rememberingHost } from './rememberingHost.js';

/** Runs tasks of one protocol one after the other; models are loaded once, targets simulated once for each structure. */
export interface TaskRunner {
  /** @throws an error that is no fault of the task's structure, such as a missing plugin or a fault of the program */
  run(task: Task): Promise<TaskResult>;
  dispose(): void;
}

/** What a structure's tasks have in common. */
interface Target {
  readonly truth: Structure;
  readonly observed: Pattern;
  readonly judge: Judge;
  /** Projector of the lattice family, found when it is asked for. */
  family(): Promise<string>;
}

/** Outcome of a recovery before it is judged. */
interface Recovered extends Pick<TaskResult, 'stopReason' | 'message' | 'steps' | 'evaluations' | 'objectives' | 'verdict'> {
  readonly final: Structure;
}

/** Judged starts that are kept: settings of a start follow each other. */
const STARTS_KEPT = 64;

/** A runner for a protocol. */
export function taskRunner(protocol: Protocol, givenHost: PluginHost): TaskRunner {
  const { host, dispose } = rememberingHost(givenHost);
  const targets = new Map<string, Promise<Target>>();
  const starts = new Map<string, Promise<Judgement>>();
  const keyOf = taskKeys(protocol);

  const targetOf = async ({ structure: { structure } }: Task): Promise<Target> => {
    const truth = structureFromJson(structure);
    const context: CreateContext = { start: truth, random: randomFromSeed(0) };
    const model: PatternModel = await host.registry('patternModels').get(protocol.instrument.use).create(optionsOf(protocol.instrument), context);
    const twoTheta = twoThetaAxis(protocol.twoTheta);
    const observed: Pattern = { twoTheta, intensity: model.on(twoTheta).simulate(truth), wavelength: model.wavelength };
    const potential = protocol.energies === null ? undefined : await potentialOf(protocol.energies, truth, host);
    let family: Promise<string> | undefined;
    return { truth, observed, family: () => (family ??= latticeFamily(truth, host)), judge: judge(truth, observed, model, potential) };
  };
  const remembered = <Value>(map: Map<string, Promise<Value>>, key: string, most: number, make: () => Promise<Value>): Promise<Value> => {
    let found = map.get(key);
    if (found === undefined) {
      if (map.size >= most) map.delete(map.keys().next().value as string);
      found = make();
      map.set(key, found);
    }
    return found;
  };

  return {
    async run(task) {
      const { structure, noise, level, sample, setting } = task;
      const target = await remembered(targets, structure.name, 64, () => targetOf(task));
      const start = distortedStart(protocol, task);
      const initial = await remembered(starts, `${structure.name} ${noise} ${level} ${sample}`, STARTS_KEPT, () => target.judge(start));
      const before = process.cpuUsage();
      const recovered = await recover(target, start, task);
      const { user, system } = process.cpuUsage(before);
      const { final, ...rest } = recovered;
      return {
        key: keyOf(task),
        structure: structure.name,
        noise,
        level,
        sample,
        setting: setting.name,
        ...rest,
        seconds: (user + system) / 1e6,
        initial,
        final: await target.judge(final),
      };
    },
    dispose,
  };

  async function recover(target: Target, start: Structure, task: Task): Promise<Recovered> {
    try {
      return task.setting.kind === 'relaxation' ? await relax(start, task.setting) : await refine(target, start, task, task.setting);
    } catch (error) {
      // What an objective does not take is a property of the start and the setting, and a result like any other.
      if (isBraggscapeError(error) && refusals.has(error.code)) return { stopReason: 'refused', message: error.message, steps: 0, evaluations: 0, objectives: {}, verdict: null, final: start };
      throw error;
    }
  }

  async function refine({ observed, family }: Target, start: Structure, { noise, structure, sample }: Task, { config, constraint, vary }: RefinementSetting): Promise<Recovered> {
    const normalized = normalizeConfig(
      {
        ...config,
        structure: structure.name,
        pattern: { file: 'in memory' },
        instrument: protocol.instrument,
        seed: protocol.seed + sample,
        figures: false,
        checkpointSeconds: 1e9,
        ...(vary === 'noise' ? { vary: [noise === 'lattice' ? 'cell' : 'coords'] } : {}),
        ...(constraint === 'lattice' ? { projector: { use: await family() } } : {}),
      },
      host,
    );
    const plan = await makePlan(normalized, { start, observed: { pattern: observed } }, host);
    try {
      const stopped = await lastValueFrom(run$(plan));
      if (stopped.kind !== 'stopped') throw new Error(`the run ended with a "${stopped.kind}" event`);
      const { reason, message, steps, evaluations, best, verdict } = stopped;
      return { stopReason: reason, message, steps, evaluations, objectives: finiteOnly(best.objectives), verdict: verdict?.level ?? null, final: structureFromJson(best.structure) };
    } finally {
      plan.dispose();
    }
  }

  async function relax(start: Structure, { potential: chosen, optimizer, forceTolerance, steps: maxSteps }: RelaxationSetting): Promise<Recovered> {
    const potential = await potentialOf(chosen, start, host);
    const context: CreateContext = { start, random: randomFromSeed(0) };
    const minimizer = asMinimizer(await host.registry('optimizers').get(optimizer.use).create(optionsOf(optimizer), context));
    const stopped = (await lastValueFrom(relax$(start, potential, { minimizer, forceTolerance, maxSteps }))) as Extract<RelaxEvent, { kind: 'stopped' }>;
    const { reason, message, steps, evaluations, final } = stopped;
    const perAtom = final.energy / start.numbers.length;
    return { stopReason: reason, message, steps, evaluations, objectives: finiteOnly({ [chosen.use]: perAtom }), verdict: null, final: structureFromJson(final.structure) };
  }
}

/** Faults of a start, not of the program or the machine. */
const refusals: ReadonlySet<string> = new Set(['structure.unsupported', 'structure.invalid', 'cell.impossible', 'element.unknown']);

/** The start of a task: it depends on the seed, structure, noise model, level and sample, and not on the setting. */
export function distortedStart({ seed, distribution }: Protocol, { structure, noise, level, sample }: Task): Structure {
  const truth = structureFromJson(structure.structure);
  const random = randomFromSeed(seed).derive(`${structure.name} ${noise} ${level} ${sample}`);
  return noise === 'lattice' ? distortLattice(truth, level, random, { distribution }) : distortCoordinates(truth, level, random, { distribution });
}

async function potentialOf(choice: RelaxationSetting['potential'], start: Structure, host: PluginHost): Promise<Potential> {
  return host.registry('potentials').get(choice.use).create(optionsOf(choice), { start, random: randomFromSeed(0) });
}

function finiteOnly(values: Readonly<Record<string, number>>): Readonly<Record<string, number | null>> {
  return Object.fromEntries(Object.entries(values).map(([id, value]) => [id, Number.isFinite(value) ? value : null]));
}
