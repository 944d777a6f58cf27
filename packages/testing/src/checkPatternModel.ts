import { dot, randomFromSeed } from '@braggscape/core';
import type { PatternModel, Structure } from '@braggscape/core';
import type { GradientCheckOptions } from './checkGradient.js';
import { checkBlocks, gradientToVector, structureFromVector } from './structureVector.js';
import { law } from './violation.js';

/** Options of {@link checkPatternModel}. */
export interface PatternModelCheckOptions extends GradientCheckOptions {
  /** [m] degrees; default 400 points from 15 to 75. */
  readonly twoTheta?: Float64Array;
  readonly seed?: number;
}

/**
 * Check a pattern model at some structures: finite patterns that are the same from `simulate` and `linearize`, and a pullback that is the transposed
 * derivative, tested with random cotangents against central differences.
 *
 * @returns largest relative difference
 * @throws LawViolation
 */
export async function checkPatternModel(model: PatternModel, structures: readonly Structure[], options: PatternModelCheckOptions = {}): Promise<number> {
  const { twoTheta = Float64Array.from({ length: 400 }, (_, i) => 15 + (60 * i) / 399), seed = 1, ...gradientOptions } = options;
  const calculator = model.on(twoTheta);
  const random = randomFromSeed(seed).derive(`pattern model ${model.id}`);
  let worst = 0;
  for (const [index, structure] of structures.entries()) {
    const name = `${model.id} at structure ${index}`;
    const simulated = calculator.simulate(structure);
    law(simulated.length === twoTheta.length, () => `${name}: ${simulated.length} intensities for ${twoTheta.length} angles`);
    law(simulated.every(Number.isFinite), () => `${name}: intensities that are not finite`);
    const { calc } = calculator.linearize(structure);
    law(calc.every((y, i) => Object.is(y, simulated[i])), () => `${name}: simulate and linearize differ`);
    const norm = Math.sqrt(dot(simulated, simulated));
    const cotangent = Float64Array.from(twoTheta, () => random.normal() / (norm > 0 ? norm : 1));
    const f = {
      value: (x: Float64Array) => dot(calculator.simulate(structureFromVector(x, structure)), cotangent),
      gradient: (x: Float64Array) => {
        const at = structureFromVector(x, structure);
        return gradientToVector(calculator.linearize(at).pullback(cotangent), at);
      },
    };
    worst = Math.max(worst, await checkBlocks(f, structure, { name, ...gradientOptions }));
  }
  return worst;
}
