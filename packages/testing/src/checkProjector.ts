import { randomFromSeed } from '@braggscape/core';
import type { Projector, Structure } from '@braggscape/core';
import { checkGradient } from './checkGradient.js';
import { gradientToVector, structureBlocks, structureFromVector, structureToVector } from './structureVector.js';
import { tolerances } from './tolerances.js';
import { law } from './violation.js';

/**
 * Check the laws of a projector at some structures: P(P(s)) = P(s), violation(P(s)) = 0, inputs unchanged, and projectGradient(s, ∇L(P(s))) =
 * ∇(L∘P)(s) for a random smooth loss L that is not even invariant under rotation.
 *
 * @returns largest relative difference of the gradients
 * @throws LawViolation
 */
export async function checkProjector(
  projector: Projector,
  structures: readonly Structure[],
  { seed = 1, tolerance = tolerances.gradient }: { readonly seed?: number; readonly tolerance?: number } = {},
): Promise<number> {
  const random = randomFromSeed(seed).derive(`projector ${projector.id}`);
  let worst = 0;
  for (const [index, structure] of structures.entries()) {
    const name = `${projector.id} at structure ${index}`;
    const start = structureToVector(structure);
    const once = projector.project(structure);
    const twice = projector.project(once);
    law(near(once, twice), () => `${name}: P(P(s)) differs from P(s)`);
    const left = projector.violation(once);
    law(left >= 0 && left <= tolerances.exact, () => `${name}: violation ${left} after projection`);
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
    worst = Math.max(worst, await checkGradient(f, start, { name: `${name}, projectGradient`, tolerance }));
    law(structureToVector(structure).every((x, i) => Object.is(x, start[i])), () => `${name}: the structure was changed`);
  }
  return worst;
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
