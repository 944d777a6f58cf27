import type { Candidate } from './candidate.js';

/** Misfit that is nothing but rounding. */
export const ROUNDING = 1e-14;

/** The candidates worth remembering, the best first. */
export interface Pool {
  add(candidate: Candidate): void;
  clear(): void;
  all(): readonly Candidate[];
  best(): Candidate | undefined;
  /** The best of each symmetry and misfit, which stand for the basins met. */
  distinct(): readonly Candidate[];
}

/** Order of candidates: the misfit of those that were fitted, then the loss of the others. */
export function measureOf({ fit, loss }: Candidate): number {
  return fit === undefined ? 10 + loss : fit.misfit;
}

/** A pool of the best candidates. */
export function candidatePool(most: number, initial: readonly Candidate[] = []): Pool {
  let held = [...initial];
  const order = (): void => {
    held = held.sort((a, b) => measureOf(a) - measureOf(b)).slice(0, most);
  };
  return {
    add(candidate) {
      held.push(candidate);
      order();
    },
    clear() {
      held = [];
    },
    all: () => held,
    best: () => held.at(0),
    distinct: () => held.filter((candidate, i) => held.findIndex((other) => alike(candidate, other)) === i),
  };
}

/** Two candidates of one symmetry whose misfits, or losses, are within a fifth or nothing but rounding: most likely the same structure. */
function alike(a: Candidate, b: Candidate): boolean {
  if (a === b) return true;
  if (a.symmetry?.symbol !== b.symmetry?.symbol || (a.fit === undefined) !== (b.fit === undefined)) return false;
  const [x, y] = a.fit === undefined || b.fit === undefined ? [a.loss, b.loss] : [a.fit.misfit, b.fit.misfit];
  return Math.max(x, y) <= ROUNDING || Math.abs(Math.log(x / y)) < 0.2;
}
