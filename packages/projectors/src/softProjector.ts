import { BraggscapeError } from '@braggscape/core';
import type { Projector, Structure, StructureGradient } from '@braggscape/core';
import { noProjector } from './familyProjector.js';

/**
 * Part of the way to a constraint: s ↦ s + strength·(P(s) − s), number by number; its transposed derivative is (1 − strength)·g + strength·(DP)ᵀg. Strength 0 is the identity, 1 the projector itself.
 *
 * Below 1 it forbids nothing: it scales what violates the constraint by 1 − strength. A descent through it has the minima of the free one, reached along paths that stay near the constraint, because
 * a step away from it is that much shorter.
 *
 * @param strength 0 to 1
 * @throws BraggscapeError `option.invalid` for another strength
 */
export function softProjector(projector: Projector, strength: number): Projector {
  if (!(strength >= 0 && strength <= 1)) {
    throw new BraggscapeError('option.invalid', `the strength of a projector is ${strength}`, { hint: 'give a number from 0 (no constraint) to 1 (all of it)', path: 'strength' });
  }
  if (strength === 1) return projector;
  if (strength === 0) return { ...noProjector, id: projector.id, violation: (structure) => projector.violation(structure), feasible: (structure) => structure };
  const rest = 1 - strength;
  const between = (free: Float64Array, bound: Float64Array): Float64Array => free.map((value, i) => rest * value + strength * bound[i]);
  return {
    id: projector.id,
    project(structure): Structure {
      const bound = projector.project(structure);
      return {
        ...structure,
        lattice: between(structure.lattice, bound.lattice),
        frac: between(structure.frac, bound.frac),
        uIso: between(structure.uIso, bound.uIso),
        occupancy: between(structure.occupancy, bound.occupancy),
      };
    },
    projectGradient(structure, gradient): StructureGradient {
      const bound = projector.projectGradient(structure, gradient);
      return {
        ...gradient,
        lattice: between(gradient.lattice, bound.lattice),
        frac: between(gradient.frac, bound.frac),
        ...(gradient.uIso === undefined ? {} : { uIso: between(gradient.uIso, bound.uIso ?? gradient.uIso) }),
        ...(gradient.occupancy === undefined ? {} : { occupancy: between(gradient.occupancy, bound.occupancy ?? gradient.occupancy) }),
      };
    },
    violation: (structure) => projector.violation(structure),
    removedDof: () => 0,
    feasible: (structure) => structure,
    ...(projector.finding === undefined ? {} : { finding: projector.finding }),
  };
}

/** The structure where a descent may be: projected, or, through a projector that goes part of the way, what its `feasible` says. */
export function feasibleStructure(projector: Projector, structure: Structure): Structure {
  return projector.feasible === undefined ? projector.project(structure) : projector.feasible(structure);
}

/**
 * A constraint that grows from stage to stage of a descent: {@link softProjector} with each strength in turn. Used as it is, it is that of the last strength.
 * @param strengths 0 to 1; a last one of 1 makes the result satisfy the constraint exactly
 * @throws BraggscapeError `option.invalid` for no strength, or one that is outside
 */
export function rampProjector(projector: Projector, strengths: readonly number[]): Projector {
  if (strengths.length === 0) throw new BraggscapeError('option.invalid', 'the ramp has no strength', { hint: 'list some, such as 0, 0.5, 0.9, 1', path: 'strengths' });
  const stages = strengths.map((strength) => softProjector(projector, strength));
  return { ...stages[stages.length - 1], id: 'ramp', stages };
}
