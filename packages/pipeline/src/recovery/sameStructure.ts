import { isBraggscapeError } from '@braggscape/core';
import { matchStructures, strictTolerances } from '@braggscape/crystal';
import type { Candidate } from './candidate.js';

/** Whether two candidates are the same structure, strictly. */
export async function sameStructure(a: Candidate, b: Candidate): Promise<boolean> {
  try {
    return (await matchStructures(a.structure, b.structure, strictTolerances)).match;
  } catch (error) {
    // A structure that cannot be matched, such as one with atoms on top of each other, is like no other.
    if (isBraggscapeError(error)) return false;
    throw error;
  }
}
