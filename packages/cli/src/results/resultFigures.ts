import { join } from 'node:path';
import type { Pattern, Reflection, Structure } from '@braggscape/core';
import { dot, structureFromJson } from '@braggscape/core';
import type { Plan } from '@braggscape/pipeline';
import { drawnProfile } from '@braggscape/pipeline';
import { historyFigure, patternFigure, writeFigure } from '../figures/index.js';
import type { FigureSpec } from '../figures/index.js';
import type { FinishedRun } from '../session.js';

/** Calculated pattern of a structure on the observed axis, scaled to the observed one by least squares. */
export function calculatedPattern(finished: FinishedRun, structure: Structure): Float64Array {
  return scaledPattern(finished.plan, structure, finished.stopped.best.parameters);
}

/**
 * Calculated pattern of a structure on the observed axis of a plan, scaled to the observed one by least squares, with the background that the plan fits.
 * @param parameters refined numbers of the experiment, by id; those left out have their own values
 */
export function scaledPattern({ observed, model, recovery }: Plan, structure: Structure, parameters: Readonly<Record<string, number>> | undefined): Float64Array {
  const values = Float64Array.from(model.parameters, ({ id, value }) => parameters?.[id] ?? value);
  const calc = model.on(observed.twoTheta).simulate(structure, values);
  if (recovery !== undefined) return drawnProfile(observed, calc, recovery.background);
  const power = dot(calc, calc);
  const scale = power > 0 ? dot(calc, observed.intensity) / power : 0;
  return calc.map((value) => value * scale);
}

/** Reflections of a structure in the observed window. */
export function observedReflections({ plan: { observed, model } }: Pick<FinishedRun, 'plan'>, structure: Structure): readonly Reflection[] {
  return model.reflections(structure, observed.twoTheta[0], lastOf(observed));
}

/**
 * Draw a run's figures into a folder: observed, calculated and difference pattern, and the history of the objectives.
 * @returns the paths, .svg and .png
 */
export async function resultFigures(finished: FinishedRun, folder: string): Promise<readonly string[]> {
  const { plan, stopped } = finished;
  const best = structureFromJson(stopped.best.structure);
  const pattern = patternFigure({
    twoTheta: plan.observed.twoTheta,
    observed: plan.observed.intensity,
    calculated: calculatedPattern(finished, best),
    reflections: observedReflections(finished, best).map(({ twoTheta }) => ({ twoTheta })),
    wavelength: plan.model.wavelength,
  });
  const history = plan.recovery === undefined ? descentHistory(finished) : candidateHistory(finished, plan.recovery.metric);
  return [...(await writeFigure(join(folder, 'pattern'), pattern)), ...(await writeFigure(join(folder, 'history'), history))];
}

/** Objectives against the steps of a descent. */
function descentHistory({ plan, stopped }: FinishedRun): FigureSpec {
  const steps = stopped.history.map(({ step }) => step);
  const stages = stopped.history.flatMap(({ step, broadening = 0 }, i) =>
    i > 0 && broadening === (stopped.history[i - 1].broadening ?? 0) ? [] : [{ step: Math.max(0, step - 1), label: broadening > 0 ? `${broadening}°` : 'sharp' }],
  );
  const angles = stopped.history.map(({ conflictAngle }) => conflictAngle ?? Number.NaN);
  return historyFigure({
    stages,
    series: [
      ...plan.objectives.map(({ objective: { id, unit } }) => ({ name: id, unit, steps, values: stopped.history.map(({ objectives }) => objectives[id]) })),
      // Between the gradients of two objectives; above 90° they conflict.
      ...(angles.some(Number.isFinite) ? [{ name: 'conflict angle', unit: 'degrees', steps, values: angles }] : []),
    ],
  });
}

/** Losses of a plan's candidates in the order they were met, and the lowest so far. */
function candidateHistory({ stopped }: FinishedRun, metric: string): FigureSpec {
  const steps = stopped.history.map(({ step }) => step);
  const values = stopped.history.map(({ objectives }) => objectives[metric]);
  let lowest = Infinity;
  const best = values.map((value) => (lowest = Math.min(lowest, Number.isFinite(value) ? value : Infinity)));
  return historyFigure({
    along: 'candidate',
    series: [
      { name: metric, unit: '1', steps, values },
      { name: 'lowest so far', unit: '1', steps, values: best },
    ],
  });
}

function lastOf({ twoTheta }: Pattern): number {
  return twoTheta[twoTheta.length - 1];
}
