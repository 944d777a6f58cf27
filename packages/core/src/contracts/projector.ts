import type { Structure } from './structure.js';
import type { StructureGradient } from './gradient.js';

/**
 * The map P that enforces a constraint on structures.
 *
 * Laws: `P(P(s)) = P(s)`; `violation(P(s)) = 0` to rounding; `projectGradient(s, g) = (DP(s))ᵀ g`, so with g the gradient
 * of a loss at P(s) it is the gradient of s ↦ loss(P(s)) at s.
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
}
