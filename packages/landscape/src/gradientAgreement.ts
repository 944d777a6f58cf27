import { pointWeights, stepsOf } from './surface.js';
import type { GridAxis, Surface } from './surface.js';

/** How well downhill agrees with the way home. */
export interface GradientAgreement {
  /** Mean cosine between the direction of steepest descent and the way home: 1 for round bowls, 0 for no agreement. */
  readonly meanCosine: number;
  /** Part of the slice where the angle between them is below 90°. */
  readonly towardsHome: number;
}

/**
 * Agreement of the gradient's direction with the way home over a slice whose axes are scaled to unit span. Gradients are central differences, one-sided at the edges; points
 * without a gradient, or at home, do not count.
 *
 * @param home in the units of the axes
 */
export function gradientAgreement({ axes, values }: Surface, home: readonly number[]): GradientAgreement {
  const weights = pointWeights(axes);
  const target = axes.map(({ values: ticks }, k) => scaled(ticks, home[k]));
  const offsets = axes.map((_, k) => (k === 0 ? 1 : axes[0].values.length));
  let [sum, towards, all] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const steps = stepsOf(axes, i);
    const gradient = steps.map((step, k) => slope(values, i, offsets[k], step, axes[k]));
    const way = steps.map((step, k) => target[k] - scaled(axes[k].values, axes[k].values[step]));
    const length = Math.hypot(...gradient) * Math.hypot(...way);
    if (!(length > 0) || !Number.isFinite(length)) continue;
    const cosine = -gradient.reduce((dot, g, k) => dot + g * way[k], 0) / length;
    sum += weights[i] * cosine;
    if (cosine > 0) towards += weights[i];
    all += weights[i];
  }
  return { meanCosine: sum / all, towardsHome: towards / all };
}

/** Position along an axis in parts of its span. */
function scaled(ticks: Float64Array, value: number): number {
  return (value - ticks[0]) / (ticks[ticks.length - 1] - ticks[0]);
}

function slope(values: Float64Array, index: number, offset: number, step: number, { values: ticks }: GridAxis): number {
  const last = ticks.length - 1;
  const [before, after] = [step === 0 ? 0 : 1, step === last ? 0 : 1];
  return ((values[index + after * offset] - values[index - before * offset]) * last) / (before + after);
}
