import { isBraggscapeError, structureToJson } from '@braggscape/core';
import type { Metric, Pattern, PatternModel, Potential, Structure } from '@braggscape/core';
import { amdDistance, matchStructures, strictTolerances } from '@braggscape/crystal';
import { cosine, crossCorrelation, entropy, meanSquaredError } from '@braggscape/metrics';
import type { JudgedMetric, Judgement } from '../results/taskResult.js';

/** Compares structures with one truth. */
export type Judge = (structure: Structure) => Promise<Judgement>;

/** The paper's losses with their defaults. */
const metrics: Readonly<Record<JudgedMetric, Metric>> = {
  cosine,
  mse: meanSquaredError({ normalization: 'max' }),
  entropy: entropy({ weighting: false }),
  'cross-correlation': crossCorrelation({ width: 1 }),
};

/**
 * A judge for a truth and its pattern.
 * @param potential gives energies; left out, they are null
 */
export function judge(truth: Structure, observed: Pattern, model: PatternModel, potential: Potential | undefined): Judge {
  const calculator = model.on(observed.twoTheta);
  const comparisons = Object.entries(metrics).map(([id, metric]) => [id, metric.against(observed)] as const);
  const energyOf = async (structure: Structure): Promise<number | null> => {
    if (potential === undefined) return null;
    const { energy } = await potential.compute(structure);
    return finite(energy / structure.numbers.length);
  };
  return async (structure) => {
    const loose = await orNull(() => matchStructures(truth, structure));
    const strict = await orNull(() => matchStructures(truth, structure, strictTolerances));
    const pattern = await orNull(() => calculator.simulate(structure));
    return {
      structure: structureToJson(structure),
      match: loose?.match ?? false,
      strict: strict?.match ?? false,
      rms: finite(loose?.rms),
      maxDist: finite(loose?.maxDist),
      amd: finite(await orNull(() => amdDistance(truth, structure))),
      losses: Object.fromEntries(comparisons.map(([id, compare]) => [id, pattern === null ? null : finite(compare(pattern, 'value').value)])) as Judgement['losses'],
      energyPerAtom: await orNull(() => energyOf(structure)),
    };
  };
}

/** Null for structures that the question is not defined for, such as overlapping atoms for an energy. */
async function orNull<Value>(ask: () => Value | Promise<Value>): Promise<Value | null> {
  try {
    return await ask();
  } catch (error) {
    if (isBraggscapeError(error)) return null;
    throw error;
  }
}

function finite(value: number | null | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
