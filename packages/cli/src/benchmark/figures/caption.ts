import type { CellSummary, Protocol } from '@braggscape/benchmark';

/** How many runs a point stands for, such as `20 runs a point` or `3 to 10 runs a point, benchmark unfinished`. */
export function runsText(cells: readonly CellSummary[]): string {
  const counts = cells.map(({ runs }) => runs).filter((runs) => runs > 0);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return `${least === most ? String(most) : `${least} to ${most}`} runs a point`;
}

/** What was distorted, such as `10 structures, uniform noise, seed 0`. */
export function protocolText({ structures, distribution, seed }: Protocol): string {
  return `${structures.length === 1 ? structures[0].name : `${structures.length} structures`}, ${distribution} noise, seed ${seed}`;
}
