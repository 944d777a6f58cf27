import type { Evaluation, Metric, Need, Objective, Pattern, PatternModel, Structure } from '@braggscape/core';
import { BraggscapeError } from '@braggscape/core';

/**
 * A metric on patterns composed with the pattern model: an objective on structures.
 * The gradient is the metric's derivative pulled back through the model.
 *
 * @throws BraggscapeError `pattern.invalid` if the metric is undefined for the observed pattern
 */
export function patternObjective(metric: Metric, model: PatternModel, observed: Pattern): Objective {
  const calculator = model.on(observed.twoTheta);
  const compare = metric.against(observed);
  return {
    id: metric.id,
    unit: '1',
    provides: new Set<Need>(metric.differentiable ? ['value', 'gradient'] : ['value']),
    evaluate(structure: Structure, need: Need): Promise<Evaluation> {
      if (need === 'gradient' && !metric.differentiable) {
        return Promise.reject(
          new BraggscapeError('option.invalid', `metric "${metric.id}" has no gradient`, { hint: 'use it for evaluation only, or choose another' }),
        );
      }
      const pattern = calculator.linearize(structure);
      const { value, dCalc } = compare(pattern.calc, need);
      return Promise.resolve(need === 'gradient' && dCalc !== undefined ? { value, gradient: pattern.pullback(dCalc) } : { value });
    },
  };
}
