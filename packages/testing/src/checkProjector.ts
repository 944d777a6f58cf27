import { randomFromSeed } from '@braggscape/core';
import type { Projector, Structure } from '@braggscape/core';
import { checkGradient } from './checkGradient.js';
import { gradientToVector, structureBlocks, structureFromVector, structureToVector } from './structureVector.js';
import { tolerances } from './tolerances.js';
import { law } from './violation.js';

/** Options of {@link checkProjector}. */
export interface ProjectorCheckOptions {
  readonly seed?: number;
  /** Of the gradients, relative. Default {@link tolerances.gradient}. */
  readonly tolerance?: number;
  /** Compare slopes along this many random directions instead of every component: for many sites, or many projectors. */
  readonly directions?: number;
}

/**
 * Check the laws of a projector at some structures: P(P(s)) = P(s), violation(P(s)) = 0, inputs unchanged, and projectGradient(s, ∇L(P(s))) =
 * ∇(L∘P)(s) for a random smooth loss L that is not even invariant under rotation.
 *
 * Of a projector that goes part of the way, `feasible` is held to the first two laws. Where P(s) stands at a bound, where P has a kink, projectGradient there must be the derivative from the inside: the identity on directions
 * that lead inwards. The structures themselves must lie inside or outside, not on a bound, as central differences across a kink mean nothing.
 *
 * @returns largest relative difference of the gradients
 * @throws LawViolation
 */
export async function checkProjector(
  projector: Projector,
  structures: readonly Structure[],
  { seed = 1, tolerance = tolerances.gradient, directions }: ProjectorCheckOptions = {},
): Promise<number> {
  const random = randomFromSeed(seed).derive(`projector ${projector.id}`);
  let worst = 0;
  for (const [index, structure] of structures.entries()) {
    const name = `${projector.id} at structure ${index}`;
    const start = structureToVector(structure);
    if (projector.feasible === undefined) checkIdempotence(name, projector.project, projector.violation, structure);
    else checkIdempotence(`${name}, feasible`, projector.feasible, () => 0, structure);
    checkAtBound(projector, structure, name, random);
    law(projector.violation(structure) >= 0, () => `${name}: negative violation`);
    const removed = projector.removedDof(structure);
    law(Number.isInteger(removed) && removed >= 0 && removed <= start.length, () => `${name}: ${removed} degrees of freedom removed`);
    const { value, slope } = randomLoss(start.length, random);
    const f = {
      value: (x: Float64Array) => value(structureToVector(projector.project(structureFromVector(x, structure)))),
      gradient: (x: Float64Array) => {
        const at = structureFromVector(x, structure);
        const d = structureFromVector(slope(structureToVector(projector.project(at))), structure);
        return gradientToVector(projector.projectGradient(at, d), at);
      },
    };
    worst = Math.max(worst, await checkGradient(directions === undefined ? f : along(f, start, directions, random), directions === undefined ? start : new Float64Array(directions), { name: `${name}, projectGradient`, tolerance }));
    law(structureToVector(structure).every((x, i) => Object.is(x, start[i])), () => `${name}: the structure was changed`);
  }
  return worst;
}

function checkIdempotence(name: string, project: (structure: Structure) => Structure, violation: (structure: Structure) => number, structure: Structure): void {
  const once = project(structure);
  law(near(once, project(once)), () => `${name}: P(P(s)) differs from P(s)`);
  const left = violation(once);
  law(left >= 0 && left <= tolerances.exact, () => `${name}: violation ${left} after projection`);
}

/** At a bound the derivative is that from the inside. */
function checkAtBound(projector: Projector, structure: Structure, name: string, random: ReturnType<typeof randomFromSeed>): void {
  const once = projector.project(structure);
  if ((projector.atBound?.(once).length ?? 0) === 0) return;
  const at = structureToVector(once);
  const gradient = at.map(() => random.normal());
  const back = gradientToVector(projector.projectGradient(once, structureFromVector(gradient, once)), once);
  for (let trial = 0; trial < 20; trial++) {
    const step = at.map(() => 1e-4 * random.normal());
    const inside = projector.project(structureFromVector(at.map((x, i) => x + step[i]), once));
    if (structureToVector(inside).some((x, i) => Math.abs(x - at[i] - step[i]) > 1e-12)) continue;
    const [expected, found] = [gradient, back].map((g) => g.reduce((sum, x, i) => sum + x * step[i], 0));
    law(Math.abs(found - expected) <= 1e-6 * 1e-4 * at.length, () => `${name}: at a bound the slope inwards is ${found / 1e-4}, not ${expected / 1e-4}`);
  }
}

/** A function along random directions from a point, as a function of the steps. */
function along(f: { value(x: Float64Array): number; gradient(x: Float64Array): Float64Array }, start: Float64Array, count: number, random: ReturnType<typeof randomFromSeed>): typeof f {
  const lines = Array.from({ length: count }, () => start.map(() => random.normal() / Math.sqrt(start.length)));
  const at = (steps: Float64Array): Float64Array => start.map((x, i) => lines.reduce((sum, line, k) => sum + steps[k] * line[i], x));
  return {
    value: (steps) => f.value(at(steps)),
    gradient: (steps) => {
      const gradient = f.gradient(at(steps));
      return Float64Array.from(lines, (line) => line.reduce((sum, part, i) => sum + part * gradient[i], 0));
    },
  };
}

function near(a: Structure, b: Structure): boolean {
  return structureBlocks.every((block) => a[block].every((x, i) => Math.abs(x - b[block][i]) <= tolerances.exact * Math.max(1, Math.abs(x))));
}

/** L(x) = Σ cᵢ xᵢ + ½ (Σ dᵢ xᵢ)²/n. */
function randomLoss(size: number, random: ReturnType<typeof randomFromSeed>): { value: (x: Float64Array) => number; slope: (x: Float64Array) => Float64Array } {
  const c = Float64Array.from({ length: size }, () => random.normal());
  const d = Float64Array.from({ length: size }, () => random.normal() / Math.sqrt(size));
  const along = (x: Float64Array): number => x.reduce((sum, value, i) => sum + d[i] * value, 0);
  return {
    value: (x) => x.reduce((sum, value, i) => sum + c[i] * value, 0) + along(x) ** 2 / 2,
    slope: (x) => c.map((value, i) => value + along(x) * d[i]),
  };
}
