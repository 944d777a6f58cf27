import { maxAbs } from '@braggscape/core';
import { tolerances } from './tolerances.js';
import { law } from './violation.js';

/** A scalar function of a vector with its claimed gradient. */
export interface DifferentiableFunction {
  value(x: Float64Array): number | Promise<number>;
  gradient(x: Float64Array): Float64Array | Promise<Float64Array>;
}

/** Options of {@link checkGradient}. */
export interface GradientCheckOptions {
  /** Allowed difference as a part of the largest component checked. Default {@link tolerances.gradient}. */
  readonly tolerance?: number;
  /** Steps of the differences, tried in order until one agrees, in units of x. Default 1e-4, 2e-5, 1e-3. */
  readonly steps?: readonly number[];
  /**
   * Size below which the largest component checked counts as this: where the gradient vanishes there is nothing to be relative to. Default 1e-6, or 1e-4 of the
   * largest of all components, whichever is larger.
   */
  readonly floor?: number;
  /** Components to check; default all. */
  readonly components?: readonly number[];
  /** Said first in the message. */
  readonly name?: string;
}

/**
 * Check a gradient against central differences of fourth order, component by component.
 * @returns the largest difference found, as a part of the largest component
 * @throws LawViolation that names the component and both numbers
 */
export async function checkGradient(f: DifferentiableFunction, x: Float64Array, options: GradientCheckOptions = {}): Promise<number> {
  const { tolerance = tolerances.gradient, steps = [1e-4, 2e-5, 1e-3], floor = 1e-6, name = 'gradient' } = options;
  const before = x.slice();
  const gradient = Float64Array.from(await f.gradient(x));
  law(gradient.length === x.length, () => `${name}: ${gradient.length} components for ${x.length} variables`);
  law(Number.isFinite(maxAbs(gradient)), () => `${name}: not finite`);
  const components = options.components ?? [...x.keys()];
  const largest = components.reduce((most, i) => Math.max(most, Math.abs(gradient[i])), 0);
  const size = Math.max(largest, floor, 1e-4 * maxAbs(gradient));
  let worst = 0;
  for (const i of components) {
    let nearest = Infinity;
    let found = Number.NaN;
    for (const step of steps) {
      const numeric = await centralDifference(f, x, i, step);
      const difference = Math.abs(numeric - gradient[i]) / size;
      if (difference < nearest) [nearest, found] = [difference, numeric];
      if (nearest <= tolerance) break;
    }
    law(nearest <= tolerance, () => `${name}: component ${i} is ${gradient[i]}, central differences give ${found} (${nearest.toExponential(1)} of the largest)`);
    worst = Math.max(worst, nearest);
  }
  law(x.every((value, i) => Object.is(value, before[i])), () => `${name}: the argument was changed`);
  return worst;
}

async function centralDifference(f: DifferentiableFunction, x: Float64Array, i: number, step: number): Promise<number> {
  const at = async (offset: number): Promise<number> => {
    const moved = x.slice();
    moved[i] += offset;
    return f.value(moved);
  };
  const near = (await at(step)) - (await at(-step));
  const far = (await at(2 * step)) - (await at(-2 * step));
  return (8 * near - far) / (12 * step);
}
