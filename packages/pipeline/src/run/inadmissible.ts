import { isBraggscapeError } from '@braggscape/core';

const codes: ReadonlySet<string> = new Set(['cell.impossible', 'structure.unsupported', 'structure.invalid', 'instrument.impossible']);

/**
 * Whether an error of a trial point is a reason to reject the step and not a failure of the run: there is no cell, peaks have no width, atoms lie on top of each other, or the point is too extreme to
 * compute.
 */
export function isInadmissible(error: unknown): boolean {
  return isBraggscapeError(error) && codes.has(error.code);
}
