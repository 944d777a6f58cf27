import type { Candidate } from './candidate.js';
import { sameStructure } from './sameStructure.js';

/**
 * The first candidates that are structures of their own, in the order given. Equal symmetry and misfit do not make two candidates one structure: a false twin, such as one with two like atoms exchanged, has both.
 *
 * @param most end when there are as many
 */
export async function distinctStructures(candidates: readonly Candidate[], most: number): Promise<readonly Candidate[]> {
  const kept: Candidate[] = [];
  for (const candidate of candidates) {
    if (kept.length >= most) break;
    let known = false;
    for (const other of kept) known ||= await sameStructure(candidate, other);
    if (!known) kept.push(candidate);
  }
  return kept;
}
