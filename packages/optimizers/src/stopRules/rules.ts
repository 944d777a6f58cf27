import type { Progress, StopReason, StopRule } from '@braggscape/core';

const simple = (id: string, verdict: (progress: Progress) => StopReason | undefined): StopRule => ({ id, start: () => verdict });

/** Stop after a number of steps: `maxSteps`. */
export const maxSteps = (steps: number): StopRule => simple('max-steps', ({ step }) => (step >= steps ? 'maxSteps' : undefined));

/** Stop when no component of the gradient in x exceeds the tolerance: `converged`. Unit: value per unit of x. */
export const gradientTolerance = (tolerance: number): StopRule =>
  simple('gradient-tolerance', ({ gradientNorm }) => (gradientNorm <= tolerance ? 'converged' : undefined));

/** Stop when the value is as low as wanted: `converged`. */
export const targetValue = (value: number): StopRule =>
  simple('target-value', (progress) => (progress.value <= value ? 'converged' : undefined));

/** Stop when a number of evaluations or of seconds is used up: `budget`. A limit that is not given does not bind. */
export const budget = ({ evaluations = Infinity, seconds = Infinity }: { readonly evaluations?: number; readonly seconds?: number }): StopRule =>
  simple('budget', (progress) => (progress.evaluations >= evaluations || progress.seconds >= seconds ? 'budget' : undefined));

/** Stop when the value exceeds its start by more than `factor` times the larger of its start's size and one: `diverged`. */
export const diverged = (factor: number): StopRule =>
  simple('diverged', ({ value, startValue }) => (value - startValue > factor * Math.max(Math.abs(startValue), 1) ? 'diverged' : undefined));

/**
 * Stop when the lowest value has not fallen by more than the part `tolerance` of its size in the last `patience` steps: `stalled`.
 */
export const stalled = (patience: number, tolerance: number): StopRule => ({
  id: 'stalled',
  start() {
    let reference = Infinity;
    let since = 0;
    return ({ step, bestValue }) => {
      if (bestValue < reference - tolerance * Math.abs(reference) || reference === Infinity) {
        reference = bestValue;
        since = step;
      }
      return step - since >= patience ? 'stalled' : undefined;
    };
  },
});

/** Stop with the first rule that speaks, in their order. */
export const anyOf = (...rules: readonly StopRule[]): StopRule => ({
  id: `any of ${rules.map(({ id }) => id).join(', ')}`,
  start() {
    const watchers = rules.map((rule) => rule.start());
    return (progress) => {
      // Every watcher sees every step, or those that look back would lose count.
      const verdicts = watchers.map((watch) => watch(progress));
      return verdicts.find((verdict) => verdict !== undefined);
    };
  },
});

/** Stop when every rule speaks at the same step, for the reason of the last. */
export const allOf = (...rules: readonly StopRule[]): StopRule => ({
  id: `all of ${rules.map(({ id }) => id).join(', ')}`,
  start() {
    const watchers = rules.map((rule) => rule.start());
    return (progress) => {
      const verdicts = watchers.map((watch) => watch(progress));
      return verdicts.every((verdict) => verdict !== undefined) ? verdicts.at(-1) : undefined;
    };
  },
});
