import { BraggscapeError } from '@braggscape/core';
import type { Metric, Pattern } from '@braggscape/core';

/** A loss written as plain functions. */
export interface FunctionMetric {
  readonly id: string;
  /** Smallest and largest value on non-negative patterns. */
  readonly bounds: readonly [number, number];
  /**
   * How unlike the calculated intensities [m] are to the observed pattern: lower is better, 0 is identical. Finite for a pattern of zeros too. Neither
   * argument may be changed. May throw a BraggscapeError `pattern.invalid` for an observed pattern that the loss is undefined for.
   */
  value(calc: Float64Array, observed: Pattern): number;
  /** d value / d calc [m]; the returned array is not kept. Without it the metric is not differentiable: to compare by, not to descend. */
  gradient?(calc: Float64Array, observed: Pattern): Float64Array;
}

/**
 * A metric from a function and, where there is one, its gradient. `checkMetric` of the testing kit says whether the two belong together.
 *
 * @throws BraggscapeError `plugin.invalid` from a comparison whose gradient does not have one component for each point
 */
export function metricFromFunction({ id, bounds, value, gradient }: FunctionMetric): Metric {
  return {
    id,
    bounds,
    differentiable: gradient !== undefined,
    against: (observed) => (calc, need) => {
      if (need === 'value' || gradient === undefined) return { value: value(calc, observed) };
      const dCalc = gradient(calc, observed);
      if (dCalc.length !== calc.length) {
        throw new BraggscapeError('plugin.invalid', `the gradient of "${id}" has ${dCalc.length} components for ${calc.length} points`, {
          hint: 'give the derivative by each calculated intensity',
        });
      }
      return { value: value(calc, observed), dCalc };
    },
  };
}
