import { createPluginHost, kinds, randomFromSeed } from '@braggscape/core';
import type { Combiner, CreateContext, Entry, Kind, Kinds, Metric, Objective, PatternModel, Plugin, Potential, Projector, Structure } from '@braggscape/core';
import { checkCombiner } from './checkCombiner.js';
import type { CombinerCheckOptions } from './checkCombiner.js';
import { checkMetric } from './checkMetric.js';
import { checkObjective } from './checkObjective.js';
import { checkOptimizer } from './checkOptimizer.js';
import type { OptimizerCheckOptions } from './checkOptimizer.js';
import { optimizerProblems } from './optimizerProblems.js';
import { checkPatternModel } from './checkPatternModel.js';
import { checkPotential } from './checkPotential.js';
import { checkProjector } from './checkProjector.js';
import { crystals, randomStructure } from './structures.js';
import { law } from './violation.js';

/** Options of {@link checkPlugin}. */
export interface PluginCheckOptions {
  /** Options per entry id where its defaults do not suffice, such as a required wavelength or a learning rate fit for unit-scale problems. */
  readonly options?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Structures to check at; default two random triclinic ones and rutile. */
  readonly structures?: readonly Structure[];
  /** For the optimizer table, per entry id: the outcomes that its optimizer is to reach. */
  readonly optimizers?: Readonly<Record<string, OptimizerCheckOptions>>;
  /** For the table of combiners, per entry id: known directions. */
  readonly combiners?: Readonly<Record<string, CombinerCheckOptions>>;
  /** The same as `optimizers` for all others. */
  readonly optimizer?: OptimizerCheckOptions;
}

/**
 * Load a plugin through the same door as everybody's and put every entry through the laws of its kind, also checking that each has a
 * summary and described options.
 *
 * @returns ids that were checked
 * @throws BraggscapeError from the door, or LawViolation
 */
export async function checkPlugin(plugin: Plugin, settings: PluginCheckOptions = {}): Promise<readonly string[]> {
  const host = createPluginHost([plugin]);
  const structures = settings.structures ?? [1, 2].map((seed) => randomStructure(randomFromSeed(seed))).concat(crystals.rutile);
  const checked: string[] = [];
  for (const kind of kinds) {
    for (const entry of host.registry(kind).list()) {
      law(entry.summary.trim() !== '', () => `${kind} "${entry.id}": empty summary`);
      const raw = settings.options?.[entry.id] ?? {};
      const make = async (start = structures[0]): Promise<unknown> => entry.create(entry.normalize(raw, entry.id), context(start));
      await checkEntry(kind, entry, make, structures, settings);
      checked.push(entry.id);
    }
  }
  law(checked.length > 0, () => `plugin "${plugin.meta.name}" has no entries`);
  return checked;
}

function context(start: Structure): CreateContext {
  return { start, random: randomFromSeed(1) };
}

async function checkEntry(
  kind: Kind,
  entry: Entry<Kinds[Kind]>,
  make: (start?: Structure) => Promise<unknown>,
  structures: readonly Structure[],
  settings: PluginCheckOptions,
): Promise<void> {
  switch (kind) {
    case 'metrics':
      await checkMetric((await make()) as Metric);
      return;
    case 'objectives':
      await checkObjective((await make()) as Objective, structures);
      return;
    case 'potentials':
      await checkPotentialEntry((await make()) as Potential, structures);
      return;
    case 'projectors':
      // A projector may keep what its start structure has.
      for (const structure of structures) await checkProjector((await make(structure)) as Projector, [structure]);
      return;
    case 'patternModels':
      await checkPatternModel((await make()) as PatternModel, structures);
      return;
    case 'optimizers': {
      // Created anew for each run; `create` may be asynchronous, so several are made beforehand.
      const pool = await Promise.all(Array.from({ length: 3 * optimizerProblems.length + 1 }, () => make()));
      await checkOptimizer(() => pool.pop() as Kinds['optimizers'], settings.optimizers?.[entry.id] ?? settings.optimizer);
      return;
    }
    case 'combiners':
      checkCombiner((await make()) as Combiner, settings.combiners?.[entry.id]);
      return;
    default:
      law((await make()) !== undefined, () => `${kind} "${entry.id}": create returned nothing`);
  }
}

/** Potentials are made for ordered structures of their elements. */
async function checkPotentialEntry(potential: Potential, structures: readonly Structure[]): Promise<void> {
  const known = structures.filter(({ numbers }) => numbers.every((number) => potential.elements?.has(number) !== false));
  law(known.length > 0, () => `potential "${potential.id}": it knows no structure to check it at; give some`);
  await checkPotential(
    potential,
    known.map((structure) => ({ ...structure, occupancy: structure.occupancy.map(() => 1) })),
  );
}
