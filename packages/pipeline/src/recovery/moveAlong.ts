import { isBraggscapeError } from '@braggscape/core';
import type { Parameterization, Structure } from '@braggscape/core';
import type { Candidate } from './candidate.js';
import { freedomOf } from './candidate.js';
import { descend } from './descend.js';
import type { RecoverySession } from './recoverySession.js';

/** A stretch of descents, one for each width. */
export interface Stretch {
  /** FWHM in degrees that patterns are smoothed by; 0 for as they are. */
  readonly widths: readonly number[];
  /** Steps for each. */
  readonly steps: number;
  /** See `DescentOptions`. */
  readonly stall?: number;
  /** What moves; cell and coordinates if left out. */
  readonly vary?: readonly ('cell' | 'coords')[];
}

/**
 * Descend the pattern's loss at each width in turn within the candidate's symmetry. A candidate that cannot move, because its symmetry contradicts its sites or its cell is impossible, gets the loss Infinity.
 */
export async function moveAlong({ search, bounds, signal }: RecoverySession, candidate: Candidate, { widths, steps, stall = 1e-3, vary }: Stretch): Promise<Candidate> {
  const freedom = quietly(() => freedomOf(candidate, vary));
  if (freedom === undefined) return { ...candidate, loss: Infinity };
  let { structure, loss } = candidate;
  for (const width of widths) {
    const found = await descend([{ objective: search.objective(width), weight: 1 }], freedom, structure, { steps, bounds, stall, gradientTolerance: 1e-6, signal });
    structure = found.structure;
    loss = found.value;
  }
  return { ...candidate, structure, loss };
}

/** The structure with every free displacement moved at random, normally distributed. */
export function displaced(freedom: Parameterization, structure: Structure, amplitude: number, normal: () => number): Structure {
  const x = freedom.pack(structure);
  for (let i = 0; i < x.length; i++) if (!/^(strain|cell)\b/.test(freedom.names[i])) x[i] += amplitude * normal();
  return freedom.unpack(x);
}

/** The result, or nothing where it ends in a typed error. */
export function quietly<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (isBraggscapeError(error)) return undefined;
    throw error;
  }
}
