import { dot, randomFromSeed } from '@braggscape/core';
import type { PatternCalculator, PatternModel, Structure } from '@braggscape/core';
import { checkGradient } from './checkGradient.js';
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
    worst = Math.max(worst, await checkParameters(model, calculator, structure, cotangent, { name, ...gradientOptions }));
  }
  return worst;
}

/** Each parameter of the model by itself, because their scales differ by orders of magnitude. */
async function checkParameters(model: PatternModel, calculator: PatternCalculator, structure: Structure, cotangent: Float64Array, options: GradientCheckOptions): Promise<number> {
  const start = Float64Array.from(model.parameters, ({ value }) => value);
  let worst = 0;
  for (const [at, { id, step }] of model.parameters.entries()) {
    const moved = (x: Float64Array): Float64Array => start.map((value, i) => (i === at ? value + x[0] * step : value));
    const f = {
      value: (x: Float64Array) => dot(calculator.simulate(structure, moved(x)), cotangent),
      gradient: (x: Float64Array) => {
        const { parameters } = calculator.linearize(structure, moved(x)).pullback(cotangent);
        law(parameters?.length === start.length, () => `${model.id}: ${parameters?.length ?? 'no'} derivatives for ${start.length} parameters`);
        return Float64Array.of((parameters?.[at] ?? Number.NaN) * step);
      },
    };
    worst = Math.max(worst, await checkGradient(f, Float64Array.of(0), { steps: [1e-2, 1e-3, 1e-1], ...options, name: `${options.name ?? model.id}, parameter ${id}` }));
  }
  return worst;
}
