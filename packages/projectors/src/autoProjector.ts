import type { Projector, Structure } from '@braggscape/core';
import type { NearTolerances } from '@braggscape/crystal';
import { noProjector } from './familyProjector.js';
import { operationsProjector } from './operationsProjector.js';
import { symmetryCandidates } from './symmetryCandidates.js';
import type { SymmetryCandidate } from './symmetryCandidates.js';

/**
 * Projector onto the highest symmetry that a structure nearly has: that with the most operations among its `symmetryCandidates` within the tolerances. Without any it constrains nothing. What was found stands in
 * `finding`.
 */
export function autoProjector(start: Structure, tolerances: NearTolerances): Projector {
  const candidates = symmetryCandidates(start, tolerances);
  const highest = candidates.reduce<SymmetryCandidate | undefined>((best, next) => (best === undefined || next.operations.length > best.operations.length ? next : best), undefined);
  if (highest === undefined) return { ...noProjector, id: 'auto', finding: `no symmetry within ${tolerances.distance} Å and a strain of ${tolerances.strain}: nothing is constrained` };
  const projector = operationsProjector(highest.symmetrized, highest.operations, { id: 'auto', tolerance: 0.01 });
  return { ...projector, finding: describeCandidate(highest) };
}

/** One line for people: the symmetry, and how far the structure was from it. */
export function describeCandidate({ symbol, number, symprec, deviation }: SymmetryCandidate): string {
  return `${symbol} (${number}), found within ${symprec.toPrecision(2)} Å: sites move by ${deviation.rms.toPrecision(2)} Å (rms), the cell by ${(100 * deviation.cell).toPrecision(2)} %`;
}
