import type { Evaluation, Metric, Need, Objective, Pattern, PatternCalculator, PatternModel, Structure } from '@braggscape/core';
import { BraggscapeError } from '@braggscape/core';
import { withoutExcluded } from '@braggscape/metrics';

/**
 * A metric on patterns composed with the pattern model: an objective on structures and on the model's parameters.
 * The gradient is the metric's derivative pulled back through the model. Regions that the pattern excludes do not count.
 *
 * @param calculator of the model on the pattern's axis, where several objectives share one
 * @throws BraggscapeError `pattern.invalid` if the metric is undefined for the observed pattern
 */
export function patternObjective(given: Metric, model: PatternModel, observed: Pattern, calculator: PatternCalculator = model.on(observed.twoTheta)): Objective {
  const metric = observed.excluded === undefined || observed.excluded.length === 0 ? given : withoutExcluded(given);
  const compare = metric.against(observed);
  const residuals = metric.residualsAgainst?.(observed);
  return {
    id: metric.id,
    unit: '1',
    provides: new Set<Need>(metric.differentiable ? ['value', 'gradient'] : ['value']),
    parameters: model.parameters,
    ...(residuals === undefined ? {} : { residuals: (structure: Structure, parameters?: Float64Array) => Promise.resolve(residuals(calculator.simulate(structure, parameters))) }),
    evaluate(structure: Structure, need: Need, _signal?: AbortSignal, parameters?: Float64Array): Promise<Evaluation> {
      if (need === 'gradient' && !metric.differentiable) {
        return Promise.reject(
          new BraggscapeError('option.invalid', `metric "${metric.id}" has no gradient`, { hint: 'use it for evaluation only, or choose another' }),
        );
      }
      const pattern = calculator.linearize(structure, parameters);
      const { value, dCalc } = compare(pattern.calc, need);
      if (need === 'value' || dCalc === undefined) return Promise.resolve({ value });
      const { parameters: parameterGradient, ...gradient } = pattern.pullback(dCalc);
      return Promise.resolve({ value, gradient, ...(parameterGradient === undefined ? {} : { parameterGradient }) });
    },
  };
}
