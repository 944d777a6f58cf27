import type { Structure } from './structure.js';
import type { StructureGradient } from './gradient.js';

/**
 * The map P that enforces a constraint on structures.
 *
 * Laws: `P(P(s)) = P(s)`; `violation(P(s)) = 0` to rounding; `projectGradient(s, g) = (DP(s))ᵀ g`, so with g the gradient
 * of a loss at P(s) it is the gradient of s ↦ loss(P(s)) at s.
 *
 * Where P has a kink, at a bound, `projectGradient` is the derivative from the inside. A map that only leans towards a constraint has `feasible`, and is freed from the first two laws.
 */
export interface Projector {
  readonly id: string;
  /** Nearest structure that satisfies the constraint, in the projector's own sense of near. */
  project(structure: Structure): Structure;
  /**
   * Transposed derivative of `project` at `structure`, applied to a gradient taken at `project(structure)`.
   */
  projectGradient(structure: Structure, gradient: StructureGradient): StructureGradient;
  /** How far the structure is from satisfying the constraint: largest relative change of a length, or of an angle in radians. */
  violation(structure: Structure): number;
  /** Degrees of freedom the constraint takes away. */
  removedDof(structure: Structure): number;
  /**
   * Present where `project` goes only part of the way: the map that keeps a descent where it may be, which is a projector in the strict sense; the identity if nothing is forbidden. Descent moves
   * free structures with it between steps, and looks at them through `project`.
   */
  feasible?(structure: Structure): Structure;
  /** Bounds that the structure stands at, by name, such as `cell.a`; absent where there are none. */
  atBound?(structure: Structure): readonly string[];
  /** Projectors of consecutive stages of a descent, where the constraint is to grow; the last is in force to the end. Absent: this one throughout. */
  readonly stages?: readonly Projector[];
  /** What was found when it was made, for people, such as a space group with its tolerance. */
  readonly finding?: string;
}
