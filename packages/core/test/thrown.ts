import { BraggscapeError } from '@braggscape/core';

/** The error that `action` throws; fails if it throws none, or another kind. */
export function thrown(action: () => unknown): BraggscapeError {
  try {
    action();
  } catch (error) {
    if (error instanceof BraggscapeError) return error;
    throw error;
  }
  throw new Error('expected a BraggscapeError, nothing was thrown');
}
