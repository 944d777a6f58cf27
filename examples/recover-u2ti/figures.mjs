// One figure that shows what the table says: the unconstrained descent stuck beside the truth, the projected one on it.
import { join } from 'node:path';
import { structureFromJson } from '@braggscape/core';
import { cellFromLattice } from '@braggscape/crystal';
import { calculatedPattern, historyPanel, observedReflections, patternPanels, seriesColors, solutionCell, theme, writeFigure } from 'braggscape';

/**
 * Draw `comparison.svg` and `comparison.png`: for each run the observed and calculated pattern, below them the loss of both against the step and their
 * paths in the plane of a and c.
 * @param runs [{ name, finished }] of one start
 * @returns the paths written
 */
export function drawComparison(runs, folder) {
  const patterns = runs.map(({ name, finished }) => {
    const best = structureFromJson(finished.stopped.best.structure);
    const data = {
      twoTheta: finished.plan.observed.twoTheta,
      observed: finished.plan.observed.intensity,
      calculated: calculatedPattern(finished, best),
      reflections: observedReflections(finished, best),
      title: `${name}: cosine loss ${format(finished.stopped.best.value)}, ${finished.verdict.final.strict ? 'the true cell' : 'not the true cell'}`,
    };
    return patternPanels(data, { width: 470, height: 210 });
  });
  const steps = (run) => run.finished.stopped.history.map(({ step }) => step);
  const loss = historyPanel(
    runs.map((run) => ({ name: run.name, unit: '1', steps: steps(run), values: run.finished.stopped.history.map(({ value }) => value) })),
    { width: 470, height: 240 },
  );
  loss.encoding.y.title = 'cosine loss';
  return writeFigure(join(folder, 'comparison'), {
    config: theme,
    title: { text: 'U₂Ti from one distorted cell: descent on the powder pattern', subtitle: 'lattice noise 0.05, Cu Kα₁ pattern of the true cell, Adam; the seed is chosen to illustrate' },
    vconcat: [
      { hconcat: patterns, spacing: 36 },
      { hconcat: [{ title: 'loss against step', ...loss }, cellPath(runs)], spacing: 36, resolve: { scale: { color: 'independent' } } },
    ],
    spacing: 26,
  });
}

/** The way of each run in the plane of a and c, from its start to its end, with the truth as a cross. */
function cellPath(runs) {
  const path = runs.flatMap(({ name, finished }) => finished.stopped.history.map(({ step, cell }) => ({ name, step, a: cell.a, c: cell.c })));
  const ends = runs.map(({ name, finished }) => ({ name, ...solutionCell(finished.stopped.best) }));
  const [a, , c] = cellFromLattice(runs[0].finished.truth.lattice);
  const names = runs.map(({ name }) => name);
  const encoding = {
    x: { field: 'a', type: 'quantitative', title: 'a (Å)', scale: { zero: false } },
    y: { field: 'c', type: 'quantitative', title: 'c (Å)', scale: { zero: false } },
    color: { field: 'name', type: 'nominal', scale: { domain: [...names, 'truth'], range: [...seriesColors.slice(0, names.length), '#000000'] }, legend: { title: null, symbolType: 'stroke' } },
  };
  return {
    title: 'the way of the cell: start (ring), end (dot), truth (cross)',
    width: 470,
    height: 240,
    layer: [
      { data: { values: path }, mark: { type: 'line', strokeWidth: 1.6 }, encoding: { ...encoding, order: { field: 'step', type: 'quantitative' } } },
      { data: { values: path.filter(({ step }) => step === 0) }, mark: { type: 'point', size: 70, filled: false, strokeWidth: 2 }, encoding },
      { data: { values: ends }, mark: { type: 'point', size: 70, filled: true, opacity: 1 }, encoding },
      { data: { values: [{ a, c, name: 'truth' }] }, mark: { type: 'point', shape: 'cross', size: 190, filled: true, opacity: 1 }, encoding },
    ],
  };
}

function format(value) {
  return value < 1e-6 ? '0' : value.toPrecision(2);
}
