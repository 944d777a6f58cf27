import { isBraggscapeError } from '@braggscape/core';
import type { BraggscapeError } from '@braggscape/core';
import { LawViolation } from './violation.js';

/**
 * The typed error that a call ends in, for tests of bad input.
 * @throws LawViolation if the call ends well; whatever it throws that is no BraggscapeError
 */
export function faultOf(run: () => unknown): BraggscapeError {
  try {
    run();
  } catch (error) {
    if (isBraggscapeError(error)) return error;
    throw error;
  }
  throw new LawViolation('no error was thrown');
}

/** {@link faultOf} for a promise. */
export async function rejectionOf(promise: Promise<unknown>): Promise<BraggscapeError> {
  try {
    await promise;
  } catch (error) {
    if (isBraggscapeError(error)) return error;
    throw error;
  }
  throw new LawViolation('the promise was fulfilled');
}
