import type { CellParameters, ResultVerdict } from '@braggscape/core';
import { cellFromArray, cellFromLattice } from '@braggscape/crystal';
import type { FinishedRun } from '../session.js';
import { table } from '../terminal.js';
import { duration } from './progress.js';
import type { ResultFiles } from './writeResults.js';

/** The machine-readable result of a refinement. */
export interface RunSummary {
  readonly stopReason: string;
  readonly message: string;
  readonly steps: number;
  readonly evaluations: number;
  readonly seconds: number;
  readonly objectives: Readonly<Record<string, { initial: number; value: number; unit: string }>>;
  readonly cell: CellParameters;
  /** Refined numbers of the experiment. */
  readonly parameters: Readonly<Record<string, { initial: number; value: number }>>;
  /** What the projector found in the start, such as a space group with its tolerance. */
  readonly finding: string | null;
  /** How far the result can be believed, after a plan; `start` and `final`: how they compare with the structure to judge by, where there is one. */
  readonly verdict: (Partial<ResultVerdict> & Partial<NonNullable<FinishedRun['verdict']>>) | null;
  readonly files: Readonly<Record<string, string | readonly string[]>>;
}

/** Summary of a finished run. */
export function runSummary(finished: FinishedRun, files: RunSummary['files']): RunSummary {
  const { stopped, plan, verdict } = finished;
  const objectives = Object.fromEntries(
    plan.objectives.map(({ objective: { id, unit } }) => [
      id,
      { initial: stopped.initial.objectives[id], value: stopped.best.objectives[id], unit },
    ]),
  );
  return {
    stopReason: stopped.reason,
    message: stopped.message,
    steps: stopped.steps,
    evaluations: stopped.evaluations,
    seconds: stopped.seconds,
    objectives,
    cell: solutionCell(stopped.best),
    parameters: Object.fromEntries(
      Object.entries(stopped.best.parameters ?? {}).map(([id, value]) => [id, { initial: stopped.initial.parameters?.[id] ?? value, value }]),
    ),
    finding: plan.projector.finding ?? null,
    verdict: stopped.verdict === undefined && verdict === undefined ? null : { ...stopped.verdict, ...verdict },
    files,
  };
}

/** The same for people. */
export function runReport(finished: FinishedRun, files: ResultFiles): string {
  const { stopped, verdict } = finished;
  const summary = runSummary(finished, {});
  const start = solutionCell(stopped.initial);
  const rows = [['', 'start', 'result']];
  for (const [id, { initial, value, unit }] of Object.entries(summary.objectives)) {
    rows.push([unit === '1' ? id : `${id} (${unit})`, initial.toPrecision(6), value.toPrecision(6)]);
  }
  for (const name of Object.keys(start) as (keyof CellParameters)[]) {
    rows.push([`${name} (${name.length === 1 ? 'Å' : '°'})`, start[name].toFixed(5), summary.cell[name].toFixed(5)]);
  }
  for (const [id, { initial, value }] of Object.entries(summary.parameters)) rows.push([id, initial.toPrecision(6), value.toPrecision(6)]);
  if (verdict !== undefined) {
    const word = (yes: boolean): string => (yes ? 'yes' : 'no');
    rows.push(['match', word(verdict.start.match), word(verdict.final.match)]);
    rows.push(['strict match', word(verdict.start.strict), word(verdict.final.strict)]);
    rows.push(['AMD distance (Å)', verdict.start.amdDistance.toPrecision(4), verdict.final.amdDistance.toPrecision(4)]);
  }
  return [
    table(rows),
    '',
    ...(stopped.verdict === undefined ? [] : [verdictReport(stopped.verdict), '']),
    `${summary.message}, ${summary.evaluations} evaluations in ${duration(summary.seconds)}`,
    `results: ${[files.structure, files.record, ...files.rivals, ...files.figures].join(', ')}`,
  ].join('\n');
}

/** Cell of a solution. */
export function solutionCell(solution: { structure: { lattice: readonly (readonly number[])[] } }): CellParameters {
  return cellFromArray(cellFromLattice(Float64Array.from(solution.structure.lattice.flat())));
}

/** A verdict for people: the level, what it rests on, what speaks against it, and the rivals. */
export function verdictReport(verdict: ResultVerdict): string {
  const { level, reasons, rwp, chiSquare, positionUncertainty, energy, energyAboveBest, spaceGroup, basins, dataRange, rivals } = verdict;
  const facts = [
    ...(spaceGroup === undefined ? [] : [`space group ${spaceGroup.symbol} (${spaceGroup.number})`]),
    ...(rwp === undefined ? [] : [`Rwp ${percent(rwp)}`]),
    ...(chiSquare === undefined ? [] : [`reduced χ² ${chiSquare.toFixed(3)}`]),
    ...(positionUncertainty === undefined ? [] : [`atoms determined within ${positionUncertainty.toFixed(3)} Å`]),
    ...(energy === undefined ? [] : [`${energy.toFixed(4)} eV/atom${energyAboveBest === undefined || basins < 2 ? '' : `, ${(1000 * energyAboveBest).toFixed(0)} meV/atom above the lowest of the candidates`}`]),
    `${basins} distinct ${basins === 1 ? 'structure' : 'structures'} worked out`,
    `data from ${dataRange.from.toFixed(1)}° to ${dataRange.to.toFixed(1)}°, d ≥ ${dataRange.dSpacing.toFixed(2)} Å`,
  ];
  const rows = [
    ['rival', 'space group', 'Rwp', 'χ²', 'eV/atom', ''],
    ...rivals.map((rival, i) => [
      String(i + 1),
      rival.spaceGroup?.symbol ?? '–',
      rival.rwp === undefined ? '–' : percent(rival.rwp),
      rival.chiSquare?.toFixed(3) ?? '–',
      rival.energy?.toFixed(4) ?? '–',
      rival.alike ? 'fits alike' : '',
    ]),
  ];
  return [`verdict: ${level}`, ...reasons.map((reason) => `  ${reason}`), ...facts.map((fact) => `  ${fact}`), ...(rivals.length === 0 ? [] : ['', table(rows)])].join('\n');
}

function percent(fraction: number): string {
  return fraction < 1e-5 ? `${(100 * fraction).toExponential(1)} %` : `${(100 * fraction).toPrecision(3)} %`;
}
