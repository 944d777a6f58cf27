import { join } from 'node:path';
import { structureFromJson } from '@braggscape/core';
import { writeCif } from '@braggscape/crystal';
import { writeFileAtomically } from '../files/writeFileAtomically.js';
import { exampleIndices, pointName } from '../frontSession.js';
import type { FinishedFront } from '../frontSession.js';
import { table } from '../terminal.js';
import { duration } from './progress.js';
import { pathsFrom } from './recordPaths.js';
import { solutionCell } from './report.js';

/** Paths of what a front wrote. */
export interface FrontFiles {
  readonly front: string;
  /** One for each point, in their order. */
  readonly structures: readonly string[];
  readonly figures: readonly string[];
}

/**
 * Write front.json, a CIF for each point and the figure into a folder that exists; each file whole or not at all. front.json is a configuration too: given to `front`, it repeats the computation.
 * @param directory folder that the configuration's paths start from; default: the current one
 */
export async function writeFront(finished: FinishedFront, folder: string, directory = process.cwd()): Promise<FrontFiles> {
  const { front, config, inputs, versions, settings, verdicts } = finished;
  const { format, ...rest } = front;
  const path = join(folder, 'front.json');
  await writeFileAtomically(path, `${JSON.stringify({ format, config: pathsFrom(config, directory, folder), settings, inputs, versions, ...rest, verdicts }, null, 1)}\n`);
  const structures: string[] = [];
  for (const [i, { structure }] of front.points.entries()) {
    const name = `point-${String(i + 1).padStart(2, '0')}`;
    structures.push(join(folder, `${name}.cif`));
    await writeFileAtomically(structures[i], writeCif([{ name, structure: structureFromJson(structure) }]));
  }
  return { front: path, structures, figures: config.figures && front.points.length > 0 ? await drawFront(finished, folder) : [] };
}

/** Draw `front.svg` and `front.png` of a front with points; the drawing libraries are loaded here, since they take a third of a second. */
export async function drawFront(finished: FinishedFront, folder: string, title?: string): Promise<readonly string[]> {
  const { frontFigure, writeFigure } = await import('../figures/index.js');
  const { observedReflections, scaledPattern } = await import('./resultFigures.js');
  const { front, plan } = finished;
  const ids = front.objectives.map(({ id }) => id);
  const pair = (values: Readonly<Record<string, number>>): readonly [number, number] => [values[ids[0]], values[ids[1]]];
  const figure = frontFigure({
    axes: [axisOf(front.objectives[0]), axisOf(front.objectives[1])],
    points: front.points.map(({ objectives, method }) => ({ values: pair(objectives), kind: method.kind })),
    others: front.dominated.map(pair),
    examples: exampleIndices(front).map((index) => {
      const point = front.points[index];
      const structure = structureFromJson(point.structure);
      const { twoTheta, intensity } = plan.observed;
      return {
        index,
        name: pointName(front, index),
        structure,
        pattern: { twoTheta, observed: intensity, calculated: scaledPattern(plan, structure, point.parameters), reflections: observedReflections(finished, structure) },
      };
    }),
    ...(title === undefined ? {} : { title }),
  });
  return writeFigure(join(folder, 'front'), figure);
}

function axisOf({ id, unit }: { readonly id: string; readonly unit: string }): { name: string; unit: string } {
  return { name: id, unit };
}

/** What `--json` prints. */
export function frontSummary({ front, verdicts }: FinishedFront, files: FrontFiles): unknown {
  const { points, dominated: _dominated, format: _format, ...rest } = front;
  return {
    ...rest,
    points: points.map(({ structure, ...point }, i) => ({ ...point, cell: solutionCell({ structure }), file: files.structures[i], verdict: verdicts[i] ?? null })),
    files,
  };
}

/** The same for people. */
export function frontReport({ front, verdicts }: FinishedFront, files: FrontFiles): string {
  const { points, objectives, knee, hypervolume, evaluations, remembered, seconds, stopReason } = front;
  if (points.length === 0) return 'interrupted before the first structure was refined';
  const judged = verdicts.length > 0;
  const head = ['', ...objectives.map(({ id, unit }) => (unit === '1' ? id : `${id} (${unit})`)), 'found by', 'stopped', ...(judged ? ['match', 'strict'] : []), ''];
  const word = (yes: boolean): string => (yes ? 'yes' : 'no');
  const rows = points.map(({ objectives: values, method, stopReason: reason }, i) => [
    String(i + 1),
    ...objectives.map(({ id, unit }) => (unit === '1' ? values[id].toExponential(3) : values[id].toFixed(7))),
    method.kind === 'single' ? method.objective : method.kind,
    reason,
    ...(judged ? [word(verdicts[i].match), word(verdicts[i].strict)] : []),
    i === knee ? 'knee' : '',
  ]);
  const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((all, count) => all + count, 0);
  return [
    table([head, ...rows]),
    '',
    `${points.length} points, hypervolume ${hypervolume.toFixed(4)} of the box; ${Object.entries(evaluations).map(([id, count]) => `${count} × ${id}`).join(', ')}, ${sum(remembered)} remembered, in ${duration(seconds)}` +
      (stopReason === 'cancelled' ? '; interrupted, this is the front so far' : stopReason === 'maxSteps' ? '; some descents stopped at their limit of steps' : ''),
    `results: ${[files.front, ...files.figures, `${files.structures.length} CIFs`].join(', ')}`,
  ].join('\n');
}
