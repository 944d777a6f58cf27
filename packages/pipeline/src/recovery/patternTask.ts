import type { Metric, Objective, Pattern, PatternModel, Structure } from '@braggscape/core';
import { smoothed } from '@braggscape/metrics';
import { patternObjective } from '../objectives/patternObjective.js';

/** One pattern to be explained, as a family of objectives: the same metric on patterns smoothed more or less. */
export interface PatternTask {
  readonly observed: Pattern;
  readonly model: PatternModel;
  /** The metric of both patterns smoothed by a Gaussian of this FWHM in degrees; as they are for 0. */
  objective(fwhm: number): Objective;
  /** Calculated intensities, a fresh array. */
  simulate(structure: Structure, parameters?: Float64Array): Float64Array;
  /** Patterns calculated so far, with gradient or without. */
  evaluations(): number;
}

/**
 * Bind a metric and a pattern model to an observed pattern. All objectives share the model's tables, so they must be evaluated one after the other.
 * @throws BraggscapeError `pattern.invalid` if the metric is undefined for the pattern
 */
export function patternTask(metric: Metric, model: PatternModel, observed: Pattern): PatternTask {
  const calculator = model.on(observed.twoTheta);
  const objectives = new Map<number, Objective>();
  let evaluations = 0;
  return {
    observed,
    model,
    objective(fwhm) {
      const known = objectives.get(fwhm);
      if (known !== undefined) return known;
      const inner = patternObjective(fwhm > 0 ? smoothed(metric, fwhm) : metric, model, observed, calculator);
      const counted: Objective = {
        ...inner,
        evaluate(structure, need, signal, parameters) {
          evaluations++;
          return inner.evaluate(structure, need, signal, parameters);
        },
      };
      objectives.set(fwhm, counted);
      return counted;
    },
    simulate(structure, parameters) {
      evaluations++;
      return calculator.simulate(structure, parameters);
    },
    evaluations: () => evaluations,
  };
}
