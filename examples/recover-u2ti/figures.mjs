// One figure that shows what the table says: descent on the pattern stuck beside the truth, on the energy near it, on both at it.
import { join } from 'node:path';
import { structureFromJson } from '@braggscape/core';
import { cellFromLattice } from '@braggscape/crystal';
import { calculatedPattern, historyPanel, observedReflections, patternPanels, seriesColors, solutionCell, theme, writeFigure } from 'braggscape';

/**
 * Draw `comparison.svg` and `comparison.png`: for each run the observed and calculated pattern, below them loss and energy against the step and the paths in the plane of a and c.
 * @param runs [{ name, finished }] of one start
 * @param values texts of loss and energy by name
 * @returns the paths written
 */
export function drawComparison(runs, values, folder) {
  const size = { width: 330, height: 200 };
  const patterns = runs.map(({ name, finished }) => {
    const best = structureFromJson(finished.stopped.best.structure);
    const { match, strict } = finished.verdict.final;
    const data = {
      twoTheta: finished.plan.observed.twoTheta,
      observed: finished.plan.observed.intensity,
      calculated: calculatedPattern(finished, best),
      reflections: observedReflections(finished, best),
      title: `${name}: loss ${values[name].loss}, ${strict ? 'the true cell' : match ? 'a loose match only' : 'not the true cell'}`,
    };
    return patternPanels(data, size);
  });
  const panel = (id, unit) =>
    historyPanel(
      runs
        .filter(({ finished }) => id in finished.stopped.best.objectives)
        .map(({ name, finished: { stopped } }) => ({ name, unit, steps: stopped.history.map(({ step }) => step), values: stopped.history.map(({ objectives }) => objectives[id]) })),
      { width: 330, height: 220 },
      runs.map(({ name }) => name),
    );
  return writeFigure(join(folder, 'comparison'), {
    config: theme,
    title: { text: 'U₂Ti from one distorted cell: descent on the powder pattern, on the energy, on both', subtitle: 'lattice noise 0.10, Cu Kα₁ pattern of the true cell, CHGNet, Adam; seed and weight are chosen to illustrate' },
    vconcat: [
      { hconcat: patterns, spacing: 36 },
      {
        hconcat: [{ title: 'cosine loss against step', ...panel('cosine', '1') }, { title: 'energy against step', ...panel('chgnet', 'eV/atom') }, cellPath(runs)],
        spacing: 36,
        resolve: { scale: { color: 'independent' } },
      },
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
    width: 330,
    height: 220,
    layer: [
      { data: { values: path }, mark: { type: 'line', strokeWidth: 1.6 }, encoding: { ...encoding, order: { field: 'step', type: 'quantitative' } } },
      { data: { values: path.filter(({ step }) => step === 0) }, mark: { type: 'point', size: 70, filled: false, strokeWidth: 2 }, encoding },
      { data: { values: ends }, mark: { type: 'point', size: 70, filled: true, opacity: 1 }, encoding },
      { data: { values: [{ a, c, name: 'truth' }] }, mark: { type: 'point', shape: 'cross', size: 190, filled: true, opacity: 1 }, encoding },
    ],
  };
}
