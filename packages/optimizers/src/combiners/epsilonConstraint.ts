import { BraggscapeError, nameHint } from '@braggscape/core';
import type { Combiner } from '@braggscape/core';

/** Options of {@link epsilonConstraint}. */
export interface EpsilonConstraintOptions {
  /** Largest value allowed of each constrained objective, by id, in its unit. */
  readonly bounds: Readonly<Record<string, number>>;
  /** Strength of the penalty: value per square of the excess, which is measured in weighted units. */
  readonly penalty: number;
}

/** State of {@link epsilonConstraint}: plain data. */
export interface EpsilonConstraintState {
  readonly weights: Float64Array;
  /** Bound of each objective; Infinity for those that are minimized. */
  readonly bounds: Float64Array;
}

/**
 * ε-constraint: the objectives without a bound are minimized as a weighted sum, those with one cost nothing below it and penalty·(wᵢ·excess)² above (Y. Y. Haimes et al.,
 * IEEE Trans. Syst. Man Cybern. 1 (1971) 296, with a quadratic penalty in place of the constraint). Value and gradient belong together, so that any optimizer may be used.
 *
 * @throws BraggscapeError from `init`, `option.invalid` for a bound of an objective that is not there, or if every objective has one
 */
export function epsilonConstraint({ bounds, penalty }: EpsilonConstraintOptions): Combiner<EpsilonConstraintState> {
  return {
    id: 'epsilon-constraint',
    init(objectives) {
      const ids = objectives.map(({ id }) => id);
      const unknown = Object.keys(bounds).find((id) => !ids.includes(id));
      if (unknown !== undefined) throw new BraggscapeError('option.invalid', `there is a bound for "${unknown}", which is no objective of this run`, { path: 'combiner.bounds', hint: nameHint(unknown, ids) });
      if (ids.every((id) => id in bounds)) throw new BraggscapeError('option.invalid', 'every objective has a bound, so nothing is minimized', { path: 'combiner.bounds', hint: 'leave one out' });
      return { weights: Float64Array.from(objectives, ({ weight }) => weight), bounds: Float64Array.from(ids, (id) => bounds[id] ?? Infinity) };
    },
    combine(parts, state) {
      let value = 0;
      // d value / d objective.
      const weights = state.weights.map((weight, i) => {
        const bound = state.bounds[i];
        if (bound === Infinity) {
          value += weight * parts[i].value;
          return weight;
        }
        const excess = weight * Math.max(0, parts[i].value - bound);
        value += penalty * excess * excess;
        return 2 * penalty * excess * weight;
      });
      const gradients = parts.map(({ gradient }) => gradient);
      if (!gradients.every((gradient) => gradient !== undefined)) return { value, weights, state };
      const gradient = new Float64Array(gradients[0].length);
      gradients.forEach((part, i) => part.forEach((component, k) => (gradient[k] += weights[i] * component)));
      return { value, gradient, weights, state };
    },
  };
}
