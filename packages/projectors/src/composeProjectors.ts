import { BraggscapeError } from '@braggscape/core';
import type { Projector, Structure } from '@braggscape/core';

/** Options of {@link composeProjectors}. */
export interface CompositionOptions {
  /** Violation of every constraint that counts as none. Default 1e-10. */
  readonly tolerance?: number;
  /** Most times that all projectors are applied in turn. Default 500. */
  readonly maxRounds?: number;
}

/**
 * Several constraints at once: the projectors in turn, again and again, until none is violated (alternating projections; von Neumann 1950, Bregman 1965). The result satisfies all of them but need not be the nearest
 * structure that does. Projectors that commute, or of which the later ones keep what the earlier ones have done, need one round.
 *
 * Projectors with `feasible`, which go part of the way, are applied once, before all others. A composition of projectors with stages has stages. The gradient goes back through every application.
 *
 * `project` throws `structure.unsupported` where no structure that satisfies all is found, which makes the point inadmissible to a descent.
 * @throws BraggscapeError `option.invalid` for no projectors
 */
export function composeProjectors(projectors: readonly Projector[], options: CompositionOptions = {}): Projector {
  if (projectors.length === 0) throw new BraggscapeError('option.invalid', 'no projectors are given to compose', { hint: 'list at least one', path: 'of' });
  const composed = composeStage(projectors, options);
  const count = Math.max(...projectors.map(({ stages }) => stages?.length ?? 1));
  if (count === 1) return composed;
  const stageOf = ({ stages = [], ...rest }: Projector, k: number): Projector => (stages.length === 0 ? rest : stages[Math.min(k, stages.length - 1)]);
  return { ...composed, stages: Array.from({ length: count }, (_, k) => composeStage(projectors.map((projector) => stageOf(projector, k)), options)) };
}

function composeStage(projectors: readonly Projector[], { tolerance = 1e-10, maxRounds = 500 }: CompositionOptions): Projector {
  const soft = projectors.filter(({ feasible }) => feasible !== undefined);
  const strict = projectors.filter(({ feasible }) => feasible === undefined);
  const finding = projectors.flatMap((projector) => projector.finding ?? []).join('; ');

  /** Apply everything that is needed, telling of each application beforehand. */
  const settle = (start: Structure, applying: (projector: Projector, structure: Structure) => void): Structure => {
    let structure = start;
    for (let round = 0; round < maxRounds; round++) {
      // All of them, also one that leaves the structure what it is: its derivative takes directions away.
      for (const projector of strict) {
        applying(projector, structure);
        structure = projector.project(structure);
      }
      if (strict.every((projector) => projector.violation(structure) <= tolerance)) return structure;
    }
    const worst = strict.map((projector) => ({ id: projector.id, left: projector.violation(structure) })).reduce((a, b) => (b.left > a.left ? b : a));
    throw new BraggscapeError('structure.unsupported', `no structure satisfies ${strict.map(({ id }) => id).join(' and ')} together: ${worst.id} is violated by ${worst.left.toPrecision(3)} after ${maxRounds} rounds`, {
      hint: 'widen the bounds, or leave a constraint out',
      path: 'projector',
    });
  };
  const run = (start: Structure, applying: (projector: Projector, structure: Structure) => void): Structure => {
    let structure = start;
    for (const projector of soft) {
      applying(projector, structure);
      structure = projector.project(structure);
    }
    return settle(structure, applying);
  };
  const nothing = (): void => undefined;
  return {
    id: projectors.map(({ id }) => id).join('+'),
    project: (structure) => run(structure, nothing),
    projectGradient(structure, gradient) {
      const applied: { projector: Projector; at: Structure }[] = [];
      run(structure, (projector, at) => applied.push({ projector, at }));
      return applied.reduceRight((back, { projector, at }) => projector.projectGradient(at, back), gradient);
    },
    violation: (structure) => Math.max(...projectors.map((projector) => projector.violation(structure))),
    // Constraints may overlap: no more than the number of coordinates and cell parameters can be gone.
    removedDof: (structure) => Math.min(6 + 3 * structure.numbers.length, strict.reduce((sum, projector) => sum + projector.removedDof(structure), 0)),
    ...(soft.length === 0 ? {} : { feasible: (structure: Structure) => settle(structure, nothing) }),
    ...(projectors.some(({ atBound }) => atBound !== undefined) ? { atBound: (structure: Structure) => projectors.flatMap((projector) => projector.atBound?.(structure) ?? []) } : {}),
    ...(finding === '' ? {} : { finding }),
  };
}
